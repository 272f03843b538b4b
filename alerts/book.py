"""The open alerts and the single pen that changes them: every transition passes through here."""

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from typing import Any, NamedTuple

import msgspec

from alerts import alert as alerts
from alerts.alert import Alert, Began, Ended, Finding
from alerts.states import Reason, Refusal, State, Stimulus, Transition, next_state
from core.clock import from_us
from core.errors import Conflict, NotFound


class Open(NamedTuple):
    """An alert on the board, what it is about, and whether it must be seen before it goes."""

    alert: Alert
    source: str
    latching: bool


class Entry(NamedTuple):
    """One transition for the journal; `actor` is the officer behind it, if one is."""

    alert: Alert
    source: str
    latching: bool
    actor: str | None = None


class Book:
    """The board of open alerts. `entries` collects what the journal does not have yet."""

    def __init__(
        self, opened: Iterable[Open], *, last_seq: int, recall: Callable[[str], Alert | None]
    ) -> None:
        """Take over the board from the journal; `recall` finds an alert that is no longer open."""
        self._open = {each.alert.alert_id: each for each in opened}
        self._ids = {
            (each.source, each.alert.rule_id): alert_id for alert_id, each in self._open.items()
        }
        self._recall = recall
        self.last_seq = last_seq
        self.entries: list[Entry] = []

    def __iter__(self) -> Iterator[Open]:
        """Go through what is open at this moment; the board may change meanwhile."""
        return iter(list(self._open.values()))

    def __len__(self) -> int:
        """Count what is open."""
        return len(self._open)

    def __contains__(self, alert_id: object) -> bool:
        """Say whether the alert is open."""
        return alert_id in self._open

    def find(self, source: str, rule_id: str) -> Open | None:
        """Return the open alert of this source under this rule."""
        alert_id = self._ids.get((source, rule_id))
        return self._open[alert_id] if alert_id is not None else None

    def note(self, findings: Iterable[Finding], now: datetime) -> list[Began]:
        """Move the alerts the findings are about; return what is an alert of the past already."""
        known = []
        for finding in findings:
            if isinstance(finding, Ended):
                self._end(finding, now)
            elif not self._begin(finding, now):
                known.append(finding)
        return known

    def acknowledge(self, alert_id: str, officer: str, now: datetime) -> Alert:
        """Give the alert to `officer`; Conflict says who was first or what became of it."""
        held = self._open.get(alert_id)
        if held is None:
            raise self._no_longer_open(alert_id)
        taking = {"acknowledged_by": officer, "acknowledged_at": now}
        moved = self._move(held, Stimulus.ACKNOWLEDGE, now, actor=officer, **taking)
        if isinstance(moved, Refusal):
            raise Conflict(_why_refused(held.alert, moved.reason))
        return moved

    def take_entries(self) -> list[Entry]:
        """Hand over what the journal does not have yet."""
        entries, self.entries = self.entries, []
        return entries

    def _begin(self, began: Began, now: datetime) -> bool:
        """Raise an alert, or raise it again; False if this occurrence had its alert before."""
        held = self.find(began.subject.source, began.rule.rule_id)
        if held is None:
            return self._open_new(began, now)
        if held.alert.state is State.RETURNED_UNACKNOWLEDGED:
            again: dict[str, Any] = {
                "count": held.alert.count + 1,
                "returned_at": None,
                "value": began.measure.value,
                "limit": began.measure.limit,
            }
            self._move(held, Stimulus.BAD, now, **again)
        return True

    def _open_new(self, began: Began, now: datetime) -> bool:
        if self._recall(alerts.alert_id(began)) is not None:
            return False
        moved = next_state(State.NORMAL, Stimulus.BAD, latching=began.rule.latching)
        if isinstance(moved, Transition):
            alert = alerts.first_alert(began, moved, seq=self.last_seq + 1, now=now)
            self._write(Entry(alert, began.subject.source, began.rule.latching))
        return True

    def _end(self, ended: Ended, now: datetime) -> None:
        held = self.find(ended.source, ended.rule_id)
        if held is not None:
            self._move(held, Stimulus.GOOD, now, returned_at=from_us(ended.at_us))

    def _move(
        self,
        held: Open,
        stimulus: Stimulus,
        now: datetime,
        *,
        actor: str | None = None,
        **changes: Any,  # noqa: ANN401 - fields of Alert, each of its own type
    ) -> Alert | Refusal:
        moved = next_state(held.alert.state, stimulus, latching=held.latching)
        if isinstance(moved, Refusal):
            return moved
        if moved.state is State.NORMAL:
            changes["cleared_at"] = now
        alert = msgspec.structs.replace(
            held.alert,
            seq=self.last_seq + 1,
            state=moved.state,
            transition=moved.change,
            updated_at=now,
            **changes,
        )
        self._write(Entry(alert, held.source, held.latching, actor))
        return alert

    def _write(self, entry: Entry) -> None:
        alert, source, latching, _ = entry
        self.last_seq = alert.seq
        self.entries.append(entry)
        key = (source, alert.rule_id)
        if alert.state is State.NORMAL:
            del self._open[alert.alert_id], self._ids[key]
        else:
            self._open[alert.alert_id] = Open(alert, source, latching)
            self._ids[key] = alert.alert_id

    def _no_longer_open(self, alert_id: str) -> Conflict | NotFound:
        alert = self._recall(alert_id)
        if alert is None:
            return NotFound(f"There is no alert {alert_id[:64]!r}.")
        return Conflict(_why_refused(alert, Reason.NOT_OPEN))


def _why_refused(alert: Alert, reason: Reason) -> str:
    by = f" by {alert.acknowledged_by}" if alert.acknowledged_by else ""
    if reason is Reason.ALREADY_ACKNOWLEDGED:
        return f"Alert {alert.alert_id} has already been acknowledged{by}."
    taken = f"; it had been acknowledged{by}" if by else ""
    return f"Alert {alert.alert_id} was cleared at {alert.cleared_at:%F %T} UTC{taken}."
