"""What the city says: readable by the platform, numbered, and true to the scenario."""

import json
from collections import Counter, defaultdict
from collections.abc import Callable

import numpy as np
import pytest

from core.errors import Invalid
from devices.payload import decode
from devices.reading import Report
from devices.registry import Registry, RegistryContent
from devices.topic import parse_topic
from simulators.arrays import Integers
from simulators.city import City
from simulators.episodes import Episode
from simulators.message import Message
from simulators.voices import Catalogue, Pace, Voices

START_US = 1_790_000_000_000_000
SECOND_US = 1_000_000
FOR_EVER_US = 2**62

Speak = Callable[..., list[Message]]


class Counters:
    """Sequence numbers in memory."""

    def __init__(self, count: int) -> None:
        self._next = np.zeros(count, dtype=np.int64)

    def take(self, places: Integers) -> Integers:
        taken = self._next[places].copy()
        self._next[places] += 1
        return taken


@pytest.fixture
def speak(city: City, catalogue: Catalogue) -> Speak:
    def say(*episodes: Episode, seconds: int = 60, rate: float = 1.0) -> list[Message]:
        pace = Pace(START_US, START_US / SECOND_US, rate=rate)
        take = Counters(len(city.devices)).take
        voices = Voices(city, catalogue, take, pace=pace, episodes=episodes)
        return [
            message
            for second in range(seconds)
            for message in voices.say(
                START_US + second * SECOND_US, START_US + (second + 1) * SECOND_US
            )
        ]

    return say


@pytest.fixture(scope="module")
def registry(city: City, catalogue: Catalogue) -> Registry:
    return Registry(
        RegistryContent(
            version=1,
            grids=city.grids,
            sites=city.sites,
            metrics=tuple(catalogue.metrics.values()),
            profiles=tuple(catalogue.profiles.values()),
            devices=city.devices,
        )
    )


def read(message: Message, registry: Registry) -> Report:
    topic = parse_topic(message.topic)
    return decode(topic, message.payload, registry.speaker(topic.device), registry)


def place_of(city: City, device_id: str) -> int:
    return next(p for p, device in enumerate(city.devices) if device.device_id == device_id)


def episode(what: str, city: City, *device_ids: str, **times: int) -> Episode:
    places = np.array(sorted(place_of(city, device_id) for device_id in device_ids))
    start = START_US + times.get("start_s", 10) * SECOND_US
    end = START_US + times["end_s"] * SECOND_US if "end_s" in times else FOR_EVER_US
    return Episode(what, places, start, end)


def test_everything_said_is_read_by_the_platforms_decoder(speak: Speak, registry: Registry) -> None:
    reports = [read(message, registry) for message in speak()]

    assert len(reports) > 3_000
    assert all(report.readings or report.positions for report in reports)


def test_every_device_reports_once_in_each_of_its_intervals(
    speak: Speak, city: City, catalogue: Catalogue
) -> None:
    told = Counter(message.device for message in speak(seconds=60))

    for place, device in enumerate(city.devices):
        interval_s = catalogue.profiles[device.profile_id].expected_interval_s
        if interval_s <= 60:
            assert told[place] == 60 / interval_s, device.device_id


def test_the_default_city_speaks_60_to_100_times_a_second(speak: Speak) -> None:
    assert 60 <= len(speak(seconds=60)) / 60 <= 100


def test_the_rate_multiplies_what_is_said(speak: Speak) -> None:
    slow, fast = (len(speak(seconds=30, rate=rate)) for rate in (0.25, 0.5))

    assert fast == pytest.approx(2 * slow, rel=0.1)


def test_times_lie_in_the_stretch_and_are_never_repeated(speak: Speak) -> None:
    stamps = defaultdict(list)
    for message in speak():
        stamps[message.device].append(json.loads(message.payload)["ts"])

    for own in stamps.values():
        assert min(own) >= START_US / 1000 - 1
        assert max(own) < START_US / 1000 + 60_000
        assert len(set(own)) == len(own)


def test_sequence_numbers_count_each_devices_messages_without_a_gap(speak: Speak) -> None:
    numbers = defaultdict(list)
    for message in speak():
        numbers[message.device].append(json.loads(message.payload)["seq"])

    assert all(own == list(range(len(own))) for own in numbers.values())


