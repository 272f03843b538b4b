"""Days, weeks and months of Asia/Shanghai."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.reports import periods
from api.reports.periods import KINDS, Kind, Period
from core.errors import Invalid

NOW = datetime(2026, 5, 13, 4, tzinfo=UTC)


@pytest.mark.parametrize(
    ("kind", "day", "first", "last"),
    [
        pytest.param("daily", "2026-05-01", "2026-05-01", "2026-05-01", id="a-day"),
        pytest.param("weekly", "2026-05-03", "2026-04-27", "2026-05-03", id="sunday-ends-a-week"),
        pytest.param("weekly", "2026-05-04", "2026-05-04", "2026-05-10", id="monday-begins-one"),
        pytest.param("monthly", "2026-02-28", "2026-02-01", "2026-02-28", id="february"),
        pytest.param("monthly", "2024-02-10", "2024-02-01", "2024-02-29", id="leap-year"),
        pytest.param("monthly", "2025-12-31", "2025-12-01", "2025-12-31", id="december"),
    ],
)
def test_a_period_holds_its_days(kind: Kind, day: str, first: str, last: str) -> None:
    period = periods.period_of(kind, date.fromisoformat(day))

    assert (period.first.isoformat(), period.last.isoformat()) == (first, last)


def test_a_day_begins_at_midnight_in_shanghai() -> None:
    period = periods.period_of("daily", date(2026, 5, 1))

    assert period.start == datetime(2026, 4, 30, 16, tzinfo=UTC)
    assert period.end == datetime(2026, 5, 1, 16, tzinfo=UTC)


@given(st.sampled_from(KINDS), st.dates(date(2001, 1, 1), date(2100, 1, 1)))
def test_periods_follow_each_other_without_a_gap(kind: Kind, day: date) -> None:
    period = periods.period_of(kind, day)
    earlier = periods.before(period)

    assert period.first <= day <= period.last
    assert earlier.last + timedelta(days=1) == period.first
    assert earlier.end == period.start


@pytest.mark.parametrize(
    ("kind", "first"),
    [("daily", "2026-05-12"), ("weekly", "2026-05-04"), ("monthly", "2026-04-01")],
)
def test_the_latest_period_is_one_that_is_over(kind: Kind, first: str) -> None:
    assert periods.latest(kind, NOW).first.isoformat() == first
    assert periods.asked_period(kind, None, now=NOW) == periods.latest(kind, NOW)


def test_what_is_not_over_is_compared_with_as_much_of_the_period_before() -> None:
    period = periods.period_of("monthly", date(2026, 5, 13))

    start, end = periods.counted(period, NOW)
    before_start, before_end = periods.compared(period, NOW)

    assert end == NOW
    assert before_start == datetime(2026, 3, 31, 16, tzinfo=UTC)
    assert before_end - before_start == end - start


def test_a_whole_month_is_compared_with_a_whole_month() -> None:
    period = periods.period_of("monthly", date(2026, 3, 1))

    assert periods.compared(period, NOW) == (
        datetime(2026, 1, 31, 16, tzinfo=UTC),
        datetime(2026, 2, 28, 16, tzinfo=UTC),
    )


def test_tomorrow_has_no_report() -> None:
    with pytest.raises(Invalid, match="has not come"):
        periods.asked_period("daily", date(2026, 5, 14), now=NOW)


def test_today_in_shanghai_has_one_although_it_is_yesterday_in_utc() -> None:
    early = datetime(2026, 5, 13, 17, tzinfo=UTC)

    period = periods.asked_period("daily", date(2026, 5, 14), now=early)

    assert period == Period("daily", date(2026, 5, 14), date(2026, 5, 14))
