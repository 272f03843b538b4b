"""The open alerts and the single pen that changes them: every transition passes through here."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any, Final

import msgspec

from alerts.board.alert import (
    Alert,
    Began,
    Changed,
    Circumstances,
    Ended,
    Finding,
    Hold,
    decode,
    encode,
    first_alert,
    nature_of,
)
from alerts.board.alert import alert_id as name_of
from alerts.board.moving import HOLDING, Open, after, born, held_by, seen, shifted
from alerts.board.refusing import why_refused
from alerts.board.states import (
    Change,
    Nature,
    Reason,
    Refusal,
    State,
    Stimulus,
    Transition,
    next_state,
    why_not_noted,
)
from alerts.journal.pen import Pen
from alerts.judging.rules import Priority
from core.clock import from_us, to_us
from core.errors import Conflict, NotFound

__all__ = ["ALERT", "OPEN", "Book", "Open", "Surround"]

ALERT: Final = "alert"
"""The kind of line that tells of a transition."""

OPEN: Final = "open"
"""The kind of record that holds the board."""

Surround = Callable[[Began, str], Circumstances]
"""Tells what surrounds a new alert, given its id."""

_OPEN: Final = msgspec.json.Decoder(Open)
_ENCODE: Final = msgspec.json.Encoder().encode
_NOTHING: Final = Circumstances()


def _nothing_special(_began: Began, _alert_id: str) -> Circumstances:
    return _NOTHING


class Book:
    """The board of open alerts. `moved` collects the alerts that have moved, in order."""

    def __init__(
        self,
        pen: Pen,
        opened: Mapping[str, bytes],
        *,
        last_seq: int,
        recall: Callable[[str], bytes | None],
    ) -> None:
        """Take over the board from the journal; `recall` finds an alert that is no longer open."""
        self._pen = pen
        self._open = {alert_id: _OPEN.decode(each) for alert_id, each in opened.items()}
        self._ids = {
            (each.source, each.alert.rule_id): alert_id for alert_id, each in self._open.items()
        }
        self._recall = recall
        self._gone: dict[str, Alert] = {}  # cleared this turn: not in the journal yet
        self.last_seq = last_seq
        self.moved: list[Alert] = []

    def __iter__(self) -> Iterator[Open]:
        """Go through what is open at this moment; the board may change meanwhile."""
        return iter(list(self._open.values()))

    def __len__(self) -> int:
        """Count what is open."""
        return len(self._open)

    def __contains__(self, alert_id: object) -> bool:
        """Say whether the alert is open."""
        return alert_id in self._open

    def get(self, alert_id: str) -> Open | None:
        """Return the alert if it is open."""
        return self._open.get(alert_id)

    def find(self, source: str, rule_id: str) -> Open | None:
        """Return the open alert of this source under this rule."""
        alert_id = self._ids.get((source, rule_id))
        return self._open[alert_id] if alert_id is not None else None

    def require(self, alert_id: str) -> Open:
        """Return the alert, which must be open; Conflict says what became of it, NotFound."""
        if opened := self._open.get(alert_id):
            return opened
        raise Conflict(why_refused(self.recall(alert_id), Reason.NOT_OPEN))

    def recall(self, alert_id: str) -> Alert:
        """Return an alert, open or not, after its latest transition; NotFound."""
        if opened := self._open.get(alert_id):
            return opened.alert
        if gone := self._past(alert_id):
            return gone
        raise NotFound(f"There is no alert {alert_id[:64]!r}.")

    def note(
        self, findings: Iterable[Finding], now: datetime, surround: Surround = _nothing_special
    ) -> list[Began]:
        """Move the alerts the findings are about; return what is an alert of the past already."""
        known = []
        for finding in findings:
            if isinstance(finding, Ended):
                self._end(finding, now)
            elif isinstance(finding, Changed):
                self._change(finding, now)
            elif not self._begin(finding, now, surround):
                known.append(finding)
        return known

    def acknowledge(self, alert_id: str, officer: str, now: datetime) -> Alert:
        """Give the alert to `officer`; Conflict says who was first or what became of it."""
        taking = {"acknowledged_by": officer, "acknowledged_at": now}
        return self._must_move(alert_id, Stimulus.ACKNOWLEDGE, now, actor=officer, **taking)

    def hold(self, alert_id: str, hold: Hold, now: datetime, *, actor: str | None = None) -> Alert:
        """Tell nobody of the alert until it is released; Conflict for what is about lives."""
        return self._must_move(alert_id, HOLDING[hold.state], now, actor=actor, **held_by(hold))

    def release(
        self, alert_id: str, now: datetime, *, actor: str | None = None, why: str = ""
    ) -> Alert:
        """End the hold; what is still bad is announced anew, what was never seen waits for it."""
        return self._must_move(alert_id, Stimulus.RELEASE, now, actor=actor, note=why or None)

    def reprioritise(
        self,
        alert_id: str,
        priority: Priority,
        now: datetime,
        *,
        actor: str | None = None,
        note: str | None = None,
    ) -> Alert:
        """Give the alert another priority; a higher one must be acknowledged again (re-alarm)."""
        opened = self.require(alert_id)
        said: dict[str, Any] = {"actor": actor, "note": note, "priority": priority}
        moved = self._shift(opened, priority, now, said)
        if isinstance(moved, Refusal):
            raise Conflict(why_refused(opened.alert, moved.reason))
        return moved

    def mark(
        self,
        alert_id: str,
        change: Change,
        now: datetime,
        *,
        actor: str | None = None,
        note: str | None = None,
        **fields: Any,  # noqa: ANN401 - fields of Alert, each of its own type
    ) -> Alert:
        """Note something on an alert that stays in its state; Conflict where that cannot be.

        What people found out and did may be noted after it has cleared; it stays cleared.
        """
        opened = self._open.get(alert_id)
        alert = opened.alert if opened else self.recall(alert_id)
        nature = Nature(life_safety=alert.life_safety)
        if reason := why_not_noted(alert.state, change, nature):
            raise Conflict(why_refused(alert, reason))
        said = {"actor": actor, "note": note, **fields}
        stays = Transition(alert.state, alert.active, change)
        marked = after(alert, stays, said, seq=self.last_seq + 1, now=now)
        self._write(marked, opened)
        return marked

    def take_moved(self) -> list[Alert]:
        """Hand over what has moved since the last time."""
        moved, self.moved = self.moved, []
        self._gone.clear()
        return moved

    def _begin(self, began: Began, now: datetime, surround: Surround) -> bool:
        """Raise an alert, or raise it again; False if this occurrence had its alert before."""
        opened = self.find(began.subject.source, began.rule.rule_id)
        if opened is None:
            return self._open_new(began, now, surround)
        if not opened.alert.active:
            count = opened.alert.count + 1
            again = {**seen(began.measure), "count": count, "returned_at": None}
            again["priority"] = began.priority or began.rule.priority
            self._move(opened, Stimulus.BAD, now, again)
        return True

    def _open_new(self, began: Began, now: datetime, surround: Surround) -> bool:
        name = name_of(began)
        if self._past(name) is not None:
            return False
        moved, around = born(nature_of(began.rule), surround(began, name))
        alert = first_alert(began, moved, seq=self.last_seq + 1, now=now, circumstances=around)
        self._write(alert, Open(alert, began.subject.source, began.rule.latching))
        return True

    def _end(self, ended: Ended, now: datetime) -> None:
        opened = self.find(ended.source, ended.rule_id)
        if opened is not None:
            self._move(opened, Stimulus.GOOD, now, {"returned_at": from_us(ended.at_us)})

    def _change(self, changed: Changed, now: datetime) -> None:
        opened = self.find(changed.source, changed.rule_id)
        if opened is not None:
            shown = {**seen(changed.measure), "priority": changed.priority}
            self._shift(opened, changed.priority, now, shown)

    def _shift(
        self, opened: Open, priority: Priority, now: datetime, changes: dict[str, Any]
    ) -> Alert | Refusal:
        """Make an alert more or less urgent; the same priority again is no transition."""
        moved = shifted(opened, priority)
        if moved is None:
            return opened.alert
        return self._carry_out(opened, moved, now, changes)

    def _must_move(
        self,
        alert_id: str,
        stimulus: Stimulus,
        now: datetime,
        **changes: Any,  # noqa: ANN401 - fields of Alert, each of its own type
    ) -> Alert:
        opened = self.require(alert_id)
        moved = self._move(opened, stimulus, now, changes)
        if isinstance(moved, Refusal):
            raise Conflict(why_refused(opened.alert, moved.reason))
        return moved

    def _move(
        self, opened: Open, stimulus: Stimulus, now: datetime, changes: dict[str, Any]
    ) -> Alert | Refusal:
        moved = next_state(opened.standing, stimulus, opened.nature)
        return self._carry_out(opened, moved, now, changes)

    def _carry_out(
        self, opened: Open, moved: Transition | Refusal, now: datetime, changes: dict[str, Any]
    ) -> Alert | Refusal:
        if isinstance(moved, Refusal):
            return moved
        alert = after(opened.alert, moved, changes, seq=self.last_seq + 1, now=now)
        self._write(alert, opened)
        return alert

    def _write(self, alert: Alert, opened: Open | None) -> None:
        """Put a transition on the page; `opened` is None for what had cleared before."""
        self.last_seq = alert.seq
        self.moved.append(alert)
        document = encode(alert)
        self._pen.write(
            ALERT,
            alert.alert_id,
            document,
            at_us=to_us(alert.updated_at),
            actor=alert.actor,
            seq=alert.seq,
        )
        if alert.state is State.NORMAL:
            self._gone[alert.alert_id] = alert
            if opened is not None:
                self._close(opened)
        elif opened is not None:
            self._keep(opened._replace(alert=alert), document)

    def _close(self, opened: Open) -> None:
        del self._open[opened.alert.alert_id]
        del self._ids[opened.source, opened.alert.rule_id]
        self._pen.drop(OPEN, opened.alert.alert_id)

    def _keep(self, opened: Open, document: bytes) -> None:
        alert, source, latching = opened
        self._open[alert.alert_id] = opened
        self._ids[source, alert.rule_id] = alert.alert_id
        record = _ENCODE((msgspec.Raw(document), source, latching))
        self._pen.keep(OPEN, alert.alert_id, record)

    def _past(self, alert_id: str) -> Alert | None:
        if gone := self._gone.get(alert_id):
            return gone
        document = self._recall(alert_id)
        return None if document is None else decode(document)
