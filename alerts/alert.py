"""An alert as everybody sees it: on the broker, in the journal, in the database, in the api."""

from datetime import datetime
from hashlib import blake2b
from typing import Literal, NamedTuple

import msgspec

from alerts.rules import AnyRule, Cause, OfflineRule, Priority
from alerts.states import Change, State, Transition
from core.clock import from_us
from devices.model import Device

SYSTEM = "system"
"""The domain of alerts about our own parts; they have no device, no site and no district."""


class Alert(msgspec.Struct, frozen=True, kw_only=True):
    """One occurrence of something somebody must know, after its latest transition.

    `raised_at` is when it happened by the device's clock, `detected_at` when we knew.
    """

    alert_id: str
    seq: int
    rule_id: str
    rule_version: int
    kind: Literal["event", "threshold", "offline"]
    priority: Priority
    state: State
    transition: Change
    device_id: str | None
    site_id: str | None
    district: str
    domain: str
    subject: str
    value: float | None
    limit: float | None
    unit: str | None
    cause: Cause | None
    count: int
    title_zh: str
    title_en: str
    guidance_zh: str
    guidance_en: str
    raised_at: datetime
    detected_at: datetime
    updated_at: datetime
    returned_at: datetime | None = None
    acknowledged_at: datetime | None = None
    acknowledged_by: str | None = None
    cleared_at: datetime | None = None
    late: bool = False


encode = msgspec.json.Encoder().encode
decode = msgspec.json.Decoder(Alert).decode


class Subject(NamedTuple):
    """Who an alert is about: a device of a domain, or, with neither, one of our own parts."""

    source: str
    device: Device | None = None
    domain: str = SYSTEM


class Measure(NamedTuple):
    """What was seen: a metric's value and the limit it passed, or only the name of a signal."""

    name: str
    value: float | None = None
    limit: float | None = None
    unit: str | None = None


class Began(NamedTuple):
    """A condition has become an alert, which stands for `size` devices.

    `identity_us` is the same however often it is told.
    """

    rule: AnyRule
    subject: Subject
    measure: Measure
    identity_us: int
    at_us: int
    late: bool = False
    size: int = 1


class Ended(NamedTuple):
    """The condition is gone."""

    rule_id: str
    source: str
    at_us: int


Finding = Began | Ended


def alert_id(began: Began) -> str:
    """Name an occurrence by what makes it one; telling the same again gives the same name."""
    identity = f"{began.rule.rule_id}|{began.subject.source}|{began.identity_us}"
    digest = blake2b(identity.encode(), digest_size=6).hexdigest()
    return f"{from_us(began.identity_us):%Y%m%d-%H%M%S}-{digest}"


def first_alert(began: Began, moved: Transition, *, seq: int, now: datetime) -> Alert:
    """Return the alert of a new occurrence."""
    rule, (source, device, domain) = began.rule, began.subject
    of_system = "" if device else source
    return Alert(
        alert_id=alert_id(began),
        seq=seq,
        rule_id=rule.rule_id,
        rule_version=rule.version,
        kind=rule.kind,
        priority=rule.priority,
        state=moved.state,
        transition=moved.change,
        device_id=device.device_id if device else None,
        site_id=device.site_id if device else None,
        district=device.district if device else "",
        domain=domain,
        subject=began.measure.name,
        value=began.measure.value,
        limit=began.measure.limit,
        unit=began.measure.unit,
        cause=rule.cause if isinstance(rule, OfflineRule) else None,
        count=began.size,
        title_zh=f"{rule.title_zh}（{of_system}）" if of_system else rule.title_zh,
        title_en=f"{rule.title_en} ({of_system})" if of_system else rule.title_en,
        guidance_zh=rule.guidance_zh,
        guidance_en=rule.guidance_en,
        raised_at=from_us(began.at_us),
        detected_at=now,
        updated_at=now,
        late=began.late,
    )
