"""How far a truck is off the route it has a permit for, and for how long."""

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, NamedTuple

from msgspec import Meta

from alerts.detectors.places import Line, read_lines
from alerts.detectors.vehicle import Gated, Metres, VehicleRule
from alerts.judging.detecting import GOOD, Fix, VehicleDetector, Verdict
from alerts.judging.rules import Delay, Priority
from core.errors import Invalid
from devices.model import Identifier, Profile
from devices.registry import Registry, Speaker


class RouteRule(VehicleRule, frozen=True, kw_only=True, tag="route"):
    """Bad while the vehicle is more than `limit_m` off its route, good again within `back_m`.

    The route is the GeoJSON line in the device's `attribute`, else the rule's own `corridor`; a
    vehicle with neither is not judged. What lasts `serious_after_s` has the serious priority.
    """

    kind: ClassVar[str] = "route"
    subject: ClassVar[str] = "route"

    attribute: Identifier = "approved_route"
    corridor: dict[str, Any] | None = None
    limit_m: Annotated[float, Meta(gt=0, le=10_000)] = 50
    back_m: Metres = 30
    serious_after_s: Delay | None = None
    serious_priority: Priority | None = None

    def __post_init__(self) -> None:
        """Refuse a deadband upside down, half a second level, and a corridor that is none."""
        if self.back_m >= self.limit_m:
            raise ValueError("`back_m` must be less than `limit_m`")
        if (self.serious_after_s is None) != (self.serious_priority is None):
            raise ValueError("`serious_after_s` and `serious_priority` go together")
        if self.corridor is not None:
            try:
                read_lines(self.corridor)
            except Invalid as error:
                raise ValueError(f"`corridor`: {error.message}") from None


class _Memory(NamedTuple):
    """Since when the vehicle is off its route, 0 while it is on it; where on it that was last."""

    off_us: int = 0
    edge: int = 0


class _Permitted:
    def __init__(self, rule: RouteRule, speakers: Mapping[str, Speaker]) -> None:
        self._rule = rule
        self._speakers = speakers
        self._own = None if rule.corridor is None else read_lines(rule.corridor)
        self._lines: dict[str, Line | None] = {}

    def judge(
        self, memory: _Memory | None, fix: Fix, *, was_bad: bool
    ) -> tuple[_Memory | None, Verdict | None]:
        line = self._line(fix.device_id)
        if line is None:
            return None, None
        before = memory or _Memory(fix.observed_us if was_bad else 0)
        allowed_m = self._rule.back_m if before.off_us else self._rule.limit_m
        edge = line.edge_within(allowed_m, fix.lon, fix.lat, before.edge)
        if edge is not None:
            return _Memory(0, edge), GOOD
        since = _Memory(before.off_us or fix.observed_us, before.edge)
        metres, priority = line.distance_m(fix.lon, fix.lat), self._priority(since, fix.observed_us)
        return since, Verdict(True, round(metres, 1), self._rule.limit_m, "m", priority)

    def _priority(self, since: _Memory, now_us: int) -> Priority | None:
        after_s = self._rule.serious_after_s
        serious = after_s is not None and now_us - since.off_us >= after_s * 1_000_000
        return self._rule.serious_priority if serious else self._rule.priority

    def _line(self, device_id: str) -> Line | None:
        if device_id not in self._lines:
            self._lines[device_id] = self._read(device_id)
        return self._lines[device_id]

    def _read(self, device_id: str) -> Line | None:
        """Return the vehicle's own route; one that cannot be read is no permit, and no guess."""
        speaker = self._speakers.get(device_id)
        drawn = speaker.device.attributes.get(self._rule.attribute) if speaker else None
        try:
            return self._own if drawn is None else read_lines(drawn)
        except Invalid:
            return None


def ready(rule: RouteRule, profile: Profile, registry: Registry) -> VehicleDetector | None:
    """Prepare the detector; routes are read when their vehicle is first heard."""
    if not rule.selects(profile):
        return None
    return Gated(rule.gate, _Permitted(rule, registry.speakers), _Memory)
