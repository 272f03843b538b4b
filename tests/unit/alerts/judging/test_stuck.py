from hypothesis import given
from hypothesis import strategies as st

from alerts.board.alert import Began, Ended
from alerts.detectors.stuck import StuckRule
from tests.unit.alerts.judging.town import PRESSURE, all_measured, judging, measured
from tests.unit.alerts.making import NOW, WORDS, S

STUCK = StuckRule(
    rule_id="stuck",
    priority="low",
    metric="pressure_mpa",
    stuck_s=60,
    tolerance=0.5,
    min_samples=5,
    **WORDS,
)


def test_a_value_that_does_not_move_for_its_time_is_stuck() -> None:
    (began,) = all_measured(judging(STUCK), [7.0] * 10)

    assert isinstance(began, Began)
    assert (began.at_us, began.measure.value) == (NOW + 60 * S, 7)


def test_noise_within_the_tolerance_is_no_movement() -> None:
    assert len(all_measured(judging(STUCK), [7.0, 7.4, 6.6, 7.5, 6.5, 7.0, 7.1, 7.2])) == 1


def test_a_slow_drift_is_movement() -> None:
    assert all_measured(judging(STUCK), [7.0 + 0.1 * number for number in range(60)]) == []


def test_few_values_prove_nothing_however_long_it_takes() -> None:
    assert all_measured(judging(STUCK), [7.0] * 4, every_s=200) == []


def test_the_first_value_that_moves_ends_it() -> None:
    conditions = judging(STUCK)
    all_measured(conditions, [7.0] * 10)

    assert measured(conditions, {PRESSURE: 9.0}, 100) == [Ended("stuck", "meter", NOW + 100 * S)]


def test_a_silent_device_is_not_stuck() -> None:
    conditions = judging(STUCK)
    all_measured(conditions, [7.0] * 6)

    assert list(conditions.outlast(NOW + 1000 * S)) == []


def test_what_was_stuck_before_a_restart_is_still_and_ends_when_it_moves() -> None:
    before = judging(STUCK)
    all_measured(before, [7.0] * 10)
    after = judging(STUCK)
    after.restore(before.changed)

    assert measured(after, {PRESSURE: 7.0}, 100) == []
    assert measured(after, {PRESSURE: 7.1}, 110) == []
    assert measured(after, {PRESSURE: 20.0}, 120) == [Ended("stuck", "meter", NOW + 120 * S)]


@given(st.lists(st.floats(-50, 50), min_size=1, max_size=40))
def test_it_is_never_told_while_values_have_moved_within_its_time(values: list[float]) -> None:
    conditions = judging(STUCK)
    for number, value in enumerate(values):
        for finding in measured(conditions, {PRESSURE: value}, number * 10):
            if isinstance(finding, Began):
                held = values[max(0, number - 6) : number + 1]
                assert len(held) == 7
                assert max(held) - min(held) <= 2 * STUCK.tolerance
