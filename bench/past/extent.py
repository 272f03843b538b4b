"""How much of the month is written, level by level."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from core.clock import to_us

DAY_US: Final = 86_400_000_000
HOUR_US: Final = 3_600_000_000
MINUTE_US: Final = 60_000_000
_ZONE: Final = ZoneInfo("Asia/Shanghai")


@dataclass(frozen=True, slots=True, kw_only=True)
class Extent:
    """Spans back from `until`, the month's present; later than that there is nothing."""

    until: datetime
    seed: int = 1
    days: int = 30
    hours: timedelta = timedelta(days=3)
    minutes: timedelta = timedelta(hours=1)
    raw: timedelta = timedelta(minutes=10)
    tracks: timedelta = timedelta(hours=13)
    books: timedelta = timedelta(days=8)

    @property
    def until_us(self) -> int:
        """Return the present in microseconds since 1970."""
        return to_us(self.until)

    @property
    def this_minute_us(self) -> int:
        """Return when the minute began that is not over yet."""
        return self.until_us // MINUTE_US * MINUTE_US

    @property
    def this_hour_us(self) -> int:
        """Return when the hour began that is not over yet."""
        return self.until_us // HOUR_US * HOUR_US

    def midnight_us(self, days_ago: int) -> int:
        """Return when a day began in the city: today, yesterday ..."""
        local = self.until.astimezone(_ZONE) - timedelta(days=days_ago)
        return to_us(local.replace(hour=0, minute=0, second=0, microsecond=0).astimezone(UTC))

    def since_us(self, span: timedelta) -> int:
        """Return when a span began that ends now."""
        return self.until_us - span // timedelta(microseconds=1)


def short(until: datetime, seed: int = 1) -> Extent:
    """Return what tests look at, filled in half a minute: hours of three days, 13 of tracks."""
    return Extent(until=until, seed=seed)


def whole(until: datetime, seed: int = 1) -> Extent:
    """Return the month for the record: hours and books of all its days."""
    month = timedelta(days=30)
    return Extent(
        until=until,
        seed=seed,
        hours=month,
        minutes=timedelta(hours=6),
        raw=timedelta(hours=1),
        tracks=timedelta(hours=48),
        books=month,
    )
