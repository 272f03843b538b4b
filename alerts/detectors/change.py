"""How fast does it change, and how far? Rules on the slope and on the change over a window."""

from collections.abc import Callable
from typing import Annotated, ClassVar

from msgspec import Meta

from alerts.detectors.sliding import (
    KEPT,
    NO_PAST,
    Past,
    cannot_reach,
    difference,
    slid,
    slope_per_us,
)
from alerts.judging.detecting import GOOD, Verdict
from alerts.judging.rules import LastingRule, Limit, unit_of
from devices.model import Identifier, Profile
from devices.registry import Registry

_MINUTE_US = 60_000_000

Measuring = Callable[[Past, float, int], float]
"""Says how much a past moves, if that may be as much as the second argument."""

Window = Annotated[float, Meta(ge=10, le=7 * 86_400)]


class MovingRule(LastingRule, frozen=True, kw_only=True):
    """Bad while `metric` rises or falls too much within `window_s`; falls are given as positive.

    No verdict with fewer than `min_samples` values in the window, or if they span less than half
    of it. At most twelve values are kept, a twelfth of the window apart.
    """

    unit_suffix: ClassVar[str] = ""

    metric: Identifier
    window_s: Window
    rising: Limit | None = None
    falling: Limit | None = None
    min_samples: Annotated[int, Meta(ge=4, le=KEPT)] = 6

    def __post_init__(self) -> None:
        """Refuse a rule without a side, and sides that never pass or never clear."""
        if self.rising is None and self.falling is None:
            raise ValueError(f"a {self.kind} needs `rising`, `falling` or both")
        for name, side in (("rising", self.rising), ("falling", self.falling)):
            if side is not None and not 0 <= side.clear_at < side.limit:
                raise ValueError(f"`{name}` must clear under its limit, and not below zero")


class RateRule(MovingRule, frozen=True, kw_only=True, tag="rate"):
    """Bad while the metric's slope, in units a minute, is too steep; the limits are slopes."""

    kind: ClassVar[str] = "rate"
    unit_suffix: ClassVar[str] = "/min"


class ChangeRule(MovingRule, frozen=True, kw_only=True, tag="change"):
    """Bad while the metric's newest values lie too far from its oldest ones in the window."""

    kind: ClassVar[str] = "change"


def steepness(past: Past, needed: float, window_us: int) -> float:
    """Return the slope a minute; 0 where it is certainly flatter than `needed` a minute."""
    if cannot_reach(past, needed / _MINUTE_US, window_us):
        return 0.0
    return slope_per_us(past) * _MINUTE_US


def distance(past: Past, needed: float, window_us: int) -> float:  # noqa: ARG001 - as above
    """Return how far the newest values lie over the oldest."""
    return difference(past)


class MovingDetector:
    """Keeps the recent past of a metric and judges it whenever a value is kept."""

    state_type = Past

    def __init__(self, rule: MovingRule, unit: str, measure: Measuring) -> None:
        """Prepare the rule for values in this unit."""
        self._window_us = round(rule.window_s * 1_000_000)
        self._apart_us = self._window_us // KEPT
        self._min_samples = rule.min_samples
        sides = ((1, rule.rising), (-1, rule.falling))
        self._sides = [(sign, side) for sign, side in sides if side is not None]
        self._mildest = min(side.limit for _, side in self._sides)
        self._unit = unit + rule.unit_suffix
        self._measure = measure

    def observe(
        self, state: Past | None, value: float, observed_us: int, *, was_bad: bool
    ) -> tuple[Past, Verdict | None]:
        """Take in one value; no verdict between two kept ones, or while there are too few."""
        if state is not None and observed_us - state[0][-1] < self._apart_us:
            return state, None
        past = slid(state or NO_PAST, value, observed_us, self._window_us)
        spans_us = past.at_us[-1] - past.at_us[0]
        if len(past.values) < self._min_samples or 2 * spans_us < self._window_us:
            return past, None
        moved = self._measure(past, 0.0 if was_bad else self._mildest, self._window_us)
        return past, self._verdict(moved, was_bad=was_bad)

    def _verdict(self, moved: float, *, was_bad: bool) -> Verdict:
        for sign, side in self._sides:
            if sign * moved > side.clear_at if was_bad else sign * moved >= side.limit:
                return Verdict(True, moved, sign * side.limit, self._unit)
        return GOOD


def ready(rule: MovingRule, profile: Profile, registry: Registry) -> MovingDetector | None:
    """Prepare the rule for a profile; None if it does not report the metric, or is not meant."""
    unit = unit_of(rule.metric, profile, registry)
    if unit is None or not rule.selects(profile):
        return None
    measure = steepness if isinstance(rule, RateRule) else distance
    return MovingDetector(rule, unit, measure)
