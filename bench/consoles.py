"""How long from a detector's fire event until every one of 200 open consoles has it.

The consoles hold a live stream each and ask meanwhile what the wall asks. The yardstick of the
same run is one console alone: what the crowd adds is the difference.
"""

import statistics
import time
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import NamedTuple

import msgspec
from paho.mqtt.client import Client

from bench.audience import Audience, Question, audience
from bench.connecting import connected
from bench.figures import percentile
from bench.machine import CpuMeter, describe
from bench.publishing import DISTRICT
from bench.reporting import Result, Row, as_table
from bench.scale import Scale
from bench.scenes import Scene, scene
from bench.seeding import detector_id
from devices.topic import build_topic

TARGET = 1.0  # seconds, 99th percentile of all deliveries
CONSOLES = 200

# What the wall asks in its normal mode (console/src/wall), beside its stream.
QUESTIONS = (Question("/ledger", 5.0), Question("/map/vehicles", 5.0))

_EVENTS_PER_S = 5
_LONGEST = 20.0  # seconds to wait for the last delivery
_CITY_WITHIN = 180.0  # seconds, for the city to be imported and to speak
_MILLI = 1e-3


class Run(NamedTuple):
    """One series of alarms: seconds to each console that heard them."""

    consoles: int
    deliveries: list[float]
    slowest: list[float]  # of each alarm: until the last console had it
    api_cpu: float  # processors the api used
    elsewhere: float
    stolen: float


def bench(scale: Scale) -> Result:
    """Measure one console, then all of them, in the same city."""
    meter = CpuMeter()
    count = scale.pick(quick=50, full=100)
    programs = ("broker", "database", "ingest", "alerts", "api", "simulators")
    detectors = 2 * scale.runs * count
    with (
        scene(*programs, scale=scale, detectors=detectors) as here,
        connected(here.system.broker("svc-simulators"), _topic("+")) as client,
    ):
        _wait_for_city(here)
        fires = iter(range(detectors))
        alone = [_run(here, client, fires, count, 1) for _ in range(scale.runs)]
        crowded = [_run(here, client, fires, count, CONSOLES) for _ in range(scale.runs)]
    print(_table([*alone, *crowded]))
    return _result(alone, crowded, meter)


def _wait_for_city(here: Scene) -> None:
    here.beats.wait_until("simulators", bool, within_s=_CITY_WITHIN)
    known = here.books.registered()
    here.beats.wait_until("alerts", lambda beat: beat["devices_total"] == known)


def _run(here: Scene, client: Client, fires: Iterator[int], count: int, consoles: int) -> Run:
    """Raise `count` alarms at an even pace and wait until every console has them all."""
    with audience(here.system.deployment, consoles, QUESTIONS) as listeners:
        meter, before = CpuMeter(), here.system.cpu_s("api")
        said = _burn(client, [detector_id(number) for number in islice(fires, count)])
        listeners.wait_for(said, consoles=consoles, within_s=_LONGEST)
        took = time.monotonic() - min(said.values())
        return Run(
            consoles=consoles,
            deliveries=[wait for each in _waits(said, listeners) for wait in each],
            slowest=[max(each) for each in _waits(said, listeners)],
            api_cpu=(here.system.cpu_s("api") - before) / took,
            elsewhere=meter.elsewhere,
            stolen=meter.stolen,
        )


def _burn(client: Client, detectors: Sequence[str]) -> dict[str, float]:
    """Let one detector after the other report a fire; return when (monotonic)."""
    said: dict[str, float] = {}
    started = time.monotonic()
    for number, detector in enumerate(detectors):
        time.sleep(max(0.0, started + number / _EVENTS_PER_S - time.monotonic()))
        said[detector] = time.monotonic()
        at_ms = time.time_ns() // 1_000_000
        event = msgspec.json.encode({"ts": at_ms, "event": "fire", "active": True})
        client.publish(_topic(detector), event, qos=1)
    return said


def _topic(detector: str) -> str:
    return build_topic(DISTRICT, "fire", detector, "event")


def _waits(said: dict[str, float], listeners: Audience) -> list[list[float]]:
    return [[at - then for at in listeners.instants(device)] for device, then in said.items()]


def _table(runs: Sequence[Run]) -> str:
    head = ["consoles", "deliveries", "p50 ms", "p99 ms", "max ms", "last console p50 ms"]
    head += ["api processors", "elsewhere %", "stolen %"]
    return as_table(head, [_row(run) for run in runs])


def _row(run: Run) -> Row:
    waits = [percentile(run.deliveries, 50), percentile(run.deliveries, 99), max(run.deliveries)]
    millis = [seconds / _MILLI for seconds in (*waits, statistics.median(run.slowest))]
    return [
        str(run.consoles),
        len(run.deliveries),
        *millis,
        run.api_cpu,
        100 * run.elsewhere,
        100 * run.stolen,
    ]


def _result(alone: Sequence[Run], crowded: Sequence[Run], meter: CpuMeter) -> Result:
    return Result(
        bench="consoles",
        value=_median(crowded, 99),
        unit="s",
        target=TARGET,
        yardsticks={
            "one_console_p50_s": _median(alone, 50),
            "one_console_p99_s": _median(alone, 99),
        },
        figures={
            "consoles": CONSOLES,
            "p50_s": _median(crowded, 50),
            "max_s": max(max(run.deliveries) for run in crowded),
            "api_processors": statistics.median(run.api_cpu for run in crowded),
        },
        machine=describe(meter),
    )


def _median(runs: Sequence[Run], percent: float) -> float:
    return statistics.median(percentile(run.deliveries, percent) for run in runs)
