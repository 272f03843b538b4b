"""Alerts that come and go too fast to mean anything: pure detection, nobody is silenced for it.

The first remedy is a deadband, then a delay (EEMUA 191; ISA-18.2 calls three times in a minute a
good first criterion). Fire is not spoken of as chattering: its rules have neither.
"""

from collections import OrderedDict
from datetime import datetime, timedelta
from typing import Annotated, Final

import msgspec
from msgspec import Meta

from alerts.board.document import Alert
from alerts.board.states import State

FLEETING: Final = timedelta(seconds=10)
"""Ours: cleared within this without anybody having done anything."""

STALE: Final = timedelta(hours=24)
"""Active for longer than this without a break (usual; the clause was not seen)."""


class ChatterLimits(msgspec.Struct, frozen=True):
    """So many times raised and cleared within `window_us` is chattering."""

    cycles: Annotated[int, Meta(ge=2, le=100)] = 3
    window_us: Annotated[int, Meta(ge=1)] = 60_000_000
    most_sources: Annotated[int, Meta(ge=1)] = 10_000


USUAL: Final = ChatterLimits()


class _Cycles(msgspec.Struct):
    """When the latest finished cycles began, and when the present one did."""

    began_us: list[int]
    raised_us: int | None = None


class Chatter:
    """The latest cycles of those that were raised of late; the memory of it is bounded.

    It spans a minute, so a restart costs no more than that.
    """

    def __init__(self, limits: ChatterLimits = USUAL) -> None:
        """Begin with no cycle seen."""
        self._limits = limits
        self._cycles: OrderedDict[tuple[str, str], _Cycles] = OrderedDict()

    def __len__(self) -> int:
        """Count the conditions that are remembered."""
        return len(self._cycles)

    def note_raised(self, source: str, rule_id: str, now_us: int) -> bool:
        """Take in that an alert is raised; say whether it chatters, by the cycles before it."""
        key = (source, rule_id)
        cycles = self._cycles.setdefault(key, _Cycles([]))
        self._cycles.move_to_end(key)
        if len(self._cycles) > self._limits.most_sources:
            self._cycles.popitem(last=False)
        cycles.raised_us = now_us
        return self._chatters(cycles, now_us)

    def note_cleared(self, source: str, rule_id: str, now_us: int) -> bool:
        """Take in that the cause is gone; say whether that makes it one that chatters."""
        cycles = self._cycles.get((source, rule_id))
        if cycles is None or cycles.raised_us is None:
            return False
        cycles.began_us = [*cycles.began_us, cycles.raised_us][-self._limits.cycles :]
        cycles.raised_us = None
        return self._chatters(cycles, now_us)

    def _chatters(self, cycles: _Cycles, now_us: int) -> bool:
        enough = len(cycles.began_us) == self._limits.cycles
        return enough and now_us - cycles.began_us[0] <= self._limits.window_us


def is_fleeting(alert: Alert, within: timedelta = FLEETING) -> bool:
    """Say whether the alert was gone before anybody could act on it."""
    return (
        alert.cleared_at is not None
        and alert.acknowledged_at is None
        and alert.cleared_at - alert.detected_at <= within
    )


def is_stale(alert: Alert, now: datetime, after: timedelta = STALE) -> bool:
    """Say whether the alert has been active for so long that nobody looks at it any more."""
    return alert.state is not State.NORMAL and alert.active and now - alert.detected_at > after
