"""How fast with what on board."""

from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts.detectors.load_speed import LoadSpeedRule, ready
from alerts.judging.rules import Limit
from tests.unit.alerts.places.city import TRUCK, WORDS, Watched, fix, registry, truck

RULE = LoadSpeedRule(**WORDS, loaded=Limit(40, 35), empty=Limit(60, 55), cover_open=Limit(20, 15))


def watched(rule: LoadSpeedRule = RULE) -> Watched:
    return Watched(ready(rule, TRUCK, registry(truck())))


@pytest.mark.parametrize(
    ("speed", "loaded", "cover_open", "bad", "limit"),
    [
        pytest.param(39.9, True, False, False, None, id="full-just-below"),
        pytest.param(40, True, False, True, 40, id="full-at-the-limit"),
        pytest.param(45, False, False, False, None, id="empty-may-go-faster"),
        pytest.param(60, False, False, True, 60, id="empty-at-the-limit"),
        pytest.param(20, True, True, True, 20, id="uncovered-at-the-limit"),
        pytest.param(45, True, True, True, 20, id="the-least-limit-counts"),
        pytest.param(62, None, False, True, 60, id="too-fast-whatever-the-load"),
        pytest.param(39, None, False, False, None, id="slow-enough-whatever-the-load"),
    ],
)
def test_the_limit_depends_on_load_and_cover(
    speed: float, loaded: bool | None, cover_open: bool, bad: bool, limit: float | None
) -> None:
    truck_1 = watched()
    truck_1.see(fix(0, 0, 0, speed_kmh=speed, loaded=loaded, cover_open=cover_open))

    assert truck_1.verdict is not None
    assert truck_1.verdict.bad is bad
    assert truck_1.verdict[1:3] == ((speed, limit) if bad else (None, None))


@pytest.mark.parametrize(
    "known",
    [
        pytest.param({"speed_kmh": 50, "cover_open": False}, id="load-not-known"),
        pytest.param({"speed_kmh": 30, "loaded": False}, id="cover-not-known"),
        pytest.param({"loaded": True, "cover_open": False}, id="speed-not-known"),
        pytest.param({"speed_kmh": 180, "loaded": True}, id="speed-not-believed"),
    ],
)
def test_what_is_not_known_decides_nothing(known: dict[str, Any]) -> None:
    truck_1 = watched()
    truck_1.see(fix(0, 0, 0, **known))

    assert truck_1.verdict is None


@given(st.lists(st.floats(35.5, 39.5), max_size=30))
def test_in_the_deadband_nothing_ever_changes(speeds: list[float]) -> None:
    for start in (20, 45):
        truck_1 = watched()
        before = truck_1.see(fix(0, 0, 0, speed_kmh=start, loaded=True, cover_open=False))

        seen = [
            truck_1.see(fix(0, 0, 30 * n, speed_kmh=speed, loaded=True, cover_open=False))
            for n, speed in enumerate(speeds, 1)
        ]

        assert seen == [before] * len(speeds)


def test_another_load_is_judged_without_the_deadband_of_the_last() -> None:
    truck_1 = watched()
    truck_1.see(fix(0, 0, 0, speed_kmh=45, loaded=True, cover_open=False))

    assert not truck_1.see(fix(0, 0, 30, speed_kmh=57, loaded=False, cover_open=False))


def test_a_fast_truck_stays_bad_over_a_restart() -> None:
    truck_1 = watched()
    truck_1.bad = True

    assert truck_1.see(fix(0, 0, 0, speed_kmh=37, loaded=True, cover_open=False))


@pytest.mark.parametrize(
    "fields",
    [{}, {"loaded": {"limit": 40, "clear_at": 40}}, {"full": {"limit": 40, "clear_at": 35}}],
)
def test_a_speed_rule_that_means_nothing_is_refused(fields: dict[str, Any]) -> None:
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert({"kind": "load_speed", **WORDS, **fields}, LoadSpeedRule)
