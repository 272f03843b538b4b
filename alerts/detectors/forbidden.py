"""What trucks may do at permitted sites only: tip, load, unload, drive uncovered."""

from typing import ClassVar, Literal, NamedTuple

from alerts.detectors.places import Near, Place, PlaceIndex
from alerts.detectors.vehicle import Choice, Gated, Kmh, Metres, VehicleRule, chosen_places
from alerts.judging.detecting import GOOD, Fix, VehicleDetector, Verdict
from alerts.judging.rules import Delay
from devices.model import Identifier, Profile
from devices.registry import Registry

_US = 1_000_000


class ForbiddenRule(VehicleRule, frozen=True, kw_only=True, tag="forbidden"):
    """Bad while the vehicle does, anywhere but at a permitted site, what only that is for.

    `lift`: the box is raised. `load`, `unload`: the load came, or went, and is still so; it counts
    only between two fixes no more than `gap_s` apart, both outside. `uncovered`: loaded, moving,
    and the cover is open. A site's ground counts with `buffer_m` around it as long as nothing is
    wrong, and only up to its edge to make good what is.
    """

    kind: ClassVar[str] = "forbidden"

    act: Literal["lift", "load", "unload", "uncovered"]
    except_kinds: tuple[Identifier, ...] = ()
    except_sites: tuple[Identifier, ...] = ()
    radius_m: Metres = 0  # around sites without a polygon; 0: those do not count
    buffer_m: Metres = 30
    moving_kmh: Kmh = 5
    gap_s: Delay = 300

    @property
    def subject(self) -> str:  # type: ignore[override]
        """Return what alerts of this rule are about."""
        return "cover_open" if self.act == "uncovered" else self.act


class _Memory(NamedTuple):
    """What was wrong, and the last fix at which the load was known: when, how, where."""

    wrong: bool
    at_us: int = 0
    loaded: bool | None = None
    permitted: bool = True


class _Acts:
    def __init__(self, rule: ForbiddenRule, places: list[Place]) -> None:
        self._rule = rule
        self._index = PlaceIndex(places, rule.buffer_m)

    def judge(
        self, memory: _Memory | None, fix: Fix, *, was_bad: bool
    ) -> tuple[_Memory | None, Verdict | None]:
        before = memory or _Memory(was_bad)
        near = self._index.closest(fix.lon, fix.lat)
        permitted = _is_permitted(near, 0 if before.wrong else self._rule.buffer_m)
        wrong = self._is_wrong(before, fix, permitted=permitted)
        if wrong is None:
            return memory, None
        now = self._remembered(before, fix, wrong=wrong, permitted=permitted)
        if not wrong:
            return now, GOOD
        return now, Verdict(True, about=near.place.name if near else None)

    def _is_wrong(self, before: _Memory, fix: Fix, *, permitted: bool) -> bool | None:
        match self._rule.act:
            case "lift":
                return None if fix.lifted is None else fix.lifted and not permitted
            case "uncovered":
                return _all_of(not permitted, fix.cover_open, fix.loaded, self._moves(fix))
            case "load":
                return self._has_changed(before, fix, to_loaded=True, permitted=permitted)
            case "unload":
                return self._has_changed(before, fix, to_loaded=False, permitted=permitted)

    def _moves(self, fix: Fix) -> bool | None:
        return None if fix.speed_kmh is None else fix.speed_kmh > self._rule.moving_kmh

    def _has_changed(
        self, before: _Memory, fix: Fix, *, to_loaded: bool, permitted: bool
    ) -> bool | None:
        """Say whether the load came or went out here, now or before, and still stands so."""
        if fix.loaded is None:
            return None
        if fix.loaded is not to_loaded or permitted:
            return False
        just_now = fix.observed_us - before.at_us <= self._rule.gap_s * _US
        seen = before.loaded is (not to_loaded) and not before.permitted and just_now
        return before.wrong or seen

    def _remembered(self, before: _Memory, fix: Fix, *, wrong: bool, permitted: bool) -> _Memory:
        if fix.loaded is None:
            return before._replace(wrong=wrong)
        return _Memory(wrong, fix.observed_us, fix.loaded, permitted)


def _is_permitted(near: Near | None, buffer_m: float) -> bool:
    return near is not None and near.metres <= buffer_m


def _all_of(*facts: bool | None) -> bool | None:
    """Return whether all are so: one that is not decides, else one that is not known."""
    if False in facts:
        return False
    return None if None in facts else True


def ready(rule: ForbiddenRule, profile: Profile, registry: Registry) -> VehicleDetector | None:
    """Prepare the permitted places; None where the rule counts on some and none is known.

    A rule that names no places forbids its act everywhere.
    """
    choice = Choice(rule.except_kinds, rule.except_sites, rule.radius_m)
    places = list(chosen_places(registry, choice))
    unknown = not places and bool(rule.except_kinds or rule.except_sites)
    if unknown or not rule.selects(profile):
        return None
    return Gated(rule.gate, _Acts(rule, places), _Memory)
