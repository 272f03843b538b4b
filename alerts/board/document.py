"""An alert as everybody sees it: on the broker, in the journal, in the database, in the api."""

from datetime import datetime
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from alerts.board.states import Change, State
from alerts.judging.rules import Cause, Priority

Verdict = Literal["real", "false", "test"]
Instant = Annotated[datetime, Meta(tz=True)]
HeldBy = Literal["officer", "window", "parent"]
HeldState = Literal["shelved", "suppressed", "out_of_service"]


class Hold(msgspec.Struct, frozen=True):
    """Why nobody is told of an alert, on whose word, and until when."""

    state: Annotated[HeldState, Meta(description="which of the three ways of holding it is")]
    by: Annotated[HeldBy, Meta(description="a person, a window, or the alert it hides under")]
    ref: Annotated[str, Meta(description="shelf (source|rule_id), window_id or parent's alert_id")]
    reason: Annotated[str, Meta(description="why, in the words of whoever decided it")]
    until: Annotated[Instant | None, Meta(description="when it ends by itself; null: never")] = None
    officer: Annotated[str | None, Meta(description="who decided it; null: the engine")] = None


class FireBrigade(msgspec.Struct, frozen=True):
    """The hand-over of a confirmed fire to 119."""

    at: Annotated[Instant, Meta(description="when it was handed over")]
    officer: Annotated[str, Meta(description="who handed it over")]
    reference: Annotated[str, Meta(description="the number 119 gave to the call")]
    note: Annotated[str, Meta(description="what was told")] = ""


class Alert(msgspec.Struct, frozen=True, kw_only=True):
    """One occurrence of something somebody must know, after its latest transition.

    `raised_at` is when it happened by the device's clock, `detected_at` when we knew.
    """

    alert_id: Annotated[str, Meta(description="names the occurrence, however often it is told")]
    seq: Annotated[int, Meta(description="number of the latest transition; runs without holes")]
    rule_id: Annotated[str, Meta(description="the rule that was broken")]
    rule_version: Annotated[int, Meta(description="its version at that moment")]
    kind: Annotated[str, Meta(description="the kind of the rule: event, threshold, offline ...")]
    priority: Annotated[Priority, Meta(description="how soon somebody must act")]
    state: Annotated[State, Meta(description="state after ISA-18.2 / IEC 62682")]
    transition: Annotated[Change, Meta(description="what the latest transition was")]
    active: Annotated[bool, Meta(description="whether the condition is there at this moment")] = (
        False
    )
    life_safety: Annotated[bool, Meta(description="about lives: never held, never folded")] = False
    device_id: Annotated[str | None, Meta(description="the device; null: a site or our own part")]
    site_id: Annotated[str | None, Meta(description="the site; null: our own part")]
    district: Annotated[str, Meta(description="administrative code of six digits; empty: none")]
    domain: Annotated[str, Meta(description="fire, lighting, truck ...; system: our own parts")]
    desk_id: Annotated[str, Meta(description="the desk that answers for it; empty: none")] = ""
    subject: Annotated[str, Meta(description="the metric or signal it is about")]
    value: Annotated[float | None, Meta(description="the value that was seen")]
    limit: Annotated[float | None, Meta(description="the limit it passed")]
    unit: Annotated[str | None, Meta(description="the unit of both")]
    about: Annotated[str | None, Meta(description="what else matters, such as a place")] = None
    cause: Annotated[Cause | None, Meta(description="whose fault silence is")]
    count: Annotated[int, Meta(description="how often it was raised; how many it stands for")]
    title_zh: str
    title_en: str
    guidance_zh: Annotated[str, Meta(description="what the officer should do (处置指引)")]
    guidance_en: Annotated[str, Meta(description="what the officer should do")]
    raised_at: Annotated[Instant, Meta(description="when it happened, by the device's clock")]
    detected_at: Annotated[Instant, Meta(description="when the engine knew")]
    updated_at: Annotated[Instant, Meta(description="when the latest transition was")]
    returned_at: Annotated[Instant | None, Meta(description="when the condition went")] = None
    acknowledged_at: Annotated[Instant | None, Meta(description="when it was taken")] = None
    acknowledged_by: Annotated[str | None, Meta(description="who has taken it")] = None
    cleared_at: Annotated[Instant | None, Meta(description="when it left the board")] = None
    late: Annotated[bool, Meta(description="told so late that it is no longer present")] = False
    drill: Annotated[bool, Meta(description="raised during a drill (消防演练)")] = False
    chattering: Annotated[bool, Meta(description="raised and cleared again and again")] = False
    hold: Annotated[Hold | None, Meta(description="why nobody is told; null: it is told")] = None
    folded_under: Annotated[str | None, Meta(description="the alert it is folded under")] = None
    hidden: Annotated[int, Meta(description="how many are hidden or folded under it")] = 0
    assigned_to: Annotated[str | None, Meta(description="who shall deal with it")] = None
    verdict: Annotated[
        Verdict | None, Meta(description="real 真警, false 误报, test 测试; null: not known")
    ] = None
    verified_by: Annotated[str | None, Meta(description="who found that out")] = None
    verified_at: Annotated[Instant | None, Meta(description="when")] = None
    fire_brigade: Annotated[FireBrigade | None, Meta(description="hand-over to 119")] = None
    notified_at: Annotated[Instant | None, Meta(description="when somebody was first told")] = None
    dispatched_at: Annotated[Instant | None, Meta(description="when help was sent")] = None
    dispatched_to: Annotated[str | None, Meta(description="who was sent")] = None
    on_site_at: Annotated[Instant | None, Meta(description="when help arrived")] = None
    escalation: Annotated[int, Meta(description="steps of escalation taken")] = 0
    reminders: Annotated[int, Meta(description="reminders sent")] = 0
    actor: Annotated[str | None, Meta(description="who made the latest transition")] = None
    note: Annotated[str | None, Meta(description="what they wrote")] = None


encode = msgspec.json.Encoder().encode
decode = msgspec.json.Decoder(Alert).decode
