from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts.detectors.baseline import BaselineDetector, BaselineRule, ready
from alerts.detectors.norms import (
    HOUR_US,
    HOURS,
    NO_NORMS,
    Hourly,
    Norms,
    Series,
    hour_of_week,
    load_norms,
    norm_of,
)
from alerts.judging.detecting import Verdict
from core.clock import from_us, to_us
from core.errors import Invalid, NotFound
from tests.unit.alerts.making import GATEWAY, SENSOR, WORDS, registry

MONDAY = to_us(datetime(2026, 11, 2, tzinfo=ZoneInfo("Asia/Shanghai"))) // HOUR_US
"""The first hour of a local week, counted from 1970 UTC."""

WEEKS = 4


def rule(**changes: Any) -> BaselineRule:
    wording = {"rule_id": "odd", "priority": "low", "metric": "temperature_c", "spread_floor": 0.5}
    return BaselineRule(**(WORDS | wording | changes))


def season(weeks: int = WEEKS) -> Hourly:
    """Warm at two in the afternoon, ten degrees warmer on Sundays."""
    hours = np.arange(weeks * HOURS)
    warm = 20.0 + 5 * (hours % 24 == 14) + 10 * (hours % HOURS >= 144)
    return np.stack([warm, warm - 0.2, warm + 0.2], axis=1)


def norms(hourly: Hourly) -> Norms:
    medians, sigmas = norm_of(MONDAY, hourly)
    return Norms([Series("d1", 1)], medians[None], sigmas[None])


def judge(value: float, hour: int, *, known: Norms, was_bad: bool = False, **of: Any) -> Any:
    detector = BaselineDetector(rule(**of), 1, "°C", known)
    at_us = (MONDAY + WEEKS * HOURS + hour) * HOUR_US
    _, verdict = detector.observe(None, value, at_us, was_bad=was_bad, device_id="d1")
    return verdict


@pytest.mark.parametrize(
    ("hour", "value", "bad"),
    [
        pytest.param(3, 20.5, False, id="as-every-night"),
        pytest.param(3, 30, True, id="a-sunday's-warmth-on-a-monday"),
        pytest.param(6 * 24 + 3, 30, False, id="the-same-on-a-sunday"),
        pytest.param(6 * 24 + 3, 20, True, id="a-monday's-cold-on-a-sunday"),
    ],
)
def test_a_value_is_judged_by_the_hour_of_the_week(hour: int, value: float, bad: bool) -> None:
    assert judge(value, hour, known=norms(season())).bad is bad


def test_with_less_than_three_weeks_the_hour_of_the_day_counts() -> None:
    known = norms(season(weeks=1))

    assert not judge(20, 3, known=known).bad
    assert judge(40, 3, known=known).bad


def test_it_is_silent_while_too_little_is_known() -> None:
    assert judge(900, 3, known=norms(season()[: 4 * 24])) is None
    assert judge(900, 3, known=NO_NORMS) is None


def test_an_outage_in_the_past_does_not_become_the_norm() -> None:
    past = season()
    past[HOURS : HOURS + 24] = 500  # a fire on one Monday

    verdict = judge(500, 3, known=norms(past))

    assert verdict.bad
    assert verdict.limit == pytest.approx(20 + 6 * 0.5, abs=0.5)


def test_a_small_excess_neither_begins_an_anomaly_nor_ends_one() -> None:
    known = norms(season())  # sigma is the floor, 0.5: six of them are 3 degrees

    assert not judge(22.9, 3, known=known).bad
    assert judge(22.9, 3, known=known, was_bad=True).bad
    assert not judge(22.2, 3, known=known, was_bad=True).bad


def test_a_side_that_is_not_asked_about_is_never_bad() -> None:
    known = norms(season())

    assert not judge(0, 3, known=known, side="above").bad
    assert judge(0, 3, known=known, side="below").bad
    assert not judge(90, 3, known=known, side="below").bad


@given(st.integers(0, 200_000))
def test_the_hour_of_the_week_is_that_of_the_calendar(hour: int) -> None:
    local = from_us(hour * HOUR_US).astimezone(ZoneInfo("Asia/Shanghai"))
    if local.utcoffset() == datetime(2026, 1, 1, tzinfo=ZoneInfo("Asia/Shanghai")).utcoffset():
        assert hour_of_week(hour) == local.weekday() * 24 + local.hour


@given(scale=st.floats(0.1, 100), shift=st.floats(-1000, 1000), seed=st.integers(0, 2**32 - 1))
def test_norms_scale_and_shift_with_the_data(scale: float, shift: float, seed: int) -> None:
    hourly = np.random.default_rng(seed).normal(size=(WEEKS * HOURS, 3))

    medians, sigmas = norm_of(MONDAY, hourly)
    other_medians, other_sigmas = norm_of(MONDAY, hourly * scale + shift)

    off = 1e-3 * (scale + abs(shift))
    np.testing.assert_allclose(other_medians, medians * scale + shift, rtol=1e-3, atol=off)
    np.testing.assert_allclose(other_sigmas, sigmas * scale, rtol=1e-3, atol=off)


def test_norms_survive_on_disk(tmp_path: Path) -> None:
    path = tmp_path / "norms.npz"
    known = norms(season())
    known.save(path)

    read = load_norms(path)

    at_us = (MONDAY + 14) * HOUR_US
    assert len(read) == 1
    assert read.of("d1", 1, at_us) == known.of("d1", 1, at_us)
    assert read.of("d2", 1, at_us) is None


def test_norms_that_are_not_there_or_torn_are_told_apart(tmp_path: Path) -> None:
    with pytest.raises(NotFound):
        load_norms(tmp_path / "norms.npz")

    torn = tmp_path / "torn.npz"
    norms(season()).save(torn)
    torn.write_bytes(torn.read_bytes()[:300])
    with pytest.raises(Invalid):
        load_norms(torn)
    torn.write_bytes(b"")
    with pytest.raises(Invalid):
        load_norms(torn)


@pytest.mark.parametrize(
    "urgent", [{"priority": "medium"}, {"life_safety": True}, {"latching": True}]
)
def test_an_anomaly_cannot_be_made_urgent(urgent: dict[str, Any]) -> None:
    document = msgspec.to_builtins(rule()) | urgent

    with pytest.raises(msgspec.ValidationError, match="an anomaly is"):
        msgspec.convert(document, BaselineRule)


def test_only_profiles_that_report_the_metric_are_judged() -> None:
    assert ready(rule(), SENSOR, registry()) is not None
    assert ready(rule(), GATEWAY, registry()) is None
    assert ready(rule(metric="smoke_db_m"), SENSOR, registry()) is None


def test_without_norms_a_detector_says_nothing() -> None:
    detector: Any = ready(rule(), SENSOR, registry())
    now_us = to_us(datetime(2026, 11, 22, tzinfo=UTC))

    assert detector.observe(None, 99.0, now_us, was_bad=True, device_id="d1") == (None, None)
    assert Verdict(bad=True).bad
