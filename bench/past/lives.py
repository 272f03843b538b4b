"""The life of every alert of the month, transition by transition, as the journal has it."""

from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from msgspec.structs import replace

from alerts.board.alert import (
    Alert,
    Circumstances,
    FireBrigade,
    Hold,
    first_alert,
)
from alerts.board.states import Change, State, Transition
from bench.past.causes import Cause
from bench.past.people import Answer
from core.clock import from_us

_SHELF_US: Final = 4 * 3600 * 1_000_000
_TEAM: Final = "第三中队"


class Step(NamedTuple):
    """Something that moves or marks an alert at an instant."""

    at_us: int
    change: Change
    fields: dict[str, object]
    actor: str | None = None


def live(
    cause: Cause, doing: Answer, around: Circumstances, until_us: int
) -> Iterator[tuple[int, Alert]]:
    """Yield the alert after each transition up to `until_us`; numbers are given later."""
    state = State.SUPPRESSED if around.hold else State.UNACKNOWLEDGED
    moved = Transition(state, active=True, change=Change.RAISED)
    known = from_us(cause.known_us)
    alert = first_alert(cause.began, moved, seq=1, now=known, circumstances=around)
    yield cause.known_us, alert
    for step in sorted(_steps(cause, doing, alert), key=lambda step: step.at_us):
        if step.at_us < until_us and _may(alert, step.change):
            alert = _moved(alert, step, latching=cause.rule.latching)
            yield step.at_us, alert


def _steps(cause: Cause, doing: Answer, alert: Alert) -> Iterator[Step]:
    yield Step(cause.ended_us, Change.CLEARED, {})
    if alert.hold or alert.folded_under:
        return
    officer = doing.officer
    if (at_us := doing.notified_us) is not None:
        yield Step(at_us, Change.NOTIFIED, {"notified_at": from_us(at_us)})
    if (at_us := doing.escalated_us) is not None:
        yield Step(at_us, Change.ESCALATED, {"escalation": 1})
    if (at_us := doing.taken_us) is not None:
        taken = {"acknowledged_at": from_us(at_us), "acknowledged_by": officer}
        yield Step(at_us, Change.ACKNOWLEDGED, taken, officer)
    if (at_us := doing.verified_us) is not None:
        found = {"verified_at": from_us(at_us), "verified_by": officer, "verdict": doing.verdict}
        yield Step(at_us, Change.VERIFIED, found, officer)
    yield from _help(doing)
    if (at_us := doing.shelved_us) is not None:
        yield Step(at_us, Change.SHELVED, {"hold": shelf_hold(alert, doing)}, officer)


def _help(doing: Answer) -> Iterator[Step]:
    officer = doing.officer
    if (at_us := doing.handed_over_us) is not None:
        call = FireBrigade(from_us(at_us), officer, f"119-{at_us // 1_000_000 % 100_000:05d}")
        yield Step(at_us, Change.HANDED_OVER, {"fire_brigade": call}, officer)
    if (at_us := doing.sent_us) is not None:
        sent = {"dispatched_at": from_us(at_us), "dispatched_to": _TEAM}
        yield Step(at_us, Change.DISPATCHED, sent, officer)
    if (at_us := doing.arrived_us) is not None:
        yield Step(at_us, Change.ARRIVED, {"on_site_at": from_us(at_us)}, officer)


def shelf_hold(alert: Alert, doing: Answer) -> Hold:
    """Return what a shelved alert shows: put aside for four hours by whoever was on duty."""
    since_us = doing.shelved_us or 0
    ref = f"{alert.device_id}|{alert.rule_id}"
    until = from_us(since_us + _SHELF_US)
    return Hold("shelved", "officer", ref, "现场检修", until, doing.officer)


_HELD: Final = (State.SHELVED, State.SUPPRESSED)


def _may(alert: Alert, change: Change) -> bool:
    """Say whether the board would take this step now."""
    match change:
        case Change.ACKNOWLEDGED:
            return alert.state in (State.UNACKNOWLEDGED, State.RETURNED_UNACKNOWLEDGED)
        case Change.SHELVED | Change.ESCALATED:
            return alert.state is State.UNACKNOWLEDGED
        case Change.CLEARED:
            return alert.active
        case Change.VERIFIED | Change.DISPATCHED | Change.ARRIVED | Change.HANDED_OVER:
            return alert.acknowledged_at is not None
        case _:
            return alert.state is not State.NORMAL


def _moved(alert: Alert, step: Step, *, latching: bool) -> Alert:
    at = from_us(step.at_us)
    change, state, active, more = step.change, alert.state, alert.active, dict(step.fields)
    match change:
        case Change.ACKNOWLEDGED:
            gone = state is State.RETURNED_UNACKNOWLEDGED
            state = State.NORMAL if gone else State.ACKNOWLEDGED
            change = Change.CLEARED if gone else change
            more |= {"cleared_at": at} if gone else {}
        case Change.SHELVED:
            state = State.SHELVED
        case Change.CLEARED:
            active, more = False, {"returned_at": at}
            if latching and state is State.UNACKNOWLEDGED:
                state, change = State.RETURNED_UNACKNOWLEDGED, Change.RETURNED
            else:
                state, more = State.NORMAL, more | {"cleared_at": at, "hold": None}
    return replace(
        alert,
        state=state,
        transition=change,
        active=active,
        updated_at=at,
        actor=step.actor,
        **more,
    )


def numbered(lives: Sequence[tuple[int, Alert]]) -> list[tuple[int, Alert]]:
    """Put all transitions in the order of time and number them without holes."""
    ordered = sorted(lives, key=lambda each: each[0])
    return [(at_us, replace(alert, seq=seq)) for seq, (at_us, alert) in enumerate(ordered, 1)]
