"""A maintenance window or a drill (消防演练): when, what about, and why."""

from datetime import datetime, timedelta
from typing import Annotated, Final, Literal

import msgspec
from msgspec import Meta

from alerts.noise.scope import Scope
from alerts.noise.weekly import Span, Weekly
from alerts.requests import Text
from core.clock import to_us
from devices.model import Identifier

LONGEST_DRILL: Final = timedelta(hours=24)
"""Ours: a drill that nobody ends must not mark the fire of tomorrow as practice."""

LONGEST_MAINTENANCE: Final = timedelta(days=31)
"""Ours: what is quiet for longer is out of service, and somebody has to say so."""

Instant = Annotated[datetime, Meta(tz=True)]


class Window(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Maintenance keeps alerts off the board while it lasts; a drill shows them, marked.

    Either from `start` to `end`, or `weekly`; `by` is the officer who is answerable for it.
    """

    window_id: Identifier
    kind: Literal["maintenance", "drill"]
    reason: Text
    scope: Scope
    start: Instant | None = None
    end: Instant | None = None
    weekly: Weekly | None = None
    by: Annotated[str, Meta(max_length=200)] = ""

    def __post_init__(self) -> None:
        """Refuse a window without a clear beginning and end, or one that is too long."""
        if self.weekly is not None:
            if self.start is not None or self.end is not None:
                raise ValueError("a window has a start and an end or comes weekly, not both")
            if self.kind == "drill":
                raise ValueError("a drill is announced each time: it has a start and an end")
            return
        if self.start is None or self.end is None:
            raise ValueError("a window has a start and an end, or comes weekly")
        _require_length(self.kind, self.end - self.start)

    def span(self, now_us: int) -> Span | None:
        """Return when it is on next, or still is; None if it is over for good."""
        if self.weekly is not None:
            return self.weekly.span(now_us)
        if self.start is None or self.end is None:
            return None
        span = Span(to_us(self.start), to_us(self.end))
        return span if span.end_us > now_us else None


def _require_length(kind: str, length: timedelta) -> None:
    if length <= timedelta(0):
        raise ValueError("`end` must come after `start`")
    if kind == "drill" and length > LONGEST_DRILL:
        raise ValueError("a drill lasts 24 hours at most, then it ends by itself")
    if length > LONGEST_MAINTENANCE:
        raise ValueError("a window lasts 31 days at most; take out of service what is quiet longer")
