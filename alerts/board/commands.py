"""How officers take alerts and talk about them, and what the board answers who looks at it."""

from datetime import datetime
from typing import Annotated

from msgspec import Meta

from alerts.board.alert import encode
from alerts.board.book import Book
from alerts.board.states import Change
from alerts.journal.journal import Journal
from alerts.judging.rules import Priority
from alerts.requests import Command, Handlers, Name, Query, Text, fitting
from core.errors import Conflict


class Acknowledge(Command, frozen=True, tag="acknowledge"):
    """An officer takes an alert."""

    alert_id: Name


class Assign(Command, frozen=True, tag="assign"):
    """An officer says who shall deal with an alert."""

    alert_id: Name
    to: Name


class Comment(Command, frozen=True, tag="comment"):
    """An officer writes something down beside an alert."""

    alert_id: Name
    text: Text


class Prioritise(Command, frozen=True, tag="prioritise"):
    """A supervisor makes an alert more or less urgent."""

    alert_id: Name
    priority: Priority
    reason: Text


class EventsSince(Query, frozen=True, tag="events_since"):
    """Somebody catches up with the transitions of alerts."""

    seq: Annotated[int, Meta(ge=0)]
    limit: Annotated[int, Meta(ge=1, le=1000)] = 1000


class OpenAlerts(Query, frozen=True, tag="open_alerts"):
    """Somebody wants the whole board, page by page: what comes `after` an alert's id."""

    after: str = ""


class BoardCommands:
    """Answers from the board and the journal."""

    def __init__(self, book: Book, journal: Journal) -> None:
        """Answer from these."""
        self._book = book
        self._journal = journal

    def handlers(self) -> Handlers:
        """Return what is done for each kind of request."""
        return {
            Acknowledge: self.acknowledge,
            Assign: self.assign,
            Comment: self.comment,
            Prioritise: self.prioritise,
            EventsSince: self.events_since,
            OpenAlerts: self.open_alerts,
        }

    def acknowledge(self, asked: Acknowledge, now: datetime) -> dict[str, object]:
        """Give the alert to the officer; Conflict says who was first."""
        return {"alert": self._book.acknowledge(asked.alert_id, asked.officer, now)}

    def assign(self, asked: Assign, now: datetime) -> dict[str, object]:
        """Note who shall deal with the alert; Conflict if they shall already."""
        alert = self._book.recall(asked.alert_id)
        if alert.assigned_to == asked.to:
            raise Conflict(f"Alert {alert.alert_id} is assigned to {asked.to} already.")
        return self._note(asked, Change.ASSIGNED, now, assigned_to=asked.to)

    def comment(self, asked: Comment, now: datetime) -> dict[str, object]:
        """Note what the officer wrote; also beside an alert that has cleared."""
        return self._note(asked, Change.COMMENTED, now, note=asked.text)

    def prioritise(self, asked: Prioritise, now: datetime) -> dict[str, object]:
        """Make it more urgent (to be acknowledged again) or less; never less if about lives."""
        alert = self._book.recall(asked.alert_id)
        if alert.priority == asked.priority:
            raise Conflict(f"Alert {alert.alert_id} has the priority {asked.priority} already.")
        moved = self._book.reprioritise(
            asked.alert_id, asked.priority, now, actor=asked.officer, note=asked.reason
        )
        return {"alert": moved}

    def events_since(self, asked: EventsSince, _now: datetime) -> dict[str, object]:
        """Answer with transitions, and how far the journal reaches."""
        pages = self._journal.transitions_since(asked.seq, asked.limit)
        oldest, last = self._journal.bounds()
        events = fitting(page.document for page in pages)
        return {"oldest_seq": oldest, "last_seq": last, "events": events}

    def open_alerts(self, asked: OpenAlerts, _now: datetime) -> dict[str, object]:
        """Answer with a page in the order of ids; what is raised meanwhile is told live."""
        opened = [each.alert for each in self._book if each.alert.alert_id > asked.after]
        opened.sort(key=lambda alert: alert.alert_id)
        alerts = fitting(map(encode, opened))
        return {"alerts": alerts, "left_out": len(opened) - len(alerts)}

    def _note(
        self, asked: Assign | Comment, change: Change, now: datetime, **fields: str
    ) -> dict[str, object]:
        marked = self._book.mark(asked.alert_id, change, now, actor=asked.officer, **fields)
        return {"alert": marked}
