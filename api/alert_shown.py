"""The alert document of the API: the engine publishes it, we pass it on, this describes it."""

from datetime import datetime
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from api.alert import Priority, State

Transition = Literal[
    "raised",
    "acknowledged",
    "returned",
    "cleared",
    "shelved",
    "unshelved",
    "suppressed",
    "unsuppressed",
    "removed_from_service",
    "returned_to_service",
    "reprioritised",
    "verified",
    "handed_over",
    "dispatched",
    "arrived",
    "assigned",
    "commented",
    "escalated",
    "reminded",
    "notified",
    "folded",
    "unfolded",
    "updated",
]


class HoldShown(msgspec.Struct, frozen=True, kw_only=True):
    """Why nobody is told of an alert: who decided it, why, and until when."""

    state: Literal["shelved", "suppressed", "out_of_service"]
    by: Annotated[
        Literal["officer", "window", "parent"],
        Meta(description="a person, a window, or the alert it hides under"),
    ]
    ref: Annotated[str, Meta(description="the window's id, or the parent's alert_id")]
    reason: str
    until: Annotated[datetime | None, Meta(description="when it ends by itself; null: never")]
    officer: str | None


class FireBrigadeShown(msgspec.Struct, frozen=True, kw_only=True):
    """The hand-over of a confirmed fire to 119."""

    at: datetime
    officer: str
    reference: Annotated[str, Meta(description="the number 119 gave to the call")]
    note: str


class AlertShown(msgspec.Struct, frozen=True, kw_only=True):
    """An alert after its latest transition, as the engine published it."""

    alert_id: str
    seq: Annotated[int, Meta(description="number of the latest transition")]
    rule_id: str
    rule_version: int
    kind: Annotated[str, Meta(description="the rule's kind: event, threshold, offline, …")]
    priority: Priority
    state: Annotated[State, Meta(description="after ISA-18.2 / IEC 62682")]
    transition: Transition
    device_id: str | None
    site_id: str | None
    district: str
    domain: Annotated[str, Meta(description="fire, lighting, truck, …; system: our own parts")]
    subject: Annotated[str, Meta(description="the metric or signal it is about")]
    value: float | None
    limit: float | None
    unit: str | None
    cause: Literal["device", "gateway", "ingest", "broker", "clock", "maintenance"] | None
    count: Annotated[int, Meta(description="how often it was raised; how many it stands for")]
    title_zh: str
    title_en: str
    guidance_zh: str
    guidance_en: str
    raised_at: Annotated[datetime, Meta(description="when it happened, by the device's clock")]
    detected_at: Annotated[datetime, Meta(description="when the engine knew")]
    updated_at: datetime
    returned_at: datetime | None
    acknowledged_at: datetime | None
    acknowledged_by: str | None
    cleared_at: datetime | None
    late: bool
    active: Annotated[bool, Meta(description="whether the condition is there just now")] = True
    life_safety: Annotated[bool, Meta(description="never held, never folded")] = False
    drill: Annotated[bool, Meta(description="raised during a drill (消防演练)")] = False
    chattering: bool = False
    hold: HoldShown | None = None
    folded_under: Annotated[str | None, Meta(description="the first alert of its flood")] = None
    hidden: Annotated[int, Meta(description="how many are hidden or folded under it")] = 0
    desk_id: Annotated[str, Meta(description="the desk that answers for it; empty: none")] = ""
    about: Annotated[str | None, Meta(description="what else matters, such as a place")] = None
    assigned_to: str | None = None
    verdict: Annotated[
        Literal["real", "false", "test"] | None, Meta(description="真警, 误报, 测试")
    ] = None
    verified_by: str | None = None
    verified_at: datetime | None = None
    fire_brigade: FireBrigadeShown | None = None
    notified_at: Annotated[datetime | None, Meta(description="when somebody was first told")] = None
    dispatched_at: datetime | None = None
    dispatched_to: str | None = None
    on_site_at: datetime | None = None
    escalation: Annotated[int, Meta(description="steps of escalation taken")] = 0
    reminders: int = 0
    actor: Annotated[str | None, Meta(description="who made the latest transition")] = None
    note: Annotated[str | None, Meta(description="what they wrote")] = None