def test_a_fire_is_signalled_at_once_and_fills_the_room_with_smoke(
    speak: Speak, city: City, registry: Registry
) -> None:
    device_id = "unit-003-01-smoke-detector"
    spoken = speak(episode("fire", city, device_id, start_s=10, end_s=100), seconds=150)

    own = [m for m in spoken if m.device == place_of(city, device_id)]
    events = [(e.kind, e.active) for m in own for e in read(m, registry).events]
    smoke = [json.loads(m.payload)["values"]["smoke_db_m"] for m in own if "telemetry" in m.topic]
    assert events == [("fire", True), ("fire", False)]
    assert max(smoke) > 0.5


def test_a_silent_device_says_nothing_and_goes_on_counting_afterwards(
    speak: Speak, city: City
) -> None:
    mast = "utility-01-environment-station"
    spoken = speak(episode("silence", city, mast, start_s=10, end_s=30), seconds=60)

    own = [json.loads(m.payload) for m in spoken if m.device == place_of(city, mast)]
    seconds = [(payload["ts"] - START_US / 1000) / 1000 for payload in own]
    assert [payload["seq"] for payload in own] == list(range(len(own)))
    assert not [second for second in seconds if 10 <= second < 29]
    assert len(own) == pytest.approx(40, abs=2)


def test_a_truck_leaves_its_street_by_hundreds_of_metres(speak: Speak, city: City) -> None:
    quiet, astray = speak(), speak(episode("leaves_route", city, "truck-007", start_s=0))

    ends = [
        [json.loads(m.payload)["position"] for m in spoken if "truck-007/position" in m.topic][-1]
        for spoken in (quiet, astray)
    ]
    assert ends[1]["lat"] - ends[0]["lat"] > 0.002
    assert ends[1]["lon"] - ends[0]["lon"] > 0.002


def test_wrong_clocks_are_hours_off_and_only_theirs(speak: Speak, city: City) -> None:
    masts = [f"utility-{number:02d}-environment-station" for number in range(1, 11)]
    spoken = speak(episode("clock_skew", city, *masts, start_s=0), seconds=5)

    wrong = {place_of(city, mast) for mast in masts}
    for message in spoken:
        off_s = abs(json.loads(message.payload)["ts"] - START_US / 1000) / 1000
        assert (off_s > 3 * 3600 - 10) == (message.device in wrong)


def test_garbage_is_refused_by_the_decoder_and_nothing_else_is(
    speak: Speak, city: City, registry: Registry
) -> None:
    torn = episode("garbage", city, "utility-01-environment-station", start_s=0)
    refused = []
    for message in speak(torn, seconds=20):
        try:
            read(message, registry)
        except Invalid as error:
            refused.append((message.device, error.code))

    assert set(refused) == {(int(torn.places[0]), "not_utf8")}
    assert len(refused) == 20


def test_duplicates_are_the_same_bytes_twice(speak: Speak, city: City) -> None:
    twice = episode("duplicates", city, "utility-01-environment-station", start_s=0)
    spoken = speak(twice, seconds=20)

    own = Counter(m.payload for m in spoken if m.device == twice.places[0])
    others = Counter(m.payload for m in spoken if m.device != twice.places[0])
    assert set(own.values()) == {2}
    assert set(others.values()) == {1}


def test_overtaken_messages_come_later_and_none_is_lost(speak: Speak, city: City) -> None:
    mast = "utility-01-environment-station"
    late = episode("out_of_order", city, mast, start_s=0, end_s=30)._replace(share=0.5)
    spoken = speak(late, seconds=60)

    numbers = [json.loads(m.payload)["seq"] for m in spoken if m.device == late.places[0]]
    assert numbers != sorted(numbers)
    assert sorted(numbers) == list(range(len(numbers)))


def test_stuck_values_stay_at_what_they_were(speak: Speak, city: City) -> None:
    mast = "utility-01-environment-station"
    spoken = speak(episode("stuck", city, mast, start_s=0), seconds=20)

    own = [m for m in spoken if m.device == place_of(city, mast)]
    assert len({str(json.loads(m.payload)["values"]) for m in own}) == 1


def test_absurd_values_are_stored_as_implausible(
    speak: Speak, city: City, registry: Registry
) -> None:
    mast = "utility-01-environment-station"
    spoken = speak(episode("absurd", city, mast, start_s=0), seconds=5)

    own = [read(m, registry) for m in spoken if m.device == place_of(city, mast)]
    assert not any(reading.quality == 0 for report in own for reading in report.readings)
