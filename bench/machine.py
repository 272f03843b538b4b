"""The machine a figure was measured on, and how much of it was there for us.

On a virtual machine the hypervisor gives time to others (steal); on a busy one so does the kernel.
"""

import os
import platform
from pathlib import Path
from typing import NamedTuple

import psutil

from bench.families import cpu_s, family_of

_IDLE = slice(3, 5)  # idle and iowait: columns of /proc/stat's first line, man 5 proc
_STEAL = 7
_COLUMNS = 8  # user to steal; guest time after them is part of user already
_TICKS_PER_S = os.sysconf("SC_CLK_TCK")


class CpuTimes(NamedTuple):
    """Time of all processors since boot, in seconds: all of it, unused, gone to other machines."""

    total: float
    idle: float
    stolen: float


class CpuMeter:
    """Where the processors' time went while we measured, as shares of it."""

    def __init__(self) -> None:
        """Begin now."""
        self._begun = _cpu_times()
        self._ours_s = _ours_s()

    @property
    def stolen(self) -> float:
        """Return the share that the hypervisor gave to other machines."""
        since = self._since()
        return since.stolen / since.total

    @property
    def elsewhere(self) -> float:
        """Return the share that programs used which this benchmark has not started."""
        since, ours_s = self._since(), _ours_s() - self._ours_s
        busy_s = since.total - since.idle - since.stolen
        return max(0.0, busy_s - ours_s) / since.total

    def _since(self) -> CpuTimes:
        spent = (now - then for now, then in zip(_cpu_times(), self._begun, strict=True))
        total, idle, stolen = spent
        return CpuTimes(max(total, 1 / _TICKS_PER_S), idle, stolen)


def parse_cpu_times(stat: str) -> CpuTimes:
    """Read the content of /proc/stat."""
    columns = [int(column) for column in stat.split("\n", 1)[0].split()[1:]]
    ticks = (sum(columns[:_COLUMNS]), sum(columns[_IDLE]), columns[_STEAL])
    return CpuTimes(*(number / _TICKS_PER_S for number in ticks))


def describe(meter: CpuMeter) -> dict[str, object]:
    """Return what a reader needs to compare this machine, as it was meanwhile, with another."""
    return {
        "processor": _processor(Path("/proc/cpuinfo").read_text()),
        "cores": os.cpu_count(),
        "memory_bytes": psutil.virtual_memory().total,
        "kernel": platform.release(),
        "python": platform.python_version(),
        "elsewhere": meter.elsewhere,
        "stolen": meter.stolen,
    }


def _ours_s() -> float:
    """Return the processor time of this process and all it has started, supervisor's included."""
    return cpu_s(family_of(os.getpid()))


def _cpu_times() -> CpuTimes:
    return parse_cpu_times(Path("/proc/stat").read_text())


def _processor(cpuinfo: str) -> str:
    named = (line for line in cpuinfo.splitlines() if line.startswith("model name"))
    return next(named, ": unknown").partition(":")[2].strip()
