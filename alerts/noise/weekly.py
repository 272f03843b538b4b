"""Hours that come again every week, by the clock on the wall of a place."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Annotated, Final, NamedTuple
from zoneinfo import ZoneInfo

import msgspec
from msgspec import Meta

from core.clock import from_us, to_us

WallTime = Annotated[str, Meta(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$(?!\n)")]

_DAY: Final = timedelta(days=1)
_DAYS_AHEAD: Final = 16  # a summer time change may take one occurrence away, not two


class Span(NamedTuple):
    """From an instant to another that is no part of it, in microseconds since 1970 (UTC)."""

    begin_us: int
    end_us: int


class Weekly(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename={"from_": "from"}):
    """On these days (1 is Monday, ISO 8601) from one wall time to another, in an IANA zone.

    What ends before it begins ends on the next day, and what ends when it begins takes a whole
    day. `first` and `last` are the days on which the first and the last one begin.
    """

    days: Annotated[tuple[Annotated[int, Meta(ge=1, le=7)], ...], Meta(min_length=1, max_length=7)]
    from_: WallTime
    to: WallTime
    zone: Annotated[str, Meta(min_length=1, max_length=64)]
    first: date
    last: date | None = None

    def __post_init__(self) -> None:
        """Refuse an unknown zone and a last day before the first."""
        try:
            ZoneInfo(self.zone)
        except (KeyError, ValueError, OSError):
            raise ValueError(f"{self.zone!r} is no time zone of the IANA database") from None
        if not 2000 <= self.first.year < 3000:
            raise ValueError("`first` must lie between the years 2000 and 2999")
        if self.last is not None and self.last < self.first:
            raise ValueError("`last` lies before `first`")

    def span(self, now_us: int) -> Span | None:
        """Return the occurrence of this moment or else the next one, None after the last."""
        zone = ZoneInfo(self.zone)
        for day in self._days_from(from_us(now_us).astimezone(zone).date() - _DAY):
            span = self._span_on(day, zone)
            if span.begin_us < span.end_us and span.end_us > now_us:
                return span
        return None

    def _days_from(self, earliest: date) -> Iterator[date]:
        begin = max(self.first, earliest)
        for number in range(_DAYS_AHEAD):
            day = begin + number * _DAY
            if self.last is not None and day > self.last:
                return
            if day.isoweekday() in self.days:
                yield day

    def _span_on(self, day: date, zone: ZoneInfo) -> Span:
        end_day = day if self.from_ < self.to else day + _DAY
        return Span(_instant_us(day, self.from_, zone), _instant_us(end_day, self.to, zone))


def _instant_us(day: date, wall: str, zone: ZoneInfo) -> int:
    return to_us(datetime.combine(day, time.fromisoformat(wall), tzinfo=zone))
