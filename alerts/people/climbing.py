"""Who is told next, and when? An alert, a chain of steps and a clock in; no memory, no time."""

from typing import Final, NamedTuple

import msgspec

from alerts.board.document import Alert
from alerts.board.states import HELD, Change, State
from alerts.judging.rules import Priority
from alerts.people.desks import Chain, Step
from core.clock import to_us

_S: Final = 1_000_000
_RANKS: Final[dict[Priority, int]] = {"low": 0, "medium": 1, "high": 2, "critical": 3}
_ANNOUNCING: Final = frozenset(
    {
        Change.RAISED,
        Change.UNSHELVED,
        Change.UNSUPPRESSED,
        Change.RETURNED_TO_SERVICE,
        Change.UNFOLDED,
    }
)
"""After these an unanswered alert begins its chain from the first step."""


class Clock(msgspec.Struct, frozen=True):
    """How far an alert has climbed: announced when, steps taken, last word of those that repeat."""

    since_us: int
    priority: Priority
    steps: int = 0
    last_us: int = 0
    reminders: int = 0


class Planned(NamedTuple):
    """The next telling: a step of the chain, or a reminder of one that was taken."""

    at_us: int
    step: int
    reminder: bool


def is_told(alert: Alert) -> bool:
    """Say whether anybody is told of the alert: not while it is held, folded or gone."""
    quiet = alert.state is State.NORMAL or alert.state in HELD
    return not quiet and alert.hold is None and alert.folded_under is None


def announces(alert: Alert, clock: Clock) -> bool:
    """Say whether the alert's latest transition begins its chain anew (ISA-18.2: re-alarm)."""
    if alert.state is State.ACKNOWLEDGED or to_us(alert.updated_at) == clock.since_us:
        return False
    if alert.transition is Change.REPRIORITISED:
        return _RANKS[alert.priority] > _RANKS[clock.priority]
    return alert.transition in _ANNOUNCING


def begun(alert: Alert) -> Clock:
    """Return the clock of an alert that is announced with its latest transition."""
    return Clock(to_us(alert.updated_at), alert.priority)


def inferred(alert: Alert) -> Clock:
    """Return the clock of an alert whose own is missing, from what the alert says of itself."""
    told = alert.notified_at is not None or alert.escalation > 0
    return Clock(
        to_us(alert.detected_at),
        alert.priority,
        steps=alert.escalation + told,
        last_us=to_us(alert.updated_at),
        reminders=alert.reminders,
    )


def what_next(alert: Alert, chain: Chain, clock: Clock) -> Planned | None:
    """Return the next telling; None once the alert is answered or the chain has ended.

    A step whose condition is met is left out; a step comes before a reminder at the same instant.
    """
    plans = [each for each in (_step(alert, chain, clock), _reminder(alert, chain, clock)) if each]
    return min(plans, key=lambda plan: (plan.at_us, plan.reminder), default=None)


def after(chain: Chain, clock: Clock, planned: Planned, now_us: int) -> Clock:
    """Return the clock once this telling is under way.

    A step that is not to be repeated does not put off the reminders of those before it.
    """
    if planned.reminder:
        return msgspec.structs.replace(clock, last_us=now_us, reminders=clock.reminders + 1)
    last_us = now_us if chain[planned.step].repeat_every_s else clock.last_us
    return msgspec.structs.replace(clock, last_us=last_us, steps=planned.step + 1)


def repeating(alert: Alert, chain: Chain, clock: Clock) -> list[Step]:
    """Return the steps that were taken, are to be repeated and are still not answered."""
    taken = chain[: clock.steps]
    return [step for step in taken if step.repeat_every_s and not _is_answered(alert, step)]


def _step(alert: Alert, chain: Chain, clock: Clock) -> Planned | None:
    for number in range(clock.steps, len(chain)):
        if not _is_answered(alert, chain[number]):
            return Planned(clock.since_us + chain[number].after_s * _S, number, reminder=False)
    return None


def _reminder(alert: Alert, chain: Chain, clock: Clock) -> Planned | None:
    """Plan by the latest step that repeats; the next reminder is that much after the last word."""
    steps = repeating(alert, chain, clock)
    if not steps:
        return None
    number = chain.index(steps[-1])
    every_s = steps[-1].repeat_every_s or 0
    return Planned(clock.last_us + every_s * _S, number, reminder=True)


def _is_answered(alert: Alert, step: Step) -> bool:
    """Say whether what the step waits for has happened; nobody is sent to a false alarm."""
    if step.until == "acknowledged":
        return alert.state is State.ACKNOWLEDGED
    if step.until == "verified":
        return alert.verdict is not None
    sent = alert.dispatched_at is not None or alert.fire_brigade is not None
    return sent or alert.verdict in ("false", "test")
