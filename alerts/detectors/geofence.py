"""Where a vehicle must not be, or must stay: places with a way in and a way out that differ."""

from typing import Any, ClassVar, Literal, NamedTuple

from alerts.detectors.places import Place, PlaceIndex
from alerts.detectors.vehicle import Choice, Gated, Metres, VehicleRule, chosen_places
from alerts.judging.detecting import GOOD, Fix, VehicleDetector, Verdict
from core.errors import Invalid
from devices.model import Identifier, Profile
from devices.registry import Registry


class _Memory(NamedTuple):
    """Whether the vehicle is inside, and the name of the place it was in last."""

    inside: bool
    last: str | None = None


class GeofenceRule(VehicleRule, frozen=True, kw_only=True, tag="geofence"):
    """Bad while the vehicle is inside, or outside, of all chosen places.

    It enters at a place's edge and leaves `buffer_m` beyond it: between the two nothing changes,
    which is what stops a truck parked at the fence from flapping. Dwell is the on-delay.
    """

    kind: ClassVar[str] = "geofence"
    subject: ClassVar[str] = "position"

    bad: Literal["inside", "outside"]
    site_kinds: tuple[Identifier, ...] = ()
    sites: tuple[Identifier, ...] = ()
    area: dict[str, Any] | None = None
    radius_m: Metres = 0  # around sites without a polygon; 0: those do not count
    buffer_m: Metres = 30

    def __post_init__(self) -> None:
        """Refuse a rule without places, and an area that is none."""
        if not (self.site_kinds or self.sites or self.area):
            raise ValueError("a geofence needs `site_kinds`, `sites` or `area`")
        if self.area is not None:
            try:
                self.drawn()
            except Invalid as error:
                raise ValueError(f"`area`: {error.message}") from None

    def drawn(self) -> list[Place]:
        """Return the area that the rule itself draws, if it does."""
        return [] if self.area is None else [Place(self.rule_id, self.title_zh, self.area)]


class _Fence:
    def __init__(self, rule: GeofenceRule, places: list[Place]) -> None:
        self._bad_inside = rule.bad == "inside"
        self._buffer_m = rule.buffer_m
        self._index = PlaceIndex(places, rule.buffer_m)

    def judge(
        self, memory: _Memory | None, fix: Fix, *, was_bad: bool
    ) -> tuple[_Memory, Verdict | None]:
        near = self._index.closest(fix.lon, fix.lat)
        # Nothing known yet: in doubt, between the edge and the buffer, it is as it was judged.
        was_inside, last = memory or _Memory(was_bad == self._bad_inside)
        inside = near is not None and near.metres <= (self._buffer_m if was_inside else 0)
        if inside and near is not None:
            last = near.place.name
        bad = inside == self._bad_inside
        return _Memory(inside, last), Verdict(True, about=last) if bad else GOOD


def ready(rule: GeofenceRule, profile: Profile, registry: Registry) -> VehicleDetector | None:
    """Prepare the places; None where the rule is not meant for the profile or there are none."""
    if not rule.selects(profile):
        return None
    choice = Choice(rule.site_kinds, rule.sites, rule.radius_m)
    places = [*chosen_places(registry, choice), *rule.drawn()]
    return Gated(rule.gate, _Fence(rule, places), _Memory) if places else None
