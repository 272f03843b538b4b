"""Time as the programs see it: aware UTC instants for people's data, integers on hot paths."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

Clock = Callable[[], datetime]
"""Where a program gets its `now` from; tests pass their own."""

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def utc_now() -> datetime:
    """Return the present instant, aware, in UTC."""
    return datetime.now(UTC)


def to_us(instant: datetime) -> int:
    """Return microseconds since 1970-01-01 UTC, exactly (no float in between)."""
    return (instant - EPOCH) // _MICROSECOND


def from_us(microseconds: int) -> datetime:
    """Return the aware UTC instant of `microseconds` since 1970-01-01."""
    return EPOCH + timedelta(microseconds=microseconds)


def to_ms(instant: datetime) -> int:
    """Return milliseconds since 1970-01-01 UTC."""
    return to_us(instant) // 1000
