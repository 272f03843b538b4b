import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts.board.alert import Began, Changed, Ended, Measure
from alerts.detectors.threshold import ThresholdDetector
from alerts.judging.rules import Level, Limit, Priority, ThresholdRule
from tests.unit.alerts.judging.town import PRESSURE, all_measured, judging, measured, passed
from tests.unit.alerts.making import NOW, WORDS, S

FALLING = (Level(10, 12, "low"), Level(6, 7, "medium"), Level(2, 3, "critical"))
LEVELS = ThresholdRule(
    rule_id="levels",
    priority="low",
    metric="pressure_mpa",
    below=FALLING,
    on_delay_s=20,
    off_delay_s=30,
    **WORDS,
)
BOTH = ThresholdRule(
    rule_id="both",
    priority="low",
    metric="pressure_mpa",
    above=Limit(50, 45),
    below=Limit(10, 15),
    **WORDS,
)


@pytest.mark.parametrize(
    ("state", "value", "was_bad", "level"),
    [
        pytest.param(None, 10, False, None, id="good-at-the-mildest-limit"),
        pytest.param(None, 9.9, False, -1, id="just-under-the-mildest"),
        pytest.param(None, 1, False, -3, id="under-all-at-once"),
        pytest.param(-2, 6.5, True, -2, id="in-the-deadband-of-the-second"),
        pytest.param(-2, 7, True, -1, id="the-second-cleared"),
        pytest.param(-1, 6.5, True, -1, id="in-a-deadband-not-entered-from-below"),
        pytest.param(-3, 11, True, -1, id="in-the-deadband-of-the-mildest"),
        pytest.param(-3, 12, True, None, id="all-cleared"),
        pytest.param(None, 11, True, -1, id="bad-before-a-restart-and-in-the-deadband"),
    ],
)
def test_each_level_has_its_own_deadband(
    state: int | None, value: float, was_bad: bool, level: int | None
) -> None:
    detector = ThresholdDetector(LEVELS, "u")

    after, verdict = detector.observe(state, value, NOW, was_bad=was_bad)

    assert after == level
    assert verdict.bad == (level is not None)
    if level is not None:
        reached = FALLING[-level - 1]
        assert (verdict.priority, verdict.limit) == (reached.priority, reached.limit)


@given(st.floats(-100, 100), st.booleans())
def test_with_one_level_on_each_side_it_is_the_plain_threshold(value: float, was_bad: bool) -> None:
    detector = ThresholdDetector(BOTH, "u")

    state, verdict = detector.observe(None, value, NOW, was_bad=was_bad)

    assert state is None
    assert verdict.limit == passed(Limit(50, 45), Limit(10, 15), value, was_bad=was_bad)
    assert verdict.priority is None


@given(st.floats(-100, 100))
def test_inside_the_calm_band_nobody_quiet_is_bad_and_outside_everybody(value: float) -> None:
    detector = ThresholdDetector(BOTH, "u")
    low, high = detector.calm

    _, verdict = detector.observe(None, value, NOW, was_bad=False)

    assert verdict.bad == (not low <= value < high)


@pytest.mark.parametrize(
    "levels",
    [
        pytest.param((Level(6, 7, "low"), Level(10, 12, "medium")), id="the-worse-first"),
        pytest.param((Level(10, 12, "low"), Level(6, 7, "low")), id="equally-urgent"),
        pytest.param((Level(10, 12, "high"), Level(6, 7, "low")), id="less-urgent-when-worse"),
        pytest.param((Level(10, 12, "low"), Level(6, 13, "high")), id="clears-after-the-milder"),
        pytest.param((Level(10, 12, "low"), Level(6, 6, "high")), id="no-deadband"),
    ],
)
def test_levels_out_of_order_are_refused(levels: tuple[Level, ...]) -> None:
    with pytest.raises(ValueError, match="`below`"):
        ThresholdRule(rule_id="r", priority="low", metric="pressure_mpa", below=levels, **WORDS)


def told(*values: float) -> list[tuple[str, Priority | None, float]]:
    """The changes of level that come of a value every ten seconds: which, and when."""
    happened = []
    for finding in all_measured(judging(LEVELS), values):
        priority = None if isinstance(finding, Ended) else finding.priority
        after_s = (finding.at_us - NOW) / S
        happened.append((type(finding).__name__, priority, after_s))
    return happened


def test_an_alert_has_the_priority_of_the_level_it_began_at() -> None:
    assert told(5, 5, 5) == [("Began", "medium", 20)]


def test_it_gets_worse_when_the_worse_level_has_lasted_its_delay() -> None:
    assert told(9, 9, 9, 1, 1, 1, 1) == [("Began", "low", 20), ("Changed", "critical", 50)]


def test_a_dip_to_the_worse_level_changes_nothing() -> None:
    assert told(9, 9, 9, 1, 9, 1, 9, 9) == [("Began", "low", 20)]


def test_it_gets_milder_only_after_the_off_delay() -> None:
    assert told(1, 1, 1, 9, 9, 9, 9, 9) == [("Began", "critical", 20), ("Changed", "low", 60)]


def test_it_ends_from_any_level() -> None:
    ended = ("Ended", None, 60)
    assert told(1, 1, 1, 20, 20, 20, 20) == [("Began", "critical", 20), ended]


def test_a_change_of_level_says_what_was_measured() -> None:
    *_, changed = all_measured(judging(LEVELS), [9, 9, 9, 5, 5, 5])

    measure = Measure("pressure_mpa", 5, 6, "u")
    assert changed == Changed("levels", "meter", "medium", measure, NOW + 50 * S)


def test_a_level_that_was_told_is_not_told_again_after_a_restart() -> None:
    before = judging(LEVELS)
    all_measured(before, [9, 9, 9, 5, 5, 5])
    after = judging(LEVELS)
    after.restore(before.changed)

    assert measured(after, {PRESSURE: 5}, 60) == []
    assert measured(after, {PRESSURE: 1}, 70) == []
    (changed,) = measured(after, {PRESSURE: 1}, 90)
    assert isinstance(changed, Changed)
    assert changed.priority == "critical"


def test_a_silent_device_is_raised_at_the_level_it_was_last_seen_at() -> None:
    before = judging(LEVELS)
    measured(before, {PRESSURE: 5}, 0)
    after = judging(LEVELS)
    after.restore(before.changed)

    (began,) = after.outlast(NOW + 60 * S)

    assert isinstance(began, Began)
    assert (began.priority, began.measure.limit) == ("medium", 6)
