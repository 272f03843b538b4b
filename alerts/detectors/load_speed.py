"""How fast may a truck go with this load? Full, empty and uncovered have limits of their own."""

from typing import ClassVar, NamedTuple

from alerts.detectors.vehicle import Gated, VehicleRule
from alerts.judging.detecting import GOOD, Fix, VehicleDetector, Verdict
from alerts.judging.rules import SPEED, Limit
from devices.model import Profile
from devices.registry import Registry


class LoadSpeedRule(VehicleRule, frozen=True, kw_only=True, tag="load_speed"):
    """Bad while the vehicle is faster than its load and its cover allow; the least limit counts.

    Limits in km/h; one that is not given does not exist.
    """

    kind: ClassVar[str] = "load_speed"
    subject: ClassVar[str] = SPEED

    loaded: Limit | None = None
    empty: Limit | None = None
    cover_open: Limit | None = None

    def __post_init__(self) -> None:
        """Refuse a rule without limits, and a limit without a deadband."""
        limits = [each for each in (self.loaded, self.empty, self.cover_open) if each]
        if not limits:
            raise ValueError("a speed by load needs `loaded`, `empty` or `cover_open`")
        if any(each.clear_at >= each.limit for each in limits):
            raise ValueError("every limit must clear under itself")


class _Memory(NamedTuple):
    """The limit that was passed, 0 for none: another load is judged without the deadband."""

    passed: float = 0.0


class _Speed:
    def __init__(self, rule: LoadSpeedRule) -> None:
        self._rule = rule

    def judge(
        self, memory: _Memory | None, fix: Fix, *, was_bad: bool
    ) -> tuple[_Memory | None, Verdict | None]:
        speed = fix.speed_kmh
        if speed is None or speed > self._rule.gate_kmh:
            return memory, None  # a speed nobody believes
        rule, passed = self._rule, memory.passed if memory else None
        certain = _least(_certain(rule, fix))
        if certain is not None and _is_over(certain, speed, passed, was_bad=was_bad):
            return _Memory(certain.limit), Verdict(True, speed, certain.limit, "km/h")
        possible = _least(_possible(rule, fix))
        if possible is not None and _is_over(possible, speed, passed, was_bad=was_bad):
            return memory, None  # too fast only if what is not known is so
        return _Memory(), GOOD


def _certain(rule: LoadSpeedRule, fix: Fix) -> list[Limit | None]:
    """Return the limits that hold for sure; with an unknown load, the milder of the two."""
    cover = rule.cover_open if fix.cover_open else None
    if fix.loaded is None:
        both = [each for each in (rule.loaded, rule.empty) if each]
        return [cover, max(both, key=_limit) if len(both) == 2 else None]
    return [cover, rule.loaded if fix.loaded else rule.empty]


def _possible(rule: LoadSpeedRule, fix: Fix) -> list[Limit | None]:
    """Return every limit that may hold, for all we know."""
    return [
        rule.cover_open if fix.cover_open is not False else None,
        rule.loaded if fix.loaded is not False else None,
        rule.empty if not fix.loaded else None,
    ]


def _least(limits: list[Limit | None]) -> Limit | None:
    return min((each for each in limits if each), key=_limit, default=None)


def _limit(limit: Limit) -> float:
    return limit.limit


def _is_over(limit: Limit, speed: float, passed: float | None, *, was_bad: bool) -> bool:
    in_band = was_bad if passed is None else passed == limit.limit
    return speed > limit.clear_at if in_band else speed >= limit.limit


def ready(rule: LoadSpeedRule, profile: Profile, registry: Registry) -> VehicleDetector | None:  # noqa: ARG001 - every kind is made ready alike
    """Prepare the detector; None where the rule is not meant for the profile."""
    return Gated(rule.gate, _Speed(rule), _Memory) if rule.selects(profile) else None
