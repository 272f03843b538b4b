"""A sensor that goes on reporting but no longer measures: its value does not move any more."""

from typing import Annotated, ClassVar, NamedTuple

from msgspec import Meta

from alerts.judging.detecting import GOOD, Verdict
from alerts.judging.rules import LastingRule, unit_of
from devices.model import Identifier, Profile
from devices.registry import Registry


class StuckRule(LastingRule, frozen=True, kw_only=True, tag="stuck"):
    """Bad once `metric` has stayed within `tolerance` for `stuck_s`, while values keep coming.

    Values that come seldom prove nothing: at least `min_samples` must have stayed.
    """

    kind: ClassVar[str] = "stuck"

    metric: Identifier
    stuck_s: Annotated[float, Meta(ge=10, le=30 * 86_400)]
    tolerance: Annotated[float, Meta(ge=0)] = 0.0
    min_samples: Annotated[int, Meta(ge=3, le=10_000)] = 10


class Held(NamedTuple):
    """A value, since when none has moved away from it, and how often one has not."""

    value: float
    since_us: int
    said: int


class StuckDetector:
    """Compares each value with the one that was held first, so that a slow drift is movement."""

    state_type = Held

    def __init__(self, rule: StuckRule, unit: str) -> None:
        """Prepare the rule for values in this unit."""
        self._tolerance = rule.tolerance
        self._stuck_us = round(rule.stuck_s * 1_000_000)
        self._min_samples = rule.min_samples
        self._unit = unit

    def observe(
        self, state: Held | None, value: float, observed_us: int, *, was_bad: bool
    ) -> tuple[Held, Verdict | None]:
        """Take in one value; no verdict while it stays, but not for long enough yet."""
        if state is None or not -self._tolerance <= value - state[0] <= self._tolerance:
            moved = Held(value, observed_us, 1)
            return moved, None if state is None else GOOD
        held, since_us, said = state
        if said < self._min_samples:
            said += 1
            state = Held(held, since_us, said)
        lasts = said >= self._min_samples and observed_us - since_us >= self._stuck_us
        if was_bad or lasts:
            return state, Verdict(True, value, unit=self._unit)
        return state, None


def ready(rule: StuckRule, profile: Profile, registry: Registry) -> StuckDetector | None:
    """Prepare the rule for a profile; None if it does not report the metric, or is not meant."""
    unit = unit_of(rule.metric, profile, registry)
    return StuckDetector(rule, unit) if unit is not None and rule.selects(profile) else None
