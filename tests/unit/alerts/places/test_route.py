"""Off the approved route, back on it, and off it for too long."""

from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts.detectors.route import RouteRule, ready
from devices.model import Device
from tests.unit.alerts.places.city import TRUCK, WORDS, Watched, fix, line, registry, truck

ROUTE = line((-2_000, 0), (0, 0), (0, 2_000))


def watched(device: Device | None = None, **rest: Any) -> Watched:
    rule = RouteRule(**WORDS, **rest)
    city = registry(device or truck(approved_route=ROUTE))
    return Watched(ready(rule, TRUCK, city))


@pytest.mark.parametrize(
    ("north_m", "is_bad"),
    [
        pytest.param(0, False, id="on-it"),
        pytest.param(-49, False, id="just-within"),
        pytest.param(-51, True, id="just-off"),
        pytest.param(-900, True, id="far-off"),
    ],
)
def test_more_than_fifty_metres_is_off_the_route(north_m: float, is_bad: bool) -> None:
    assert watched().see(fix(-1_000, north_m, 0)) is is_bad


def test_a_truck_is_back_when_it_is_clearly_back() -> None:
    truck_1 = watched()
    drive = [10, 60, 45, 35, 25, 45]

    seen = [truck_1.see(fix(-1_000, -north, 30 * n)) for n, north in enumerate(drive)]

    assert seen == [False, True, True, True, False, False]


@given(st.lists(st.floats(30.5, 49.5), max_size=30))
def test_in_the_band_beside_the_route_nothing_ever_changes(drift: list[float]) -> None:
    for start in (10, 60):
        truck_1 = watched()
        before = truck_1.see(fix(-1_000, -start, 0))

        seen = [truck_1.see(fix(-1_000, -m, 30 + 30 * n)) for n, m in enumerate(drift)]

        assert seen == [before] * len(drift)


def test_off_for_a_quarter_of_an_hour_is_serious() -> None:
    truck_1 = watched(serious_after_s=900, serious_priority="medium")
    priorities = []
    for at_s in range(0, 1_000, 30):
        truck_1.see(fix(-1_000, -200, at_s))
        assert truck_1.verdict is not None
        priorities.append((at_s, truck_1.verdict.priority))

    assert [priority for at_s, priority in priorities if at_s < 900] == ["low"] * 30
    assert {priority for at_s, priority in priorities if at_s >= 900} == {"medium"}


def test_being_back_starts_the_clock_anew() -> None:
    truck_1 = watched(serious_after_s=900, serious_priority="medium")
    for at_s, north in ((0, 200), (600, 0), (630, 200), (1_200, 200)):
        truck_1.see(fix(-1_000, -north, at_s))

    assert truck_1.verdict is not None
    assert truck_1.verdict.priority == "low"


def test_the_alert_says_how_far_off_and_how_far_is_allowed() -> None:
    truck_1 = watched()
    truck_1.see(fix(-1_000, -200, 0))

    assert truck_1.verdict is not None
    assert truck_1.verdict.value == pytest.approx(200, abs=1)
    assert truck_1.verdict[2:4] == (50, "m")


def test_the_way_around_a_corner_is_the_route() -> None:
    truck_1 = watched()

    assert not truck_1.see(fix(20, 1_000, 0))
    assert truck_1.see(fix(-700, 700, 60))


@pytest.mark.parametrize(
    "device",
    [
        pytest.param(truck(), id="no-route"),
        pytest.param(truck(approved_route={"type": "Point"}), id="a-route-nobody-can-read"),
        pytest.param(truck("another", approved_route=ROUTE), id="not-registered"),
    ],
)
def test_a_truck_without_a_route_is_not_judged(device: Device) -> None:
    truck_1 = watched(device)

    truck_1.see(fix(-1_000, -900, 0))

    assert truck_1.verdict is None


def test_the_rule_may_draw_the_corridor_for_those_who_have_none() -> None:
    truck_1 = watched(truck(), corridor=line((0, -500), (0, 500)))

    assert truck_1.see(fix(100, 0, 0))
    assert not truck_1.see(fix(10, 0, 30))


@pytest.mark.parametrize(
    "fields",
    [
        pytest.param({"limit_m": 50, "back_m": 50}, id="no-deadband"),
        pytest.param({"serious_after_s": 900}, id="serious-but-how"),
        pytest.param({"corridor": {"type": "Polygon"}}, id="corridor-is-an-area"),
    ],
)
def test_a_route_rule_that_means_nothing_is_refused(fields: dict[str, Any]) -> None:
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert({"kind": "route", **WORDS, **fields}, RouteRule)
