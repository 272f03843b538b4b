"""The time range of a question, as every route that has one reads it."""

from datetime import UTC, datetime, timedelta
from typing import Annotated

from fastapi import Query
from pydantic import AwareDatetime

from api.store.values import Span
from core.errors import Invalid

From = Annotated[
    AwareDatetime | None,
    Query(alias="from", description="RFC 3339 with zone", examples=["2026-05-01T00:00:00Z"]),
]
To = Annotated[
    AwareDatetime | None,
    Query(alias="to", description="RFC 3339 with zone, exclusive; now if left out"),
]

LONGEST = timedelta(days=3660)


def span(start: datetime | None, end: datetime | None, *, now: datetime, usual: timedelta) -> Span:
    """Return the range asked for: up to now, and `usual` long, where nothing is said."""
    end = _utc(end) or now
    start = _utc(start) or end - usual
    if not start < end:
        raise Invalid("`from` must be before `to`.", code="bad_range")
    if end - start > LONGEST:
        raise Invalid(f"The range is longer than {LONGEST.days} days.", code="bad_range")
    return Span(start, end)


def _utc(instant: datetime | None) -> datetime | None:
    return instant and instant.astimezone(UTC)
