"""Rules as data: what is wrong, how bad that is, who owns it and what to do about it."""

from typing import Annotated, ClassVar, Literal

import msgspec
from msgspec import Meta

from devices.model import Identifier, Profile

Priority = Literal["critical", "high", "medium", "low"]
Cause = Literal["device", "gateway", "ingest", "broker"]
Text = Annotated[str, Meta(min_length=1, max_length=500)]
Delay = Annotated[float, Meta(ge=0, le=86_400)]

SPEED = "speed_kmh"
"""The metric of a rule on how fast a vehicle is; positions carry it beside their coordinates."""


class Limit(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Bad from `limit` on, good again at `clear_at`; the deadband between them stops chattering."""

    limit: float
    clear_at: float


class Rule(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="kind"):
    """What every rule says, following the rationalisation step of ISA-18.2.

    `domains` and `profiles` narrow it down, empty means all. An alert of a `latching` rule stays
    on the board until an officer has acknowledged it, even when the cause is gone.
    """

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
    domains: tuple[str, ...] = ()
    profiles: tuple[str, ...] = ()

    def selects(self, profile: Profile) -> bool:
        """Say whether the rule is meant for devices of this profile."""
        return (not self.domains or profile.domain in self.domains) and (
            not self.profiles or profile.profile_id in self.profiles
        )


class EventRule(Rule, frozen=True, kw_only=True, tag="event"):
    """Bad while the device says that `event` is active.

    A signal is said once, so one that arrives late still counts and its alert is marked late;
    `when_late = "ignore"` is for signals that mean nothing afterwards.
    """

    kind: ClassVar[Literal["event"]] = "event"

    event: Identifier
    when_late: Literal["raise", "ignore"] = "raise"


class ThresholdRule(Rule, frozen=True, kw_only=True, tag="threshold"):
    """Bad while `metric` is at or over `above`, or under `below`; delays run in event time."""

    kind: ClassVar[Literal["threshold"]] = "threshold"

    metric: Identifier
    above: Limit | None = None
    below: Limit | None = None
    on_delay_s: Delay = 0
    off_delay_s: Delay = 0

    def __post_init__(self) -> None:
        """Refuse limits that could never be passed, never clear, or contradict each other."""
        if self.above is None and self.below is None:
            raise ValueError("a threshold needs `above`, `below` or both")
        if self.above and self.above.clear_at >= self.above.limit:
            raise ValueError("`above` must clear under its limit")
        if self.below and self.below.clear_at <= self.below.limit:
            raise ValueError("`below` must clear over its limit")
        if self.above and self.below and self.below.clear_at > self.above.clear_at:
            raise ValueError("no value would clear both `above` and `below`")


class OfflineRule(Rule, frozen=True, kw_only=True, tag="offline"):
    """Bad while nothing is heard, for the one `cause` the rule is about."""

    kind: ClassVar[Literal["offline"]] = "offline"

    cause: Cause

    def selects(self, profile: Profile) -> bool:
        """Say whether the rule is meant for this profile: gateways and others are kept apart."""
        return self.cause == ("gateway" if profile.gateway else "device") and super().selects(
            profile
        )


AnyRule = EventRule | ThresholdRule | OfflineRule


def limit_passed(rule: ThresholdRule, value: float, *, was_bad: bool) -> float | None:
    """Return the limit that makes `value` bad, None for a good value.

    Once bad, a value is good again only between the clear levels: the gap stops chattering.
    """
    above, below = rule.above, rule.below
    if above is not None and (value > above.clear_at if was_bad else value >= above.limit):
        return above.limit
    if below is not None and (value < below.clear_at if was_bad else value < below.limit):
        return below.limit
    return None
