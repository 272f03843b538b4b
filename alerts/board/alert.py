"""How an alert comes to be: what was found, what surrounds it, and its first document."""

from datetime import datetime
from hashlib import blake2b
from typing import NamedTuple, cast

from alerts.board.document import (
    Alert,
    FireBrigade,
    HeldBy,
    HeldState,
    Hold,
    Verdict,
    decode,
    encode,
)
from alerts.board.states import Nature, Transition
from alerts.judging.rules import Cause, Priority, Rule
from core.clock import from_us
from devices.model import Device, Site

__all__ = [
    "SYSTEM",
    "Alert",
    "Began",
    "Cause",
    "Changed",
    "Circumstances",
    "Ended",
    "Finding",
    "FireBrigade",
    "HeldBy",
    "HeldState",
    "Hold",
    "Measure",
    "Subject",
    "Verdict",
    "alert_id",
    "decode",
    "encode",
    "first_alert",
    "nature_of",
]

SYSTEM = "system"
"""The domain of alerts about our own parts; they have no device, no site and no district."""


class Subject(NamedTuple):
    """Who an alert is about: a device of a domain, a whole site, or one of our own parts."""

    source: str
    device: Device | None = None
    domain: str = SYSTEM
    site: Site | None = None


class Measure(NamedTuple):
    """What was seen: a metric's value and the limit it passed, or only the name of a signal."""

    name: str
    value: float | None = None
    limit: float | None = None
    unit: str | None = None
    about: str | None = None


class Began(NamedTuple):
    """A condition has become an alert, which stands for `size` devices.

    `identity_us` is the same however often it is told; `priority` is that of the level reached,
    None: the rule's own.
    """

    rule: Rule
    subject: Subject
    measure: Measure
    identity_us: int
    at_us: int
    late: bool = False
    size: int = 1
    priority: Priority | None = None


class Ended(NamedTuple):
    """The condition is gone."""

    rule_id: str
    source: str
    at_us: int


class Changed(NamedTuple):
    """The condition is still there and has reached another level: worse, or not so bad."""

    rule_id: str
    source: str
    priority: Priority
    measure: Measure
    at_us: int


Finding = Began | Ended | Changed


class Circumstances(NamedTuple):
    """What surrounds a new alert; neither hold nor fold touches what is about lives."""

    hold: Hold | None = None
    drill: bool = False
    desk_id: str = ""
    folded_under: str | None = None
    chattering: bool = False


class _Place(NamedTuple):
    """Where an alert is shown, and the part of ours it names in its title."""

    device_id: str | None
    site_id: str | None
    district: str
    part: str = ""


def alert_id(began: Began) -> str:
    """Name an occurrence by what makes it one; telling the same again gives the same name."""
    identity = f"{began.rule.rule_id}|{began.subject.source}|{began.identity_us}"
    digest = blake2b(identity.encode(), digest_size=6).hexdigest()
    return f"{from_us(began.identity_us):%Y%m%d-%H%M%S}-{digest}"


def nature_of(rule: Rule) -> Nature:
    """Return what the rule says about the life of its alerts."""
    return Nature(rule.latching, rule.life_safety)


def first_alert(
    began: Began,
    moved: Transition,
    *,
    seq: int,
    now: datetime,
    circumstances: Circumstances,
) -> Alert:
    """Return the alert of a new occurrence; the caller has seen to it that it may be held."""
    rule, measure = began.rule, began.measure
    place = _place(began.subject)
    part_zh, part_en = (f"（{place.part}）", f" ({place.part})") if place.part else ("", "")
    return Alert(
        alert_id=alert_id(began),
        seq=seq,
        rule_id=rule.rule_id,
        rule_version=rule.version,
        kind=rule.kind,
        priority=began.priority or rule.priority,
        state=moved.state,
        transition=moved.change,
        active=moved.active,
        life_safety=nature_of(rule).life_safety,
        device_id=place.device_id,
        site_id=place.site_id,
        district=place.district,
        domain=began.subject.domain,
        desk_id=circumstances.desk_id,
        subject=measure.name,
        value=measure.value,
        limit=measure.limit,
        unit=measure.unit,
        about=measure.about,
        cause=cast("Cause | None", getattr(rule, "cause", None)),
        count=began.size,
        title_zh=rule.title_zh + part_zh,
        title_en=rule.title_en + part_en,
        guidance_zh=rule.guidance_zh,
        guidance_en=rule.guidance_en,
        raised_at=from_us(began.at_us),
        detected_at=now,
        updated_at=now,
        late=began.late,
        drill=circumstances.drill,
        chattering=circumstances.chattering,
        hold=circumstances.hold,
        folded_under=circumstances.folded_under,
    )


def _place(subject: Subject) -> _Place:
    source, device, _, site = subject
    if device is not None:
        return _Place(device.device_id, device.site_id, device.district)
    if site is not None:
        return _Place(None, site.site_id, site.district)
    return _Place(None, None, "", source)
