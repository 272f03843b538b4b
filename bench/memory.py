"""How much memory every program occupies under a steady load, an outage of the database included.

The outage ends at half time; what comes after must be flat. The database's processes share most
of their memory, so of them the proportional set size is added up.
"""

import time
from collections.abc import Sequence
from typing import NamedTuple

from bench.children import child, last_words
from bench.figures import slope
from bench.machine import CpuMeter, describe
from bench.reporting import Result, Row, as_table
from bench.scale import Scale
from bench.scenes import Scene, scene
from bench.watching import MemoryWatch

TARGET = 300e6  # bytes, for each program of ours

_OURS = ("ingest", "alerts", "api")
_SERVERS = ("broker", "database")
_PROGRAMS = (*_OURS, *_SERVERS)
_RATE = 2_000  # messages a second
_LOOK_EVERY = 1.0  # seconds
_WITHIN = 120.0  # seconds, to work off what the outage left
_MEGA = 1e6
_MINUTE_S = 60


class Occupied(NamedTuple):
    """What one program occupied: at most, at the end, and its trend after half time."""

    name: str
    highest: int
    last: int
    growth_per_s: float


def bench(scale: Scale) -> Result:
    """Load, stop the database, start it again, and look at the memory all the while."""
    meter = CpuMeter()
    seconds = scale.pick(quick=60, full=600)
    outage_s = scale.pick(quick=10, full=60)
    with (
        scene(*_PROGRAMS, scale=scale) as here,
        MemoryWatch(here.system, _PROGRAMS, every_s=_LOOK_EVERY) as memory,
    ):
        half_time = _load(here, seconds, outage_s)
    occupied = [_occupied(memory, name, half_time) for name in _PROGRAMS]
    print(_table(occupied))
    return _result(occupied, meter)


def _load(here: Scene, seconds: int, outage_s: int) -> float:
    """Speak for `seconds`, with the database away before half time; returns that instant.

    At the end every message is in the books: memory that lost them would not count.
    """
    count = seconds * _RATE
    options = here.stream(count, rate=_RATE)
    due = here.books.totals().stored + count
    with child("publishing", here.speaker_url, **options) as publisher:
        time.sleep(seconds / 2 - outage_s)
        here.system.stop("database")
        time.sleep(outage_s)
        half_time = time.monotonic()
        here.system.start("database")
        last_words(publisher, within_s=seconds)
    here.books.wait_for(due, within_s=_WITHIN)
    return half_time


def _occupied(memory: MemoryWatch, name: str, half_time: float) -> Occupied:
    points = memory.since(name, half_time)
    return Occupied(name, memory.highest(name), points[-1].size, slope(points))


def _table(occupied: Sequence[Occupied]) -> str:
    head = ["program", "max MB", "last MB", "2nd half MB/min"]
    return as_table(head, [_row(each) for each in occupied])


def _row(each: Occupied) -> Row:
    growth = each.growth_per_s * _MINUTE_S / _MEGA
    return [each.name, each.highest / _MEGA, each.last / _MEGA, growth]


def _result(occupied: Sequence[Occupied], meter: CpuMeter) -> Result:
    ours = [each for each in occupied if each.name in _OURS]
    highest = {f"{each.name}_max_bytes": float(each.highest) for each in occupied}
    growth = {f"{each.name}_growth_bytes_per_s": each.growth_per_s for each in occupied}
    return Result(
        bench="memory",
        value=max(each.highest for each in ours),
        unit="bytes",
        target=TARGET,
        yardsticks={name: highest[name] for name in ("broker_max_bytes", "database_max_bytes")},
        figures={**highest, **growth},
        machine=describe(meter),
    )
