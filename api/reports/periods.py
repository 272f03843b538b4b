"""Which days a report covers: local days, ISO weeks, calendar months of Asia/Shanghai."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

import msgspec

from api.reports.model import Step
from core.errors import Invalid

CITY = ZoneInfo("Asia/Shanghai")
Kind = Literal["daily", "weekly", "monthly"]
KINDS: tuple[Kind, ...] = ("daily", "weekly", "monthly")

_DAY = timedelta(days=1)
_EARLIEST = date(2000, 1, 1)


class Period(msgspec.Struct, frozen=True):
    """From the first to the last day, both included."""

    kind: Kind
    first: date
    last: date

    @property
    def start(self) -> datetime:
        """Return the midnight it begins at, in UTC."""
        return _midnight(self.first)

    @property
    def end(self) -> datetime:
        """Return the midnight it ends at, in UTC; no longer part of it."""
        return _midnight(self.last + _DAY)

    @property
    def steps(self) -> tuple[Step, ...]:
        """Return what its charts run along: the hours of a day, else its days."""
        if self.kind == "daily":
            return tuple(range(24))
        return tuple(self.first + n * _DAY for n in range((self.last - self.first).days + 1))


def period_of(kind: Kind, day: date) -> Period:
    """Return the period of this kind that holds the day; weeks begin on Monday (ISO 8601)."""
    if kind == "daily":
        return Period(kind, day, day)
    if kind == "weekly":
        monday = day - timedelta(days=day.weekday())
        return Period(kind, monday, monday + timedelta(days=6))
    first = day.replace(day=1)
    return Period(kind, first, (first + timedelta(days=31)).replace(day=1) - _DAY)


def before(period: Period) -> Period:
    """Return the period that ended when this one began."""
    return period_of(period.kind, period.first - _DAY)


def latest(kind: Kind, now: datetime) -> Period:
    """Return the last period of this kind that is over."""
    return before(period_of(kind, now.astimezone(CITY).date()))


def asked_period(kind: Kind, day: date | None, *, now: datetime) -> Period:
    """Return the period asked for, the last whole one if none is; Invalid in the future."""
    if day is None:
        return latest(kind, now)
    if not _EARLIEST <= day <= now.astimezone(CITY).date():
        raise Invalid(f"There is no report for {day}: that day has not come.", code="bad_date")
    return period_of(kind, day)


def counted(period: Period, now: datetime) -> tuple[datetime, datetime]:
    """Return what of a period can be counted: up to now where it is not over."""
    return period.start, min(period.end, now)


def compared(period: Period, now: datetime) -> tuple[datetime, datetime]:
    """Return what to compare it with: the period before, as far into it where it is not over."""
    previous, (start, until) = before(period), counted(period, now)
    if until == period.end:
        return previous.start, previous.end
    return previous.start, min(previous.start + (until - start), previous.end)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), CITY).astimezone(UTC)
