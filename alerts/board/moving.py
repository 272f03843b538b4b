"""From one document of an alert to the next: what a transition implies for the other fields."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final, NamedTuple

import msgspec

from alerts.board.alert import Alert, Circumstances, Hold, Measure
from alerts.board.states import (
    BEGINNING,
    HELD,
    Change,
    Nature,
    Reason,
    Refusal,
    Standing,
    State,
    Stimulus,
    Transition,
    next_state,
    why_not_noted,
)
from alerts.judging.rules import Priority, rank

HOLDING: Final[Mapping[str, Stimulus]] = {
    "shelved": Stimulus.SHELVE,
    "suppressed": Stimulus.SUPPRESS,
    "out_of_service": Stimulus.REMOVE_FROM_SERVICE,
}
"""The stimulus that leads into each held state."""

_UNSEEN: Final = frozenset({State.UNACKNOWLEDGED, State.RETURNED_UNACKNOWLEDGED})


class Open(NamedTuple):
    """An alert on the board, what it is about, and whether it must be seen before it goes."""

    alert: Alert
    source: str
    latching: bool

    @property
    def standing(self) -> Standing:
        """Return where the alert stands."""
        return Standing(self.alert.state, self.alert.active)

    @property
    def nature(self) -> Nature:
        """Return what never changes about it."""
        return Nature(self.latching, self.alert.life_safety)


def born(nature: Nature, around: Circumstances) -> tuple[Transition, Circumstances]:
    """Return how a new alert is raised, and what of its circumstances the states allow."""
    raised = next_state(BEGINNING, Stimulus.BAD, nature)
    if isinstance(raised, Refusal):  # what begins can always be raised
        raise TypeError(raised.reason)
    if why_not_noted(raised.state, Change.FOLDED, nature):
        around = around._replace(folded_under=None)
    if around.hold is None:
        return raised, around
    held = next_state(Standing(raised.state, raised.active), HOLDING[around.hold.state], nature)
    if isinstance(held, Refusal):
        return raised, around._replace(hold=None)
    return raised._replace(state=held.state), around


def after(
    alert: Alert,
    moved: Transition,
    changes: Mapping[str, Any],
    *,
    seq: int,
    now: datetime,
) -> Alert:
    """Return the document after a transition; actor and note are of this transition alone."""
    fields = {"actor": None, "note": None, **_implied(alert, moved, now), **changes}
    return msgspec.structs.replace(
        alert,
        seq=seq,
        state=moved.state,
        active=moved.active,
        transition=moved.change,
        updated_at=now,
        **fields,
    )


def shifted(opened: Open, priority: Priority) -> Transition | Refusal | None:
    """Return what another priority does: worse is to be acknowledged again, the same is nothing."""
    alert = opened.alert
    steps = rank(priority) - rank(alert.priority)
    if steps == 0:
        return None
    if steps > 0 and alert.active:
        return next_state(opened.standing, Stimulus.WORSE, opened.nature)
    if steps < 0 and alert.life_safety:
        return Refusal(Reason.LIFE_SAFETY)
    return Transition(alert.state, alert.active, Change.REPRIORITISED)


def seen(measure: Measure) -> dict[str, Any]:
    """Return the fields that show what was measured."""
    return {
        "value": measure.value,
        "limit": measure.limit,
        "unit": measure.unit,
        "about": measure.about,
    }


def held_by(hold: Hold) -> dict[str, Any]:
    """Return the fields that show a hold."""
    return {"hold": hold, "note": hold.reason}


def _implied(alert: Alert, moved: Transition, now: datetime) -> dict[str, Any]:
    """Return what follows from the state alone: what is to be seen anew, nobody has taken yet."""
    implied: dict[str, Any] = {}
    if moved.state not in HELD:
        implied["hold"] = None
    if moved.state in _UNSEEN:
        implied["acknowledged_by"] = implied["acknowledged_at"] = None
    if moved.state is State.NORMAL and alert.state is not State.NORMAL:
        implied["cleared_at"] = now
    return implied
