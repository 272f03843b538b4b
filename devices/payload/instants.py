"""Instants as devices write them, made into whole microseconds since 1970 UTC."""

from datetime import UTC, datetime
from typing import Annotated, Final

import msgspec
from msgspec import Meta

from core.clock import to_us
from core.errors import Invalid

_Zoned = Annotated[datetime, Meta(tz=True)]
Instant = int | float | _Zoned
"""Milliseconds since 1970 UTC, or RFC 3339 with a zone (RFC 3339, section 5.6)."""

_MS: Final = 1_000  # microseconds
_FIRST_MS: Final = to_us(datetime(2000, 1, 1, tzinfo=UTC)) // _MS
_LAST_MS: Final = to_us(datetime(2100, 1, 1, tzinfo=UTC)) // _MS


def from_ms(milliseconds: float) -> int:
    """Return the microseconds of an epoch in milliseconds, if it lies in this century."""
    if not _FIRST_MS <= milliseconds < _LAST_MS:
        raise Invalid(
            "The time is not between 2000 and 2100 (is it in milliseconds?).", code="bad_time"
        )
    return milliseconds * _MS if isinstance(milliseconds, int) else round(milliseconds * _MS)


def from_seconds(seconds: float) -> int:
    """Return the microseconds of an epoch in seconds, if it lies in this century."""
    return from_ms(seconds * 1_000)


def from_datetime(instant: datetime) -> int:
    """Return the microseconds of an aware time, if it lies in this century."""
    microseconds = to_us(instant)
    from_ms(microseconds / _MS)
    return microseconds


def from_instant(instant: Instant) -> int:
    """Return the microseconds of a time in either form of the contract."""
    return from_datetime(instant) if isinstance(instant, datetime) else from_ms(instant)


def from_text(text: str) -> int:
    """Return the microseconds of an RFC 3339 text with a zone."""
    try:
        return from_datetime(msgspec.convert(text, _Zoned))
    except msgspec.ValidationError:
        raise Invalid(
            f"The time {text[:64]!r} is not RFC 3339 with a zone.", code="bad_time"
        ) from None
