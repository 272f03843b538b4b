"""The life of an alert after ISA-18.2 / IEC 62682, as one function without a clock in sight."""

from enum import StrEnum
from typing import Final, NamedTuple


class State(StrEnum):
    """The seven states: four of an alert somebody should look at, three of one held back."""

    NORMAL = "normal"
    UNACKNOWLEDGED = "unacknowledged"
    ACKNOWLEDGED = "acknowledged"
    RETURNED_UNACKNOWLEDGED = "returned_unacknowledged"
    SHELVED = "shelved"
    SUPPRESSED = "suppressed"
    OUT_OF_SERVICE = "out_of_service"


class Stimulus(StrEnum):
    """What can happen to an alert. Silence is not among them: no data never clears."""

    BAD = "bad"
    GOOD = "good"
    ACKNOWLEDGE = "acknowledge"
    WORSE = "worse"
    SHELVE = "shelve"
    SUPPRESS = "suppress"
    REMOVE_FROM_SERVICE = "remove_from_service"
    RELEASE = "release"


class Change(StrEnum):
    """What a transition is called in the journal, on the broker and in the database."""

    RAISED = "raised"
    ACKNOWLEDGED = "acknowledged"
    RETURNED = "returned"
    CLEARED = "cleared"
    SHELVED = "shelved"
    UNSHELVED = "unshelved"
    SUPPRESSED = "suppressed"
    UNSUPPRESSED = "unsuppressed"
    REMOVED_FROM_SERVICE = "removed_from_service"
    RETURNED_TO_SERVICE = "returned_to_service"
    REPRIORITISED = "reprioritised"
    VERIFIED = "verified"
    HANDED_OVER = "handed_over"
    DISPATCHED = "dispatched"
    ARRIVED = "arrived"
    ASSIGNED = "assigned"
    COMMENTED = "commented"
    ESCALATED = "escalated"
    REMINDED = "reminded"
    NOTIFIED = "notified"
    FOLDED = "folded"
    UNFOLDED = "unfolded"
    UPDATED = "updated"


class Reason(StrEnum):
    """Why nothing changes."""

    ALREADY_RAISED = "already_raised"
    ALREADY_ACKNOWLEDGED = "already_acknowledged"
    ALREADY_RETURNED = "already_returned"
    NOT_OPEN = "not_open"
    HELD = "held"
    NOT_HELD = "not_held"
    LIFE_SAFETY = "life_safety"


class Standing(NamedTuple):
    """Where an alert stands, and whether its cause is there: a held alert may be either."""

    state: State
    active: bool


class Nature(NamedTuple):
    """What never changes about an alert: must it be seen before it goes; is it about lives."""

    latching: bool = False
    life_safety: bool = False


class Transition(NamedTuple):
    """The alert moves to `state`, and this is what happened."""

    state: State
    active: bool
    change: Change


class Refusal(NamedTuple):
    """The alert stays where it is, and this is why."""

    reason: Reason


BEGINNING: Final = Standing(State.NORMAL, active=False)
"""Every occurrence begins here, also one that comes after another was cleared."""

HELD: Final = frozenset({State.SHELVED, State.SUPPRESSED, State.OUT_OF_SERVICE})
"""The states in which nobody is told of the alert."""

_HOLDS: Final = {
    Stimulus.SHELVE: (State.SHELVED, Change.SHELVED),
    Stimulus.SUPPRESS: (State.SUPPRESSED, Change.SUPPRESSED),
    Stimulus.REMOVE_FROM_SERVICE: (State.OUT_OF_SERVICE, Change.REMOVED_FROM_SERVICE),
}
_RELEASED: Final = {
    State.SHELVED: Change.UNSHELVED,
    State.SUPPRESSED: Change.UNSUPPRESSED,
    State.OUT_OF_SERVICE: Change.RETURNED_TO_SERVICE,
}
_RAISE: Final = Transition(State.UNACKNOWLEDGED, True, Change.RAISED)
_TAKE: Final = Transition(State.ACKNOWLEDGED, True, Change.ACKNOWLEDGED)
_WORSEN: Final = Transition(State.UNACKNOWLEDGED, True, Change.REPRIORITISED)
_RETURN: Final = Transition(State.RETURNED_UNACKNOWLEDGED, False, Change.RETURNED)
_CLEAR: Final = Transition(State.NORMAL, False, Change.CLEARED)
_NOT_OPEN: Final = Refusal(Reason.NOT_OPEN)

