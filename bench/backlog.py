"""How quickly the ingester works off what the broker has queued while it was away.

The yardstick is a bare subscriber that does the same: it comes back to its session and
acknowledges what it finds. Both are timed from the order to start, Python's own start included.
"""

import statistics
import time
from collections.abc import Sequence
from typing import NamedTuple

import msgspec

from bench.children import Subscribed, child, last_words, publish
from bench.machine import CpuMeter, describe
from bench.reporting import Result, Row, as_table
from bench.scale import Scale
from bench.scenes import Scene, scene
from bench.systems import System, private_system
from bench.watching import MemoryWatch

TARGET = 15_000.0  # messages a second, as when they come one by one

_RUNS = 3  # a million messages are enough to smooth one run
_WITHIN = 600.0  # seconds, for one run of anything
_LOOK_EVERY = 0.2  # seconds
_MEGA = 1e6


class Run(NamedTuple):
    """One backlog: how fast it was queued and worked off, and the most memory that took."""

    queued_rate: float
    rate: float
    ingest_bytes: int
    broker_bytes: int
    bare_rate: float
    elsewhere: float
    stolen: float


def bench(scale: Scale) -> Result:
    """Measure, and print a line for each run."""
    meter = CpuMeter()
    count = scale.pick(quick=100_000, full=1_000_000)
    with (
        scene("broker", "database", "ingest", scale=scale) as here,
        private_system("broker", name="bare") as bare,
    ):
        runs = [_run(here, bare, count) for _ in range(_RUNS)]
    print(_table(runs))
    return _result(runs, meter)


def _run(here: Scene, bare: System, count: int) -> Run:
    stream = here.stream(count)
    here.system.stop("ingest")
    queued = publish(here.speaker_url, within_s=_WITHIN, **stream)
    due = here.books.totals().stored + count
    meter = CpuMeter()
    with MemoryWatch(here.system, ("ingest", "broker"), every_s=_LOOK_EVERY) as memory:
        ordered = time.monotonic()
        here.system.order("ingest")
        drained = here.books.wait_for(due, within_s=_WITHIN)
    elsewhere, stolen = meter.elsewhere, meter.stolen
    here.beats.wait_until("ingest", lambda beat: beat["in_flight"] == 0)
    return Run(
        queued_rate=count / queued.seconds,
        rate=count / (drained - ordered),
        ingest_bytes=memory.highest("ingest"),
        broker_bytes=memory.highest("broker"),
        bare_rate=_bare_rate(bare, stream, count),
        elsewhere=elsewhere,
        stolen=stolen,
    )


def _bare_rate(bare: System, stream: dict[str, float], count: int) -> float:
    """Open a session, leave it, fill it, come back."""
    reader, speaker = (bare.deployment.broker_url(f"svc-{who}") for who in ("ingest", "simulators"))
    with child("subscribing", reader, persistent=1, count=0) as subscriber:
        last_words(subscriber)
    publish(speaker, within_s=_WITHIN, **stream)
    ordered = time.monotonic()
    with child("subscribing", reader, persistent=1, count=count) as subscriber:
        said = last_words(subscriber, within_s=_WITHIN)
    ended = msgspec.json.decode(said.splitlines()[-1], type=Subscribed).ended
    return count / (ended - ordered)


def _table(runs: Sequence[Run]) -> str:
    head = ["run", "drained msg/s", "queued msg/s", "bare msg/s"]
    head += ["ingest max MB", "broker max MB", "elsewhere %", "stolen %"]
    return as_table(head, [_row(number, run) for number, run in enumerate(runs, 1)])


def _row(number: int, run: Run) -> Row:
    memory = [run.ingest_bytes / _MEGA, run.broker_bytes / _MEGA]
    taken = [100 * run.elsewhere, 100 * run.stolen]
    return [str(number), run.rate, run.queued_rate, run.bare_rate, *memory, *taken]


def _result(runs: Sequence[Run], meter: CpuMeter) -> Result:
    return Result(
        bench="backlog",
        value=statistics.median(run.rate for run in runs),
        unit="1/s",
        target=TARGET,
        yardsticks={
            "bare_subscriber_per_s": statistics.median(run.bare_rate for run in runs),
            "share_of_bare_subscriber": statistics.median(run.rate / run.bare_rate for run in runs),
        },
        figures={
            "queued_per_s": statistics.median(run.queued_rate for run in runs),
            "ingest_max_bytes": max(run.ingest_bytes for run in runs),
            "broker_max_bytes": max(run.broker_bytes for run in runs),
        },
        machine=describe(meter),
    )
