"""How many messages a second are durable: published, committed and acknowledged.

Beside it, in the same run: the same stream taken by a bare subscriber, which is what receiving
alone costs, and the same rows written by COPY alone, which is what the database could do.
"""

import statistics
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import NamedTuple

import msgspec
import psycopg

from bench import copying
from bench.children import Published, Subscribed, child, last_words, publish
from bench.machine import CpuMeter, describe
from bench.publishing import VALUES
from bench.reporting import Result, Row, as_table
from bench.scale import Scale
from bench.scenes import Scene, scene
from bench.systems import System, private_system

TARGET = 15_000.0  # messages a second

_PROGRAMS = ("ingest", "broker", "database")
_WITHIN = 300.0  # seconds, for one run of anything
_MICRO = 1e-6


class Ingested(NamedTuple):
    """One run of the ingester: messages a second, and seconds of processor time a message.

    `elsewhere` and `stolen` are the shares of the machine that were not there for it.
    """

    rate: float
    cpu_s: dict[str, float]
    elsewhere: float
    stolen: float


class Run(NamedTuple):
    """One run of everything, on the same messages."""

    ingested: Ingested
    bare_rate: float
    bare_cpu_s: float
    copy_rate: float


def bench(scale: Scale) -> Result:
    """Measure, and print a line for each run."""
    meter = CpuMeter()
    count = scale.pick(quick=60_000, full=200_000)
    with (
        scene(*_PROGRAMS, scale=scale) as here,
        private_system("broker", name="bare") as bare,
        psycopg.connect(here.system.owner_url, autocommit=True) as conn,
    ):
        copying.create(conn)
        first = ingest(here, count)  # after a start the ingester expects repeats for a while
        runs = [_run(here, bare, conn, count) for _ in range(scale.runs)]
    print(_table(first, runs))
    return _result(first, runs, meter)


def ingest(here: Scene, count: int) -> Ingested:
    """Publish, and wait until all is committed; then make sure that it is acknowledged too.

    The clock stops at the commit: the ingester acknowledges right after it, while the heartbeat
    that proves it comes once a second.
    """
    meter, before = CpuMeter(), _cpu_s(here.system)
    due = here.books.totals().stored + count
    with child("publishing", here.speaker_url, **here.stream(count)) as publisher:
        ended = here.books.wait_for(due, within_s=_WITHIN)
        published = msgspec.json.decode(last_words(publisher), type=Published)
    used = {name: cpu_s - before[name] for name, cpu_s in _cpu_s(here.system).items()}
    elsewhere, stolen = meter.elsewhere, meter.stolen
    here.beats.wait_until("ingest", lambda beat: beat["in_flight"] == 0)
    rate = count / (ended - published.started)
    return Ingested(rate, {name: used[name] / count for name in _PROGRAMS}, elsewhere, stolen)


def _run(here: Scene, bare: System, conn: psycopg.Connection, count: int) -> Run:
    since = datetime.now(UTC)
    stream = here.stream(count)
    ingested = ingest(here, count)
    bare_rate, bare_cpu_s = _receive(bare, stream, count)
    rows = copying.take_rows(conn, since)
    copy_rate = copying.rows_per_s(conn, rows) / VALUES
    return Run(ingested, bare_rate, bare_cpu_s, copy_rate)


def _receive(bare: System, stream: dict[str, float], count: int) -> tuple[float, float]:
    """Return what the bare subscriber takes a second, and its processor time a message."""
    reader, speaker = (bare.deployment.broker_url(f"svc-{who}") for who in ("ingest", "simulators"))
    with child("subscribing", reader, count=count) as subscriber:
        if subscriber.stdout is not None:
            subscriber.stdout.readline()  # it says that it is ready
        published = publish(speaker, within_s=_WITHIN, **stream)
        received = msgspec.json.decode(last_words(subscriber, within_s=_WITHIN), type=Subscribed)
    return count / (received.ended - published.started), received.cpu_s / count


def _cpu_s(system: System) -> dict[str, float]:
    return {name: system.cpu_s(name) for name in _PROGRAMS}


def _table(first: Ingested, runs: Sequence[Run]) -> str:
    head = ["run", "ingest msg/s", *(f"{name} µs" for name in _PROGRAMS), "elsewhere %", "stolen %"]
    head += ["bare msg/s", "bare µs", "COPY msg/s"]
    cold: Row = ["cold", *_cells(first), "", "", ""]
    return as_table(head, [cold, *(_row(number, run) for number, run in enumerate(runs, 1))])


def _row(number: int, run: Run) -> Row:
    yardsticks = [run.bare_rate, run.bare_cpu_s / _MICRO, run.copy_rate]
    return [str(number), *_cells(run.ingested), *yardsticks]


def _cells(ingested: Ingested) -> list[float]:
    micros = [ingested.cpu_s[name] / _MICRO for name in _PROGRAMS]
    return [ingested.rate, *micros, 100 * ingested.elsewhere, 100 * ingested.stolen]


def _result(first: Ingested, runs: Sequence[Run], meter: CpuMeter) -> Result:
    rate = statistics.median(run.ingested.rate for run in runs)
    cpu_s = {
        f"{name}_cpu_s_per_message": statistics.median(run.ingested.cpu_s[name] for run in runs)
        for name in _PROGRAMS
    }
    elsewhere = statistics.median(run.ingested.elsewhere for run in runs)
    return Result(
        bench="ingest",
        value=rate,
        unit="1/s",
        target=TARGET,
        yardsticks={
            "bare_subscriber_per_s": statistics.median(run.bare_rate for run in runs),
            "bare_subscriber_cpu_s_per_message": statistics.median(run.bare_cpu_s for run in runs),
            "copy_per_s": statistics.median(run.copy_rate for run in runs),
            "share_of_bare_subscriber": statistics.median(
                run.ingested.rate / run.bare_rate for run in runs
            ),
            "share_of_copy": statistics.median(run.ingested.rate / run.copy_rate for run in runs),
        },
        figures={"cold_per_s": first.rate, "elsewhere": elsewhere, **cpu_s},
        machine=describe(meter),
    )
