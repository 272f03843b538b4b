"""The life of an alert after ISA-18.2 / IEC 62682, as one table without a clock in sight."""

from enum import StrEnum
from typing import NamedTuple


class State(StrEnum):
    """Where an alert stands: whether its cause is there, and whether an officer has taken it."""

    NORMAL = "normal"
    UNACKNOWLEDGED = "unacknowledged"
    ACKNOWLEDGED = "acknowledged"
    RETURNED_UNACKNOWLEDGED = "returned_unacknowledged"


class Stimulus(StrEnum):
    """What can happen to an alert. Silence is not among them: no data never clears."""

    BAD = "bad"
    GOOD = "good"
    ACKNOWLEDGE = "acknowledge"


class Change(StrEnum):
    """What a transition is called in the journal, on the broker and in the database."""

    RAISED = "raised"
    ACKNOWLEDGED = "acknowledged"
    RETURNED = "returned"
    CLEARED = "cleared"


class Reason(StrEnum):
    """Why nothing changes."""

    ALREADY_RAISED = "already_raised"
    ALREADY_ACKNOWLEDGED = "already_acknowledged"
    ALREADY_RETURNED = "already_returned"
    NOT_OPEN = "not_open"


class Transition(NamedTuple):
    """The alert moves to `state`, and this is what happened."""

    state: State
    change: Change


class Refusal(NamedTuple):
    """The alert stays where it is, and this is why."""

    reason: Reason


_RAISE = Transition(State.UNACKNOWLEDGED, Change.RAISED)
_TAKE = Transition(State.ACKNOWLEDGED, Change.ACKNOWLEDGED)
_CLEAR = Transition(State.NORMAL, Change.CLEARED)
_RETURN = Transition(State.RETURNED_UNACKNOWLEDGED, Change.RETURNED)

_ALWAYS: dict[tuple[State, Stimulus], Transition | Refusal] = {
    (State.NORMAL, Stimulus.BAD): _RAISE,
    (State.NORMAL, Stimulus.GOOD): Refusal(Reason.NOT_OPEN),
    (State.NORMAL, Stimulus.ACKNOWLEDGE): Refusal(Reason.NOT_OPEN),
    (State.UNACKNOWLEDGED, Stimulus.BAD): Refusal(Reason.ALREADY_RAISED),
    (State.UNACKNOWLEDGED, Stimulus.ACKNOWLEDGE): _TAKE,
    (State.ACKNOWLEDGED, Stimulus.BAD): Refusal(Reason.ALREADY_RAISED),
    (State.ACKNOWLEDGED, Stimulus.GOOD): _CLEAR,
    (State.ACKNOWLEDGED, Stimulus.ACKNOWLEDGE): Refusal(Reason.ALREADY_ACKNOWLEDGED),
    (State.RETURNED_UNACKNOWLEDGED, Stimulus.BAD): _RAISE,
    (State.RETURNED_UNACKNOWLEDGED, Stimulus.GOOD): Refusal(Reason.ALREADY_RETURNED),
    (State.RETURNED_UNACKNOWLEDGED, Stimulus.ACKNOWLEDGE): _CLEAR,
}


def next_state(state: State, stimulus: Stimulus, *, latching: bool) -> Transition | Refusal:
    """Move an alert by one stimulus; only what returns unseen depends on `latching`.

    Bad again while returned and unseen re-raises the same alert; bad again after clearing is a
    new occurrence, for the caller to begin from NORMAL.
    """
    if (state, stimulus) == (State.UNACKNOWLEDGED, Stimulus.GOOD):
        return _RETURN if latching else _CLEAR
    return _ALWAYS[state, stimulus]
