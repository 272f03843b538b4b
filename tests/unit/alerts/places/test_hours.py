"""At work at night only, by the clock on the wall."""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts.detectors.hours import HoursRule, Span, ready
from alerts.judging.detecting import Fix
from devices.model import Device
from tests.unit.alerts.places.city import TRUCK, WORDS, Watched, degrees, fix, registry, truck

CHINA = ZoneInfo("Asia/Shanghai")
NIGHT = Span("22:00", "06:00")

instants = st.datetimes(datetime(2020, 1, 1), datetime(2035, 1, 1), timezones=st.just(CHINA))  # noqa: DTZ001


def watched(device: Device | None = None, **rest: Any) -> Watched:
    rule = HoursRule(**WORDS, **({"allowed": (NIGHT,)} | rest))
    return Watched(ready(rule, TRUCK, registry(device or truck())))


def at(day: str, clock: str, **known: Any) -> Fix:
    local = datetime.fromisoformat(f"2026-09-{day}T{clock}:00").replace(tzinfo=CHINA)
    return Fix(
        round(local.timestamp() * 1_000_000), *degrees(0, 0), device_id="truck-1",
        **({"speed_kmh": 30.0} | known),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("clock", "is_bad"),
    [
        pytest.param("21:59", True, id="a-minute-too-early"),
        pytest.param("22:00", False, id="on-the-minute"),
        pytest.param("23:59", False, id="before-midnight"),
        pytest.param("00:00", False, id="at-midnight"),
        pytest.param("05:59", False, id="the-last-minute"),
        pytest.param("06:00", True, id="over"),
        pytest.param("12:00", True, id="at-noon"),
    ],
)
def test_the_night_crosses_midnight(clock: str, is_bad: bool) -> None:
    assert watched().see(at("07", clock)) is is_bad


def test_a_night_belongs_to_the_day_on_which_it_begins() -> None:
    friday_night = (Span("22:00", "06:00", (5,)),)  # 11 September 2026 is a Friday

    def bad(day: str, clock: str) -> bool:
        return watched(allowed=friday_night).see(at(day, clock))

    assert not bad("11", "23:00")
    assert not bad("12", "05:00")
    assert bad("11", "05:00")
    assert bad("12", "23:00")


@given(instants)
def test_the_zone_has_no_summer_time_and_the_answer_is_that_of_plain_arithmetic(
    local: datetime,
) -> None:
    utc_minute = round(local.timestamp()) // 60
    hour = (utc_minute // 60 + 8) % 24

    assert NIGHT.holds(local) == (hour >= 22 or hour < 6)


@given(instants, st.integers(0, 1_439), st.integers(0, 1_439))
def test_a_span_and_what_it_leaves_out_share_the_day(local: datetime, one: int, other: int) -> None:
    clocks = [f"{minute // 60:02d}:{minute % 60:02d}" for minute in (one, other)]
    span, rest = Span(*clocks), Span(*clocks[::-1])

    if one == other:
        assert span.holds(local)
    else:
        assert span.holds(local) is not rest.holds(local)


@given(instants, st.sets(st.integers(1, 7)))
def test_a_span_lasts_as_long_whichever_days_it_begins_on(local: datetime, days: set[int]) -> None:
    span = Span("22:00", "06:00", tuple(days))
    began = local if local.hour >= 22 else local - timedelta(days=1)

    assert span.holds(local) == (NIGHT.holds(local) and began.isoweekday() in days)


@pytest.mark.parametrize(
    ("works", "known", "is_bad"),
    [
        pytest.param("moving", {"speed_kmh": 0.0}, False, id="parked"),
        pytest.param("moving", {"speed_kmh": 5.0}, False, id="at-the-limit-of-moving"),
        pytest.param("moving", {"speed_kmh": 5.1}, True, id="moving"),
        pytest.param("loaded", {"speed_kmh": 0.0, "loaded": True}, True, id="parked-but-full"),
        pytest.param("moving_loaded", {"loaded": False}, False, id="driving-home-empty"),
        pytest.param("moving_loaded", {"loaded": True}, True, id="driving-full"),
    ],
)
def test_only_work_is_forbidden(works: str, known: dict[str, Any], is_bad: bool) -> None:
    truck_1 = watched(works=works)

    assert truck_1.see(at("07", "12:00", **known)) is is_bad


@pytest.mark.parametrize("works", ["moving", "loaded", "moving_loaded"])
def test_what_is_not_known_decides_nothing(works: str) -> None:
    truck_1 = watched(works=works)
    truck_1.see(at("07", "12:00", speed_kmh=None))

    assert truck_1.verdict is None


@given(st.lists(st.floats(2.1, 4.9), max_size=20))
def test_crawling_neither_begins_nor_ends_a_drive(speeds: list[float]) -> None:
    for start in (0.0, 30.0):
        truck_1 = watched()
        before = truck_1.see(at("07", "12:00", speed_kmh=start))

        seen = [
            truck_1.see(at("07", f"12:{n:02d}", speed_kmh=speed))
            for n, speed in enumerate(speeds, 1)
        ]

        assert seen == [before] * len(speeds)


def test_the_hours_of_the_permit_come_before_those_of_the_rule() -> None:
    by_day = truck(approved_hours=[{"from": "08:00", "to": "18:00", "days": [1, 2, 3, 4, 5]}])

    assert not watched(by_day).see(at("07", "12:00"))  # a Monday
    assert watched(by_day).see(at("06", "12:00"))  # a Sunday
    assert watched(by_day).see(at("07", "23:00"))


def test_a_permit_without_hours_allows_nothing() -> None:
    assert watched(truck(approved_hours=[])).see(at("07", "23:00"))


@pytest.mark.parametrize("permit", [{}, {"approved_hours": "at night"}])
def test_a_truck_of_which_no_hours_are_known_is_not_judged(permit: dict[str, Any]) -> None:
    truck_1 = watched(truck(**permit), allowed=None)
    truck_1.see(at("07", "12:00"))

    assert truck_1.verdict is None


def test_a_jump_proves_nothing_about_the_hour() -> None:
    truck_1 = watched()
    truck_1.see(fix(0, 0, 0, speed_kmh=0.0))
    truck_1.see(fix(50_000, 0, 30, speed_kmh=80.0))

    assert truck_1.verdict is None


@pytest.mark.parametrize(
    "fields",
    [
        pytest.param({"zone": "Asia/Lanzhou-New-Area"}, id="no-such-zone"),
        pytest.param({"allowed": [{"from": "24:00", "to": "06:00"}]}, id="no-such-hour"),
        pytest.param({"allowed": [{"from": "22:00", "to": "06:00", "days": [0]}]}, id="no-day-0"),
        pytest.param({"moving_kmh": 2, "still_kmh": 2}, id="no-deadband"),
    ],
)
def test_hours_that_mean_nothing_are_refused(fields: dict[str, Any]) -> None:
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert({"kind": "hours", **WORDS, **fields}, HoursRule)
