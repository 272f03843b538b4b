import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts.replay.comparing import MOST_BUCKETS, PERIOD_US, compare, load_of
from alerts.replay.occurrences import Occurrence
from tests.unit.alerts.making import S


def lasting(start_s: int, end_s: int | None, rule: str = "hot", source: str = "d1") -> Occurrence:
    end_us = None if end_s is None else end_s * S
    return Occurrence(rule, source, "high", start_s * S, start_s * S, end_us)


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        pytest.param([(0, 10)], [(0, 10)], "====", id="the-same"),
        pytest.param([(0, 10)], [(0, 99)], "====", id="only-longer"),
        pytest.param([(5, 10)], [(2, 10)], "<", id="earlier"),
        pytest.param([(0, 10)], [(9, 10)], ">", id="later"),
        pytest.param([(0, 10)], [], "-", id="removed"),
        pytest.param([], [(0, 10)], "+", id="added"),
        pytest.param([(0, 10)], [(11, 20)], "+-", id="they-do-not-touch"),
        pytest.param([(0, 10)], [(10, 20)], ">", id="they-touch"),
        pytest.param([(0, 5), (6, 9)], [(0, 9)], "=-", id="two-become-one"),
        pytest.param([(0, None)], [(50, 60)], ">", id="one-that-never-ended"),
    ],
)
def test_alerts_are_paired_by_overlap(
    before: list[tuple[int, int | None]], after: list[tuple[int, int]], expected: str
) -> None:
    found = compare([lasting(*each) for each in before], [lasting(*each) for each in after])

    assert len(found.added) == expected.count("+")
    assert len(found.removed) == expected.count("-")
    assert len(found.earlier) == expected.count("<")
    assert len(found.later) == expected.count(">")
    assert found.unchanged == ("=" in expected)


def test_alerts_of_other_rules_or_devices_are_never_paired() -> None:
    found = compare(
        [lasting(0, 10), lasting(0, 10, source="d2")],
        [lasting(0, 10, rule="cold"), lasting(0, 10, source="d2")],
    )

    assert [each.rule_id for each in found.added] == ["cold"]
    assert [each.source for each in found.removed] == ["d1"]
    assert found.unchanged == 1


_HISTORY = st.lists(
    st.tuples(st.integers(1, 30), st.integers(0, 30), st.sampled_from("ab")), max_size=20
)


def _spread(steps: list[tuple[int, int, str]]) -> list[Occurrence]:
    at, found = 0, []
    for gap, length, source in steps:
        at += gap
        found.append(lasting(at, at + length, source=source))
        at += length
    return found


@given(before=_HISTORY, after=_HISTORY)
def test_every_alert_is_accounted_for_exactly_once(
    before: list[tuple[int, int, str]], after: list[tuple[int, int, str]]
) -> None:
    old, new = _spread(before), _spread(after)

    found = compare(old, new)

    paired = len(found.earlier) + len(found.later) + found.unchanged
    assert len(found.removed) + paired == len(old)
    assert len(found.added) + paired == len(new)


@given(steps=_HISTORY)
def test_nothing_changes_against_itself(steps: list[tuple[int, int, str]]) -> None:
    found = compare(_spread(steps), _spread(steps))

    assert found.unchanged == len(steps)
    assert not found.added + found.removed + found.earlier + found.later


def test_the_load_is_counted_in_periods_of_ten_minutes() -> None:
    flood = [5 * S] * 11
    quiet = [PERIOD_US + 5 * S, 3 * PERIOD_US - 1]

    load = load_of([*flood, *quiet, -1, 4 * PERIOD_US], 0, 4 * PERIOD_US)

    assert load.alerts == 13
    assert load.average == 3.25
    assert load.peak == 11
    assert load.flooded_pct == 25


def test_ten_in_ten_minutes_are_no_flood_yet() -> None:
    assert load_of([1] * 10, 0, PERIOD_US).flooded_pct == 0
    assert load_of([], 0, PERIOD_US).average == 0


def test_each_ten_minutes_of_a_week_are_there_and_nothing_is_lost() -> None:
    week = 1_008 * PERIOD_US

    load = load_of([0, 1, 3 * PERIOD_US, week - 1], 0, week)

    assert load.bucket_s == 600
    assert (len(load.peaks), sum(load.peaks)) == (1_008, load.alerts)
    assert load.peaks[:5] == (2, 0, 0, 1, 0)
    assert load.peaks[-1] == 1


def test_a_short_last_period_has_a_place_of_its_own() -> None:
    load = load_of([2 * PERIOD_US + 1], 0, 2 * PERIOD_US + 2)

    assert load.peaks == (0, 0, 1)


@pytest.mark.parametrize("periods", [MOST_BUCKETS + 1, 52_704, 52_703])
def test_a_flood_stays_a_flood_in_a_year_of_coarse_buckets(periods: int) -> None:
    flooded = periods * 2 // 3
    flood = [flooded * PERIOD_US + each for each in range(11)]

    load = load_of([*flood, (flooded - 1) * PERIOD_US], 0, periods * PERIOD_US)

    together = load.bucket_s // 600
    assert load.bucket_s % 600 == 0
    assert len(load.peaks) == -(-periods // together) <= MOST_BUCKETS
    assert load.peaks[flooded // together] == 11 == load.peak == max(load.peaks)


@given(
    minutes=st.lists(st.integers(0, 19_999), max_size=40),
    length=st.integers(1, 20_000),
)
def test_the_highest_bucket_is_the_peak_and_no_bucket_is_more(
    minutes: list[int], length: int
) -> None:
    load = load_of([each * 60 * S for each in minutes], 0, length * 60 * S)

    assert max(load.peaks) == load.peak
    assert sum(load.peaks) <= load.alerts


def test_the_figures_of_a_load_have_names_in_the_document() -> None:
    """The console reads `load.after.peak`: an array without names has none."""
    assert msgspec.to_builtins(load_of([1], 0, PERIOD_US)) == {
        "alerts": 1,
        "average": 1.0,
        "peak": 1,
        "flooded_pct": 0.0,
        "bucket_s": 600,
        "peaks": (1,),
    }
