"""Rules as data: what is wrong, how bad that is, who owns it and what to do about it."""

from datetime import date
from itertools import pairwise
from typing import Annotated, ClassVar, Final, Literal

import msgspec
from msgspec import Meta

from devices.model import Identifier, Profile
from devices.registry import Registry

Priority = Literal["critical", "high", "medium", "low"]
Cause = Literal["device", "gateway", "ingest", "broker", "clock", "maintenance"]
Status = Literal["active", "draft", "retired"]
Text = Annotated[str, Meta(min_length=1, max_length=500)]
Delay = Annotated[float, Meta(ge=0, le=86_400)]

SPEED = "speed_kmh"
"""The metric of a rule on how fast a vehicle is; positions carry it beside their coordinates."""

PRIORITIES: Final[tuple[Priority, ...]] = ("low", "medium", "high", "critical")
"""From the least urgent to the most."""


def rank(priority: Priority) -> int:
    """Return how urgent it is: 0 low to 3 critical."""
    return PRIORITIES.index(priority)


class Rule(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="kind"):
    """What every rule says, following the rationalisation step of ISA-18.2.

    `domains` and `profiles` narrow it down, empty means all. An alert of a `latching` rule stays
    on the board until an officer has acknowledged it, even when the cause is gone. An alert of a
    `life_safety` rule is about people's lives: nothing may shelve, suppress, fold or delay it.
    While an alert is open, those of the rules it `hides` are suppressed: on what speaks through
    its source, or on its whole site. Only an `active` rule judges.
    """

    kind: ClassVar[str] = ""

    rule_id: Identifier
    version: Annotated[int, Meta(ge=1)]
    priority: Priority
    title_zh: Text
    title_en: Text
    guidance_zh: Text
    guidance_en: Text
    owner: Text
    meaning: Text
    consequence: Text
    latching: bool = False
    life_safety: bool = False
    status: Status = "active"
    reviewed_on: date | None = None
    reviewed_by: Annotated[str, Meta(max_length=100)] = ""
    hides: tuple[Identifier, ...] = ()
    hides_in: Literal["gateway", "site"] = "gateway"
    domains: tuple[str, ...] = ()
    profiles: tuple[str, ...] = ()

    def selects(self, profile: Profile) -> bool:
        """Say whether the rule is meant for devices of this profile."""
        return (not self.domains or profile.domain in self.domains) and (
            not self.profiles or profile.profile_id in self.profiles
        )


class LastingRule(Rule, frozen=True, kw_only=True):
    """A rule on what is measured: bad must last `on_delay_s`, good `off_delay_s`, in event time."""

    on_delay_s: Delay = 0
    off_delay_s: Delay = 0


class EventRule(Rule, frozen=True, kw_only=True, tag="event"):
    """Bad while the device says that `event` is active.

    A signal is said once, so one that arrives late still counts and its alert is marked late;
    `when_late = "ignore"` is for signals that mean nothing afterwards.
    """

    kind: ClassVar[str] = "event"

    event: Identifier
    when_late: Literal["raise", "ignore"] = "raise"


class OfflineRule(Rule, frozen=True, kw_only=True, tag="offline"):
    """Bad while nothing is heard, for the one `cause` the rule is about.

    The cause `clock`: messages arrive, but the device dates them so wrongly that none is judged.
    """

    kind: ClassVar[str] = "offline"

    cause: Cause

    def selects(self, profile: Profile) -> bool:
        """Say whether the rule is meant for this profile: gateways and others are kept apart."""
        causes = ("clock", "gateway" if profile.gateway else "device")
        return self.cause in causes and super().selects(profile)


class Limit(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Bad from `limit` on, good again at `clear_at`; the deadband between them stops chattering."""

    limit: float
    clear_at: float


class Level(Limit, frozen=True, forbid_unknown_fields=True):
    """One of several limits: from it on the alert has this priority."""

    priority: Priority


Levels = Annotated[tuple[Level, ...], Meta(min_length=1, max_length=4)]


class ThresholdRule(LastingRule, frozen=True, kw_only=True, tag="threshold"):
    """Bad while `metric` is at or over `above`, or under `below`.

    A side is one limit with the rule's priority, or several levels, the mildest first.
    """

    kind: ClassVar[str] = "threshold"

    metric: Identifier
    above: Limit | Levels | None = None
    below: Limit | Levels | None = None

    def __post_init__(self) -> None:
        """Refuse limits that could never be passed, never clear, or contradict each other."""
        if not self.levels_above and not self.levels_below:
            raise ValueError("a threshold needs `above`, `below` or both")
        _require_order("above", self.levels_above, sign=1)
        _require_order("below", self.levels_below, sign=-1)
        sides = (self.levels_below, self.levels_above)
        if all(sides) and sides[0][0].clear_at > sides[1][0].clear_at:
            raise ValueError("no value would clear both `above` and `below`")

    @property
    def levels_above(self) -> tuple[Level, ...]:
        """Return the levels of the upper side, the mildest first; empty without that side."""
        return self._levels(self.above)

    @property
    def levels_below(self) -> tuple[Level, ...]:
        """Return the levels of the lower side, the mildest first; empty without that side."""
        return self._levels(self.below)

    def _levels(self, side: Limit | tuple[Level, ...] | None) -> tuple[Level, ...]:
        if isinstance(side, Limit):
            return (Level(side.limit, side.clear_at, self.priority),)
        return side or ()


def _require_order(name: str, levels: tuple[Level, ...], *, sign: int) -> None:
    """Refuse levels without a deadband, or of which a worse one is passed before a milder one."""
    for level in levels:
        if sign * (level.limit - level.clear_at) <= 0:
            raise ValueError(f"`{name}` must clear {'under' if sign > 0 else 'over'} its limit")
    for milder, worse in pairwise(levels):
        further = (worse.limit - milder.limit, worse.clear_at - milder.clear_at)
        if min(sign * each for each in further) <= 0:
            raise ValueError(f"the levels of `{name}` must be ordered, the mildest first")
        if rank(worse.priority) <= rank(milder.priority):
            raise ValueError(f"each level of `{name}` must be more urgent than the one before")


def unit_of(metric: str, profile: Profile, registry: Registry) -> str | None:
    """Return the unit in which devices of this profile report the metric, None if they do not."""
    if metric == SPEED:
        return "km/h"
    known = registry.metrics.get(metric) if metric in profile.metrics else None
    return None if known is None else known.unit
