from collections.abc import Iterable
from itertools import accumulate
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts.board.alert import Began, Ended
from alerts.detectors.change import ChangeRule, MovingDetector, RateRule, distance, steepness
from alerts.detectors.sliding import KEPT, NO_PAST, Past, cannot_reach, slid, slope_per_us
from alerts.judging.rules import Limit
from tests.unit.alerts.judging.town import all_measured, judging
from tests.unit.alerts.making import NOW, WORDS, S

WINDOW_S = 120
FALLING: dict[str, Any] = {
    "rule_id": "falling",
    "priority": "low",
    "metric": "pressure_mpa",
    "window_s": WINDOW_S,
    **WORDS,
}
RATE = RateRule(falling=Limit(6, 1), **FALLING)  # units a minute
CHANGE = ChangeRule(falling=Limit(6, 2), rising=Limit(20, 10), **FALLING)


def ramp(start: float, per_turn: float, count: int) -> list[float]:
    return [start + per_turn * number for number in range(count)]


def test_a_steady_fall_is_told_with_its_slope_once_it_spans_half_the_window() -> None:
    (began,) = all_measured(judging(RATE), ramp(50, -2, 12))

    assert isinstance(began, Began)
    assert began.measure.value == pytest.approx(-12)
    assert (began.measure.limit, began.measure.unit) == (-6, "u/min")
    assert began.at_us == NOW + 60 * S


@pytest.mark.parametrize("per_turn", [0.0, -0.9, 0.9, 5.0])
def test_a_gentle_fall_or_a_rise_is_none(per_turn: float) -> None:
    assert all_measured(judging(RATE), ramp(50, per_turn, 30)) == []


def test_it_ends_when_the_fall_has_flattened_out() -> None:
    falling = ramp(90, -2, 13)
    began, ended = all_measured(judging(RATE), [*falling, *[falling[-1]] * 20])

    assert isinstance(began, Began)
    assert isinstance(ended, Ended)


@pytest.mark.parametrize("outlier", [-90.0, 90.0])
def test_single_wrong_values_are_no_fall(outlier: float) -> None:
    values = [outlier if number % 7 == 5 else 50.0 for number in range(60)]

    assert all_measured(judging(RATE, CHANGE), values) == []


def test_too_few_values_prove_nothing() -> None:
    assert all_measured(judging(RATE), ramp(90, -10, 4), every_s=30) == []


def test_values_that_come_fast_are_thinned_out() -> None:
    conditions = judging(RATE)
    (began,) = all_measured(conditions, ramp(90, -0.2, 120), every_s=1)

    assert isinstance(began, Began)
    (state,) = conditions.detector_states()["meter"].values()
    assert len(state.values) <= KEPT + 1


def test_a_step_down_is_a_change_however_long_ago_within_the_window() -> None:
    began, ended = all_measured(judging(CHANGE), [50.0] * 8 + [40.0] * 20)

    assert isinstance(began, Began)
    assert (began.measure.value, began.measure.limit, began.measure.unit) == (-10, -6, "u")
    assert isinstance(ended, Ended)  # two minutes later nothing has changed any more


def test_a_rise_and_a_fall_have_limits_of_their_own() -> None:
    assert all_measured(judging(CHANGE), [50.0] * 8 + [65.0] * 8) == []
    (began,) = all_measured(judging(CHANGE), [50.0] * 8 + [75.0] * 4)

    assert isinstance(began, Began)
    assert began.measure.limit == 20


@pytest.mark.parametrize(
    "sides",
    [
        pytest.param({}, id="no-side"),
        pytest.param({"falling": Limit(5, 5)}, id="no-deadband"),
        pytest.param({"falling": Limit(-5, -10)}, id="a-fall-given-as-negative"),
        pytest.param({"rising": Limit(5, 6)}, id="clears-over-its-limit"),
    ],
)
@pytest.mark.parametrize("kind", [RateRule, ChangeRule])
def test_limits_that_cannot_work_are_refused(
    kind: type[RateRule | ChangeRule], sides: dict[str, Limit]
) -> None:
    with pytest.raises(ValueError, match=r"needs|must clear"):
        kind(**FALLING, **sides)


def past_of(values: Iterable[float], pauses_s: Iterable[float]) -> Past:
    past, at_us = NO_PAST, NOW
    for value, pause_s in zip(values, pauses_s, strict=False):
        at_us += round((WINDOW_S / KEPT + pause_s) * S)
        past = slid(past, value, at_us, WINDOW_S * S)
    return past


@given(
    st.lists(st.floats(-100, 100), min_size=4, max_size=16),
    st.lists(st.floats(0, 20), min_size=16, max_size=16),
    st.floats(0.1, 500),
)
def test_the_short_cut_never_misses_a_slope(
    values: list[float], pauses_s: list[float], per_minute: float
) -> None:
    past = past_of(values, pauses_s)
    if len(past.values) >= 4 and cannot_reach(past, per_minute / (60 * S), WINDOW_S * S):
        assert abs(slope_per_us(past) * 60 * S) < per_minute


@given(st.floats(-50, 50), st.floats(-50, 50), st.permutations(range(12)))
def test_two_wrong_values_of_twelve_tilt_nothing(
    first: float, second: float, places: list[int]
) -> None:
    values = [7.0] * 12
    values[places[0]], values[places[1]] = first, second

    assert steepness(past_of(values, [0] * 12), 0, WINDOW_S * S) == 0


@given(st.lists(st.integers(0, 40), min_size=1, max_size=60))
def test_what_is_kept_lies_within_the_window_and_apart(pauses_s: list[int]) -> None:
    detector = MovingDetector(RATE, "u", distance)
    state: Past | None = None
    for at_s in accumulate(pauses_s):
        state, _ = detector.observe(state, 0.0, NOW + at_s * S, was_bad=False)

    assert state is not None
    gaps = [later - earlier for earlier, later in zip(state.at_us, state.at_us[1:], strict=False)]
    assert all(gap >= WINDOW_S * S // KEPT for gap in gaps)
    assert state.at_us[-1] - state.at_us[0] <= WINDOW_S * S
    assert len(state.at_us) == len(state.values) <= KEPT + 1
