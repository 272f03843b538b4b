"""Thresholds at work: which level a value has reached, with a deadband at every level."""

from typing import NamedTuple

from alerts.judging.detecting import GOOD, Verdict
from alerts.judging.rules import Level, ThresholdRule, unit_of
from devices.model import Profile
from devices.registry import Registry


class Side(NamedTuple):
    """One side of a threshold; `sign` is 1 for the upper and -1 for the lower."""

    levels: tuple[Level, ...]
    sign: int

    def reached(self, value: float, held: int) -> int:
        """Return how many levels are passed; those `held` until now must be cleared to leave."""
        count = 0
        for number, level in enumerate(self.levels, 1):
            if self._passed(level, value, held=number <= held):
                count = number
        return count

    def _passed(self, level: Level, value: float, *, held: bool) -> bool:
        if self.sign > 0:
            return value > level.clear_at if held else value >= level.limit
        return value < level.clear_at if held else value < level.limit


class ThresholdDetector:
    """Judges by the levels of one rule; its state is the level held: 2 the second above, -1 below.

    A side with one level keeps no state, `was_bad` says it all. Of two sides a value that was bad
    must clear both, so a jump from one to the other is one alert.
    """

    def __init__(self, rule: ThresholdRule, unit: str) -> None:
        """Prepare both sides."""
        self._above = Side(rule.levels_above, 1)
        self._below = Side(rule.levels_below, -1)
        self._graded = max(len(rule.levels_above), len(rule.levels_below)) > 1
        self.state_type = int if self._graded else None
        self._unit = unit

    @property
    def calm(self) -> tuple[float, float]:
        """Return the band of values, from and up to but without, that are good for the calm."""
        low = self._below.levels[0].limit if self._below.levels else float("-inf")
        high = self._above.levels[0].limit if self._above.levels else float("inf")
        return low, high

    def observe(
        self,
        state: int | None,
        value: float,
        observed_us: int,  # noqa: ARG002 - thresholds have no memory of time
        *,
        was_bad: bool,
    ) -> tuple[int | None, Verdict]:
        """Say which level the value has reached."""
        held = state or 0
        worst = self._above.reached(value, max(held, int(was_bad)))
        if worst:
            return self._verdict(worst, value, self._above.levels[worst - 1])
        worst = self._below.reached(value, max(-held, int(was_bad)))
        if worst:
            return self._verdict(-worst, value, self._below.levels[worst - 1])
        return None, GOOD

    def _verdict(self, level: int, value: float, of: Level) -> tuple[int | None, Verdict]:
        priority = of.priority if self._graded else None
        state = level if self._graded else None
        return state, Verdict(True, value, of.limit, self._unit, priority)


def ready(rule: ThresholdRule, profile: Profile, registry: Registry) -> ThresholdDetector | None:
    """Prepare the rule for a profile; None if it does not report the metric, or is not meant."""
    unit = unit_of(rule.metric, profile, registry)
    return ThresholdDetector(rule, unit) if unit is not None and rule.selects(profile) else None