_TOLD: Final[dict[tuple[State, Stimulus], Transition | Refusal]] = {
    (State.NORMAL, Stimulus.BAD): _RAISE,
    (State.NORMAL, Stimulus.GOOD): _NOT_OPEN,
    (State.NORMAL, Stimulus.ACKNOWLEDGE): _NOT_OPEN,
    (State.NORMAL, Stimulus.WORSE): _NOT_OPEN,
    (State.NORMAL, Stimulus.RELEASE): _NOT_OPEN,
    (State.UNACKNOWLEDGED, Stimulus.BAD): Refusal(Reason.ALREADY_RAISED),
    (State.UNACKNOWLEDGED, Stimulus.GOOD): _CLEAR,
    (State.UNACKNOWLEDGED, Stimulus.ACKNOWLEDGE): _TAKE,
    (State.UNACKNOWLEDGED, Stimulus.WORSE): _WORSEN,
    (State.UNACKNOWLEDGED, Stimulus.RELEASE): Refusal(Reason.NOT_HELD),
    (State.ACKNOWLEDGED, Stimulus.BAD): Refusal(Reason.ALREADY_RAISED),
    (State.ACKNOWLEDGED, Stimulus.GOOD): _CLEAR,
    (State.ACKNOWLEDGED, Stimulus.ACKNOWLEDGE): Refusal(Reason.ALREADY_ACKNOWLEDGED),
    (State.ACKNOWLEDGED, Stimulus.WORSE): _WORSEN,
    (State.ACKNOWLEDGED, Stimulus.RELEASE): Refusal(Reason.NOT_HELD),
    (State.RETURNED_UNACKNOWLEDGED, Stimulus.BAD): _RAISE,
    (State.RETURNED_UNACKNOWLEDGED, Stimulus.GOOD): Refusal(Reason.ALREADY_RETURNED),
    (State.RETURNED_UNACKNOWLEDGED, Stimulus.ACKNOWLEDGE): _CLEAR,
    (State.RETURNED_UNACKNOWLEDGED, Stimulus.WORSE): Refusal(Reason.ALREADY_RETURNED),
    (State.RETURNED_UNACKNOWLEDGED, Stimulus.RELEASE): Refusal(Reason.NOT_HELD),
}
_AFTERWARDS: Final = frozenset(
    {
        Change.VERIFIED,
        Change.HANDED_OVER,
        Change.DISPATCHED,
        Change.ARRIVED,
        Change.COMMENTED,
        Change.NOTIFIED,
    }
)
"""What may still be noted when an alert has cleared: what people found out and did about it."""


def next_state(standing: Standing, stimulus: Stimulus, nature: Nature) -> Transition | Refusal:
    """Move an alert by one stimulus (ISA-18.2 / IEC 62682, alarm state transitions).

    Bad again while returned and unseen re-raises the same alert; bad again after clearing is a
    new occurrence, for the caller to begin from BEGINNING.
    """
    if stimulus in _HOLDS:
        return _hold(standing, stimulus, nature)
    if standing.state in HELD:
        return _while_held(standing, stimulus, nature)
    if nature.latching and (standing.state, stimulus) == (State.UNACKNOWLEDGED, Stimulus.GOOD):
        return _RETURN
    return _TOLD[standing.state, stimulus]


def why_not_noted(state: State, change: Change, nature: Nature) -> Reason | None:
    """Return why this cannot be noted on an alert that stays in its state, None if it can."""
    if change is Change.FOLDED and nature.life_safety:
        return Reason.LIFE_SAFETY
    if state is State.NORMAL and change not in _AFTERWARDS:
        return Reason.NOT_OPEN
    return None


def _hold(standing: Standing, stimulus: Stimulus, nature: Nature) -> Transition | Refusal:
    """Put an alert aside, or from one hold under another; what is about lives never is."""
    state, change = _HOLDS[stimulus]
    if standing.state is State.NORMAL:
        return _NOT_OPEN
    if nature.life_safety:
        return Refusal(Reason.LIFE_SAFETY)
    if standing.state is state:
        return Refusal(Reason.HELD)
    return Transition(state, standing.active, change)


def _while_held(standing: Standing, stimulus: Stimulus, nature: Nature) -> Transition | Refusal:
    """Let the cause come and go unannounced; the end of the hold is announced anew."""
    state, active = standing
    if stimulus is Stimulus.RELEASE:
        return _release(standing, nature)
    if stimulus is Stimulus.ACKNOWLEDGE:
        return Refusal(Reason.HELD)
    if stimulus is Stimulus.BAD:
        raised = Transition(state, True, Change.RAISED)
        return Refusal(Reason.ALREADY_RAISED) if active else raised
    if not active:
        return Refusal(Reason.ALREADY_RETURNED)
    if stimulus is Stimulus.WORSE:
        return Transition(state, True, Change.REPRIORITISED)
    return Transition(state, False, Change.RETURNED) if nature.latching else _CLEAR


def _release(standing: Standing, nature: Nature) -> Transition:
    change = _RELEASED[standing.state]
    if standing.active:
        return Transition(State.UNACKNOWLEDGED, True, change)
    if nature.latching:
        return Transition(State.RETURNED_UNACKNOWLEDGED, False, change)
    return _CLEAR
