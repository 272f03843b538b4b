"""How much memory the engine's mind needs for a million devices that have nothing to say.

All of them are registered, have spoken once, are watched for silence and judged by twelve
thresholds on each of their four metrics. Measured in a process of its own, as what it grows by.
"""

import argparse
import gc
import subprocess
import sys
import time
from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple

import msgspec
import psutil

from alerts.judging.conditions import Conditions
from alerts.judging.rulebook import Rulebook
from alerts.judging.rules import ThresholdRule
from alerts.silence.liveness import Liveness, Watched
from bench.crowd import INTERVAL_S, METRICS, crowd
from bench.machine import CpuMeter, describe
from bench.reporting import Result, Row, as_table
from bench.rules import rules
from bench.scale import Scale
from devices.reading import Reading, Report
from devices.registry import Registry

TARGET = 2e9  # bytes
DEVICES = 1_000_000

_NOW_US = 1_790_000_000_000_000
_S = 1_000_000
_WITHIN_S = 900.0


class Sizes(NamedTuple):
    """The process before anything, and what each part added, in bytes; and how long it took."""

    before: int
    registry: int
    liveness: int
    conditions: int
    seconds: float


def bench(scale: Scale) -> Result:
    """Fill a process of its own; a quick look has a tenth of the devices and says so."""
    meter = CpuMeter()
    devices = scale.pick(quick=DEVICES // 10, full=DEVICES)
    command = [sys.executable, "-m", "bench.idle", str(devices)]
    done = subprocess.run(command, check=True, capture_output=True, timeout=_WITHIN_S)
    sizes = msgspec.json.decode(done.stdout.splitlines()[-1], type=Sizes)
    print(_table(sizes, devices))
    return _result(sizes, devices, meter)


def fill(devices: int) -> Sizes:
    """Set up everything for that many devices, let each speak once, and look at the size."""
    began = time.monotonic()
    sizes = [_size()]
    registry = crowd(devices)
    sizes.append(_size())
    liveness = Liveness(farewell_us=5 * _S)
    liveness.watch(_watched(registry), _NOW_US)
    for number, device_id in enumerate(registry.speakers):
        liveness.hear(device_id, _NOW_US + number)
    sizes.append(_size())
    conditions = _conditions(registry)
    for speaker in registry.speakers.values():
        at_us = _NOW_US + speaker.number
        readings = [Reading(metric, at_us, 20.0) for metric in range(1, len(METRICS) + 1)]
        conditions.judge(speaker, Report(speaker.number, at_us, 1, readings), at_us)
    conditions.detector_states()
    sizes.append(_size())
    if conditions.unjudged or len(liveness.online()) != devices:
        raise AssertionError("Not every device was heard and judged.")
    registered, watched, judged = (after - earlier for earlier, after in pairwise(sizes))
    return Sizes(sizes[0], registered, watched, judged, time.monotonic() - began)


def _conditions(registry: Registry) -> Conditions:
    """Return the engine's judgement by rules that keep nothing of those that are well."""
    rulebook = Rulebook(rule for rule in rules() if isinstance(rule, ThresholdRule))
    conditions = Conditions(late_us=300 * _S, ahead_us=300 * _S)
    conditions.adopt(registry, rulebook.index(registry))
    return conditions


def _watched(registry: Registry) -> dict[str, Watched]:
    return {
        device_id: Watched(INTERVAL_S * _S, 6 * INTERVAL_S * _S, speaker.device.gateway_id)
        for device_id, speaker in registry.speakers.items()
    }


def _size() -> int:
    gc.collect()
    return int(psutil.Process().memory_info().rss)


def _parts(sizes: Sizes) -> Iterator[tuple[str, int]]:
    yield "registry", sizes.registry
    yield "liveness", sizes.liveness
    yield "conditions", sizes.conditions


def _table(sizes: Sizes, devices: int) -> str:
    rows: list[Row] = [[name, added / 1e6, added / devices] for name, added in _parts(sizes)]
    return as_table(["part", "MB", "bytes a device"], rows)


def _result(sizes: Sizes, devices: int, meter: CpuMeter) -> Result:
    each = {f"{name}_bytes_per_device": added / devices for name, added in _parts(sizes)}
    return Result(
        bench="idle",
        value=sizes.before + DEVICES * sum(each.values()),
        unit="bytes",
        target=TARGET,
        yardsticks={"empty_process_bytes": float(sizes.before)},
        figures={
            "devices_measured": float(devices),
            "extrapolated_by": DEVICES / devices,
            "filling_s": sizes.seconds,
            **each,
        },
        machine=describe(meter),
    )


def main() -> None:
    """Fill this process; prints the sizes as JSON."""
    parser = argparse.ArgumentParser(prog="python -m bench.idle", description=__doc__)
    parser.add_argument("devices", type=int)
    print(msgspec.json.encode(fill(parser.parse_args().devices)).decode())


if __name__ == "__main__":
    main()
