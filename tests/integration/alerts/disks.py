"""Disks that are really full: a small file system, or no file may grow any more."""

import resource
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

import pytest

from tests.integration.alerts.duty_room import Program

_BLOCK = 4096
_MOUNT = ("mount", "-t", "tmpfs", "-o", "size=8m", "tmpfs")


class Disk(Protocol):
    """What a test does to the disk of the engine."""

    def fill(self) -> None: ...

    def make_room(self) -> None: ...


class SmallDisk:
    """A file system of a few megabytes, full to the last block."""

    def __init__(self, folder: Path) -> None:
        self._ballast = folder / "ballast"

    def fill(self) -> None:
        with self._ballast.open("wb", buffering=0) as file:
            try:
                while True:
                    file.write(bytes(_BLOCK))
            except OSError:
                return

    def make_room(self) -> None:
        self._ballast.unlink()


class ForbiddenGrowth:
    """Where nothing may be mounted: the kernel refuses the engine every write to a file."""

    def __init__(self, engine: Program) -> None:
        self._engine = engine

    def fill(self) -> None:
        self._limit(1)

    def make_room(self) -> None:
        self._limit(resource.RLIM_INFINITY)

    def _limit(self, size: int) -> None:
        if self._engine.process is None:
            return  # the limit went with it
        limits = (size, resource.RLIM_INFINITY)
        resource.prlimit(self._engine.process.pid, resource.RLIMIT_FSIZE, limits)


def may_mount(folder: Path) -> bool:
    """Say whether a small file system can be had here."""
    return not _run(*_MOUNT, str(folder)) and not _run("umount", str(folder))


def _run(*words: str) -> int:
    return subprocess.run(words, check=False, capture_output=True).returncode


@contextmanager
def mounted(folder: Path) -> Iterator[SmallDisk]:
    """Mount a small file system; skips where one may not."""
    folder.mkdir()
    if _run(*_MOUNT, str(folder)):
        pytest.skip("Nothing may be mounted here.")
    try:
        yield SmallDisk(folder)
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)
