"""How long from a detector's fire event to the duty officer's event stream.

One process publishes and listens, so one monotonic clock tells both instants. Every detector is
used once: a fire alarm latches. The yardstick is the broker alone: the same event, heard by the
process that published it.
"""

import statistics
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from typing import NamedTuple

import msgspec
from paho.mqtt.client import Client, MQTTMessage

from bench.children import child
from bench.connecting import connected
from bench.figures import percentile
from bench.listening import Instants, screen
from bench.machine import CpuMeter, describe
from bench.publishing import DISTRICT
from bench.reporting import Result, Row, as_table
from bench.scale import Scale
from bench.scenes import Scene, scene
from bench.seeding import detector_id
from devices.topic import build_topic

TARGET = 0.1  # seconds, 99th percentile at the city's own load
LOADED_TARGET = 0.5  # seconds, the same under other traffic

_RULE = "fire-event"
_TRAFFIC = 5_000  # messages a second
_EVENTS_PER_S = 20
_SETTLING_S = 5.0  # until the traffic flows evenly
_LONGEST = 10.0  # seconds to wait for the last alarm
_CITY_WITHIN = 180.0  # seconds, for the city to be imported and to speak
_PERCENTS = (50, 99)
_MILLI = 1e-3


class Run(NamedTuple):
    """One series of alarms: seconds to the stream, and seconds to the broker and back."""

    load: str
    alarms: list[float]
    echoes: list[float]
    elsewhere: float
    stolen: float


class Alarms:
    """Detectors that burn one after the other, and what came back of it."""

    def __init__(self, client: Client, heard: Instants, detectors: Iterator[str]) -> None:
        """Publish through `client`; `heard` has the instants of the event stream."""
        self._client = client
        self._heard = heard
        self._detectors = detectors
        self._echoed = Instants()
        client.on_message = self._note_echo

    def run(self, count: int, load: str) -> Run:
        """Raise `count` alarms at an even pace and wait until all were heard."""
        meter, started = CpuMeter(), time.monotonic()
        said: dict[str, float] = {}
        for number, detector in enumerate(islice(self._detectors, count)):
            time.sleep(max(0.0, started + number / _EVENTS_PER_S - time.monotonic()))
            said[detector] = time.monotonic()
            self._client.publish(_topic(detector), _event(), qos=1)
        alarms, echoes = _since(said, self._heard), _since(said, self._echoed)
        return Run(load, alarms, echoes, meter.elsewhere, meter.stolen)

    def _note_echo(self, _client: Client, _userdata: object, message: MQTTMessage) -> None:
        at = time.monotonic()
        self._echoed.note(message.topic.split("/")[4], at)


def bench(scale: Scale) -> Result:
    """Measure at the city's own load, then under other traffic."""
    meter = CpuMeter()
    count = scale.pick(quick=100, full=200)
    programs = ("broker", "database", "ingest", "alerts", "api", "simulators")
    detectors = 2 * scale.runs * count
    with (
        scene(*programs, scale=scale, detectors=detectors) as here,
        screen(here.system.deployment, _RULE) as heard,
        connected(here.system.broker("svc-simulators"), _topic("+")) as client,
    ):
        _wait_for_city(here)
        alarms = Alarms(client, heard, map(detector_id, range(detectors)))
        quiet = [alarms.run(count, "city") for _ in range(scale.runs)]
        with _traffic(here):
            loaded = [alarms.run(count, "traffic") for _ in range(scale.runs)]
            traffic = float(here.beats.wait_until("alerts", bool)["rate_per_s"])
    print(_table([*quiet, *loaded]))
    print(
        f"Under traffic the engine reads {traffic:,.0f} messages a second, the city's among them."
    )
    return _result(quiet, loaded, traffic, meter)


def _wait_for_city(here: Scene) -> None:
    """Begin when the city speaks and the engine knows everybody."""
    here.beats.wait_until("simulators", bool, within_s=_CITY_WITHIN)
    known = here.books.registered()
    here.beats.wait_until("alerts", lambda beat: beat["devices_total"] == known)
    time.sleep(_SETTLING_S)


@contextmanager
def _traffic(here: Scene) -> Iterator[None]:
    """Have other devices speak for as long as the block lasts, an hour at most."""
    options = {"devices": here.devices, "count": 3600 * _TRAFFIC, "rate": _TRAFFIC}
    with child("publishing", here.speaker_url, **options):
        time.sleep(_SETTLING_S)
        yield


def _topic(detector: str) -> str:
    return build_topic(DISTRICT, "fire", detector, "event")


def _event() -> bytes:
    at_ms = time.time_ns() // 1_000_000
    return msgspec.json.encode({"ts": at_ms, "event": "fire", "active": True})


def _since(said: dict[str, float], instants: Instants) -> list[float]:
    heard = instants.wait_for(said, within_s=_LONGEST)
    return [at - then for then, at in zip(said.values(), heard, strict=True)]


def _table(runs: Sequence[Run]) -> str:
    head = ["load", "alarms", "p50 ms", "p99 ms", "max ms"]
    head += ["broker p50 ms", "broker p99 ms", "elsewhere %", "stolen %"]
    return as_table(head, [_row(run) for run in runs])


def _row(run: Run) -> Row:
    alarms = [*(percentile(run.alarms, percent) for percent in _PERCENTS), max(run.alarms)]
    echoes = [percentile(run.echoes, percent) for percent in _PERCENTS]
    millis = [seconds / _MILLI for seconds in (*alarms, *echoes)]
    return [run.load, len(run.alarms), *millis, 100 * run.elsewhere, 100 * run.stolen]


def _result(quiet: Sequence[Run], loaded: Sequence[Run], traffic: float, meter: CpuMeter) -> Result:
    city = _percentiles("city", [run.alarms for run in quiet])
    under_traffic = _percentiles("traffic", [run.alarms for run in loaded])
    return Result(
        bench="latency",
        value=city["city_p99_s"],
        unit="s",
        target=TARGET,
        yardsticks={
            **_percentiles("city_broker", [run.echoes for run in quiet]),
            **_percentiles("traffic_broker", [run.echoes for run in loaded]),
        },
        figures={
            **city,
            **under_traffic,
            "traffic_p99_target_s": LOADED_TARGET,
            "traffic_per_s": traffic,
        },
        machine=describe(meter),
    )


def _percentiles(name: str, series: Sequence[Sequence[float]]) -> dict[str, float]:
    """Return the percentiles of a series of runs: the median of each run's own."""
    return {
        f"{name}_p{percent}_s": statistics.median(percentile(run, percent) for run in series)
        for percent in _PERCENTS
    }
