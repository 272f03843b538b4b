import msgspec
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from alerts.judging.rules import Level, Limit, ThresholdRule
from alerts.replay.suggesting import Floats, Series, Side, advise, look, sides_of
from tests.unit.alerts.making import HOT

QUICK = msgspec.structs.replace(HOT, on_delay_s=0, off_delay_s=0, above=Limit(50, 49.9))


def every(interval_s: float, values: Floats) -> Series:
    return Series(
        np.arange(len(values), dtype=np.float64) * interval_s, np.asarray(values, np.float64)
    )


def spikes(count: int, length: int, *, apart: int = 200) -> Series:
    """Every `apart` samples of 10 s a spike of `length` samples."""
    values = np.full(count * apart, 20.0)
    for number in range(count):
        values[number * apart + 100 : number * apart + 100 + length] = 60
    return every(10, values)


def test_fleeting_excursions_ask_for_an_on_delay() -> None:
    advice = advise(QUICK, [spikes(30, 3)])

    assert (advice.excursions, advice.fleeting) == (30, 30)
    assert advice.rule is not None
    assert advice.rule.on_delay_s == 45
    assert advice.rule.off_delay_s == 0
    assert any("on_delay_s 0 s -> 45 s" in each for each in advice.why)


def test_lasting_excursions_ask_for_nothing() -> None:
    advice = advise(QUICK, [spikes(30, 80)])

    assert advice.excursions == 30
    assert advice.fleeting == 0
    assert advice.rule is None


def test_short_breaks_ask_for_an_off_delay() -> None:
    values = np.full(3000, 60.0)
    values[::100] = 20

    advice = advise(QUICK, [every(10, values)])

    assert advice.rule is not None
    assert advice.rule.off_delay_s == 15


def test_noise_at_the_limit_asks_for_a_deadband() -> None:
    rng = np.random.default_rng(1)
    slow = 45 + 5 * np.sin(np.arange(4000) / 300)
    values = slow + rng.normal(0, 0.2, 4000)

    advice = advise(QUICK, [every(60, values)])

    assert advice.noise == pytest.approx(0.2, rel=0.1)
    assert advice.rule is not None
    assert isinstance(advice.rule.above, Limit)
    assert advice.rule.above.limit == 50
    assert advice.rule.above.clear_at == pytest.approx(49.2, abs=0.1)


def test_where_the_limit_lies_in_what_is_usual_no_deadband_is_suggested() -> None:
    values = np.random.default_rng(1).normal(50, 1, 4000)

    advice = advise(QUICK, [every(60, values)])

    assert advice.rule is None or advice.rule.above == QUICK.above
    assert any("think about the limit itself" in each for each in advice.why)


def test_too_little_data_is_said_honestly() -> None:
    advice = advise(QUICK, [spikes(4, 3)])

    assert advice.rule is None
    assert any("only 4 excursions" in each for each in advice.why)
    assert advise(QUICK, []).rule is None


def test_of_several_levels_the_mildest_is_moved_and_the_others_stay() -> None:
    levels = (Level(50, 49.9, "low"), Level(60, 55, "high"))
    rule = msgspec.structs.replace(QUICK, above=levels)
    slow = 45 + 5 * np.sin(np.arange(4000) / 300)
    values = slow + np.random.default_rng(1).normal(0, 0.2, 4000)

    advice = advise(rule, [every(60, values)])

    assert advice.rule is not None
    assert isinstance(advice.rule.above, tuple)
    assert advice.rule.above[0].clear_at < 49.9
    assert advice.rule.above[1] == levels[1]


def test_a_lower_side_is_the_mirror_of_an_upper_one() -> None:
    low = ThresholdRule(
        **{**msgspec.structs.asdict(QUICK), "above": None, "below": Limit(-50, -49.9)}
    )
    series = spikes(30, 3)
    (below,) = sides_of(low)
    (above,) = sides_of(QUICK)

    mirrored = look(below, [series._replace(values=-series.values - 1e-9)])

    assert mirrored.excursions_s.tolist() == look(above, [series]).excursions_s.tolist()


_SIDE = Side("above", 1, Level(0, -1, "low"))


@given(values=arrays(float, st.integers(0, 60), elements=st.floats(-5, 5)))
def test_excursions_and_breaks_take_turns_and_never_overlap(values: Floats) -> None:
    found = look(_SIDE, [every(1, values)])

    excursions, breaks = found.excursions_s, found.breaks_s
    assert (excursions > 0).all()
    assert (breaks > 0).all()
    assert abs(len(excursions) - len(breaks)) <= 1
    assert excursions.sum() + breaks.sum() <= max(0, len(values) - 1)


@given(
    values=arrays(float, st.integers(0, 300), elements=st.floats(0, 100)),
    interval=st.integers(1, 120),
)
def test_a_suggestion_is_always_a_valid_rule_and_never_less_patient(
    values: Floats, interval: int
) -> None:
    rule = advise(QUICK, [every(interval, values)]).rule

    if rule is not None:
        read = msgspec.convert(msgspec.to_builtins(rule), ThresholdRule)
        assert read.on_delay_s >= QUICK.on_delay_s
        assert read.off_delay_s >= QUICK.off_delay_s
        assert isinstance(read.above, Limit)
        assert read.above.limit == 50
        assert read.above.clear_at <= 49.9
