"""Anomalies: is a value unlike this device's own past at this hour? Robust, and always humble."""

from typing import Annotated, ClassVar, Final, Literal

from msgspec import Meta

from alerts.detectors.norms import NO_NORMS, Norms
from alerts.judging.detecting import State, Verdict
from alerts.judging.rules import LastingRule
from devices.model import Identifier, Profile
from devices.registry import Registry

Sigmas = Annotated[float, Meta(ge=3, le=50)]
Spread = Annotated[float, Meta(gt=0)]

_CLEARS_AT: Final = 0.75
"""Share of the distance at which an anomaly ends: the deadband; ours."""


class BaselineRule(LastingRule, frozen=True, kw_only=True, tag="baseline"):
    """Bad while `metric` is `sigmas` robust standard deviations away from the device's own norm.

    The norm is the median of four weeks for this hour of the week (of the day, where there is
    less), the deviation 1.4826 times the median absolute deviation, at least `spread_floor` in
    the metric's unit. What is merely unusual is never more urgent than low.
    """

    kind: ClassVar[str] = "baseline"

    metric: Identifier
    spread_floor: Spread
    sigmas: Sigmas = 6
    side: Literal["both", "above", "below"] = "both"

    def __post_init__(self) -> None:
        """Refuse to make an anomaly urgent, lasting or a matter of life."""
        if self.priority != "low":
            raise ValueError("an anomaly is always of priority low; what is urgent needs a limit")
        if self.life_safety or self.latching:
            raise ValueError("an anomaly is no matter of `life_safety` and does not latch")


class BaselineDetector:
    """Compares each value with the norm of the device that says it."""

    state_type = None
    personal = True

    def __init__(self, rule: BaselineRule, metric: int, unit: str, norms: Norms) -> None:
        """Judge values of this metric by these norms."""
        self._rule = rule
        self._metric = metric
        self._unit = unit
        self._norms = norms

    def observe(
        self,
        state: State,
        value: float,
        observed_us: int,
        *,
        was_bad: bool,
        device_id: str,
    ) -> tuple[State, Verdict | None]:
        """Say whether the value is unusual; no verdict where too little is known of the hour."""
        norm = self._norms.of(device_id, self._metric, observed_us)
        if norm is None:
            return state, None
        far = self._rule.sigmas * max(norm.sigma, self._rule.spread_floor)
        away = value - norm.median
        reach = far * _CLEARS_AT if was_bad else far
        above = away > reach and self._rule.side != "below"
        below = -away > reach and self._rule.side != "above"
        limit = norm.median + (far if away >= 0 else -far)
        return state, Verdict(above or below, value, limit, self._unit)


def ready(
    rule: BaselineRule, profile: Profile, registry: Registry, norms: Norms = NO_NORMS
) -> BaselineDetector | None:
    """Prepare a rule for a profile; None if the profile does not report the metric."""
    metric = registry.metrics.get(rule.metric)
    if metric is None or rule.metric not in profile.metrics:
        return None
    return BaselineDetector(rule, metric.number, metric.unit, norms)
