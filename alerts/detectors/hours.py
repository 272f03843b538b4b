"""Is a truck at work at an hour it has no permit for? Local time, across midnight if need be."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Annotated, ClassVar, Final, Literal, NamedTuple
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec
from msgspec import Meta

from alerts.detectors.vehicle import Gated, Kmh, VehicleRule
from alerts.judging.detecting import GOOD, Fix, VehicleDetector, Verdict
from devices.model import Identifier, Profile
from devices.registry import Registry, Speaker

_MINUTE_US: Final = 60_000_000

ClockTime = Annotated[str, Meta(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$")]


class Span(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename={"from_": "from"}):
    """From one minute of the day up to another, on the weekdays (1 Monday) on which it begins.

    An end that is not after the beginning is on the next day; the same minute twice is 24 hours.
    """

    from_: ClockTime
    to: ClockTime
    days: tuple[Annotated[int, Meta(ge=1, le=7)], ...] = (1, 2, 3, 4, 5, 6, 7)

    def holds(self, local: datetime) -> bool:
        """Say whether this minute of local time lies in it."""
        minute, start, end = _minute(f"{local:%H:%M}"), _minute(self.from_), _minute(self.to)
        if start < end:
            return start <= minute < end and local.isoweekday() in self.days
        if minute >= start:
            return local.isoweekday() in self.days
        return minute < end and (local - timedelta(days=1)).isoweekday() in self.days


class HoursRule(VehicleRule, frozen=True, kw_only=True, tag="hours"):
    """Bad while the vehicle works outside the allowed hours: moves, is loaded, or both.

    The hours are those in the device's `attribute`, a list of spans, else the rule's own `allowed`;
    a vehicle with neither is not judged. An empty list allows nothing.
    """

    kind: ClassVar[str] = "hours"
    subject: ClassVar[str] = "hours"

    attribute: Identifier = "approved_hours"
    allowed: tuple[Span, ...] | None = None
    zone: str = "Asia/Shanghai"
    works: Literal["moving", "loaded", "moving_loaded"] = "moving"
    moving_kmh: Kmh = 5
    still_kmh: Kmh = 2

    def __post_init__(self) -> None:
        """Refuse a zone nobody knows and a deadband upside down."""
        try:
            ZoneInfo(self.zone)
        except (ZoneInfoNotFoundError, ValueError):
            raise ValueError(f"there is no time zone {self.zone!r}") from None
        if self.still_kmh >= self.moving_kmh:
            raise ValueError("`still_kmh` must be less than `moving_kmh`")


class _Memory(NamedTuple):
    """Whether the vehicle was moving."""

    moving: bool


class _Working:
    def __init__(self, rule: HoursRule, speakers: Mapping[str, Speaker]) -> None:
        self._rule = rule
        self._zone = ZoneInfo(rule.zone)
        self._speakers = speakers
        self._spans: dict[str, tuple[Span, ...] | None] = {}
        self._allows = lru_cache(maxsize=1_024)(self._is_allowed)

    def judge(
        self, memory: _Memory | None, fix: Fix, *, was_bad: bool
    ) -> tuple[_Memory | None, Verdict | None]:
        spans = self._hours_of(fix.device_id)
        if spans is None:
            return None, None
        was_moving = memory.moving if memory else was_bad
        moving, works = self._works(fix, was_moving=was_moving)
        if works is None:
            return memory, None
        bad = works and not self._allows(spans, fix.observed_us // _MINUTE_US)
        verdict = Verdict(True, fix.speed_kmh, unit="km/h") if bad else GOOD
        return _Memory(moving), verdict

    def _works(self, fix: Fix, *, was_moving: bool) -> tuple[bool, bool | None]:
        """Return whether it moves and whether it works; None where that is not known."""
        rule, speed = self._rule, fix.speed_kmh
        limit = rule.still_kmh if was_moving else rule.moving_kmh
        moving = was_moving if speed is None else speed > limit
        match rule.works:
            case "moving":
                return moving, None if speed is None else moving
            case "loaded":
                return moving, fix.loaded
            case "moving_loaded":
                unknown = speed is None or fix.loaded is None
                return moving, None if unknown else moving and bool(fix.loaded)

    def _is_allowed(self, spans: tuple[Span, ...], minute: int) -> bool:
        local = datetime.fromtimestamp(minute * 60, self._zone)
        return any(span.holds(local) for span in spans)

    def _hours_of(self, device_id: str) -> tuple[Span, ...] | None:
        if device_id not in self._spans:
            self._spans[device_id] = self._read(device_id)
        return self._spans[device_id]

    def _read(self, device_id: str) -> tuple[Span, ...] | None:
        """Return the vehicle's own hours; what cannot be read is no permit, and no guess."""
        speaker = self._speakers.get(device_id)
        written = speaker.device.attributes.get(self._rule.attribute) if speaker else None
        if written is None:
            return self._rule.allowed
        try:
            return tuple(msgspec.convert(written, Sequence[Span]))
        except msgspec.ValidationError:
            return None


def _minute(clock: str) -> int:
    return int(clock[:2]) * 60 + int(clock[3:])


def ready(rule: HoursRule, profile: Profile, registry: Registry) -> VehicleDetector | None:
    """Prepare the detector; hours are read when their vehicle is first heard."""
    if not rule.selects(profile):
        return None
    return Gated(rule.gate, _Working(rule, registry.speakers), _Memory)
