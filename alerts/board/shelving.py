"""What officers put aside and take back; supervisors take things out of service."""

from collections.abc import Callable
from datetime import datetime
from typing import Annotated, Literal

from msgspec import Meta

from alerts.board.alert import Hold
from alerts.board.book import Book, Open
from alerts.board.holding import OVER, Shelf, Shelves, listed
from alerts.board.refusing import why_refused
from alerts.board.states import HELD, Reason
from alerts.requests import Command, Handlers, Name, Query, Text
from core.clock import to_us
from core.errors import Conflict


class Shelve(Command, frozen=True, tag="shelve"):
    """An officer wants to hear nothing of this for some minutes."""

    alert_id: Name
    minutes: Annotated[int, Meta(ge=1, le=100_000)]
    reason: Text


class Unshelve(Command, frozen=True, tag="unshelve"):
    """An officer wants to hear of this again before the time is over."""

    alert_id: Name
    reason: Text


class TakeOutOfService(Command, frozen=True, tag="take_out_of_service"):
    """A supervisor takes something out of service until it is put back."""

    alert_id: Name
    reason: Text


class ReturnToService(Command, frozen=True, tag="return_to_service"):
    """A supervisor puts something back into service."""

    alert_id: Name
    reason: Text


class ShelvesAsked(Query, frozen=True, tag="shelves"):
    """Somebody wants to see everything that is put aside."""


Otherwise = Callable[[Open, datetime], Hold | None]
"""Tells what else holds an alert whose shelf has ended: a window, a parent; None: nothing."""


def _nothing_else(_opened: Open, _now: datetime) -> Hold | None:
    return None


class ShelfCommands:
    """Puts alerts and shelves aside together, and ends both together."""

    def __init__(
        self, book: Book, shelves: Shelves, *, otherwise: Otherwise = _nothing_else
    ) -> None:
        """Work on these; `otherwise` tells what else holds an alert when its shelf ends."""
        self._book = book
        self._shelves = shelves
        self._otherwise = otherwise

    def handlers(self) -> Handlers:
        """Return what is done for each kind of request."""
        return {
            Shelve: self.shelve,
            Unshelve: self.unshelve,
            TakeOutOfService: self.take_out_of_service,
            ReturnToService: self.return_to_service,
            ShelvesAsked: self.shelves,
        }

    def shelve(self, asked: Shelve, now: datetime) -> dict[str, object]:
        """Shelve an alert; Conflict for what is held already or about lives, Invalid too long."""
        opened = self._book.require(asked.alert_id)
        if opened.alert.state in HELD:
            raise Conflict(why_refused(opened.alert, Reason.HELD))
        until = self._shelves.end_of(now, asked.minutes)
        return self._put(opened, "shelved", asked, now, until)

    def take_out_of_service(self, asked: TakeOutOfService, now: datetime) -> dict[str, object]:
        """Take out of service what an alert is about; a shelf or suppression gives way."""
        opened = self._book.require(asked.alert_id)
        return self._put(opened, "out_of_service", asked, now, None)

    def unshelve(self, asked: Unshelve, now: datetime) -> dict[str, object]:
        """End a shelf before its time; Conflict if there is none."""
        return self._take_back(asked, "shelved", now)

    def return_to_service(self, asked: ReturnToService, now: datetime) -> dict[str, object]:
        """Put back into service; Conflict if it was not out of it."""
        return self._take_back(asked, "out_of_service", now)

    def shelves(self, _asked: ShelvesAsked, _now: datetime) -> dict[str, object]:
        """Answer with everything that is put aside; what ends first on top."""
        return {"shelves": listed(self._shelves)}

    def end_due(self, now: datetime) -> None:
        """End the shelves whose time is over; what is still bad is announced anew."""
        for shelf in self._shelves.due(to_us(now)):
            self._release(shelf, now, actor=None, why=OVER)

    def _put(
        self,
        opened: Open,
        state: Literal["shelved", "out_of_service"],
        asked: Shelve | TakeOutOfService,
        now: datetime,
        until: datetime | None,
    ) -> dict[str, object]:
        alert, source, _ = opened
        shelf = Shelf(
            source=source,
            rule_id=alert.rule_id,
            state=state,
            officer=asked.officer,
            reason=asked.reason,
            since=now,
            until=until,
            alert_id=alert.alert_id,
            device_id=alert.device_id,
            title_zh=alert.title_zh,
            title_en=alert.title_en,
        )
        held = self._book.hold(alert.alert_id, shelf.hold, now, actor=asked.officer)
        self._shelves.put(shelf)  # only what the states allow gets here
        return {"alert": held}

    def _take_back(
        self, asked: Unshelve | ReturnToService, state: str, now: datetime
    ) -> dict[str, object]:
        shelf = self._shelf_of(asked.alert_id)
        if shelf is None or shelf.state != state:
            raise Conflict(f"Alert {asked.alert_id} is not {state.replace('_', ' ')}.")
        self._shelves.end(shelf, now, officer=asked.officer, reason=asked.reason)
        self._release(shelf, now, actor=asked.officer, why=asked.reason)
        return {"alert": self._book.recall(asked.alert_id)}

    def _shelf_of(self, alert_id: str) -> Shelf | None:
        """Return the shelf of an alert, open or cleared meanwhile; NotFound without an alert."""
        if opened := self._book.get(alert_id):
            return self._shelves.get(opened.source, opened.alert.rule_id)
        return self._shelves.about(self._book.recall(alert_id))

    def _release(self, shelf: Shelf, now: datetime, *, actor: str | None, why: str) -> None:
        """Release the open alert a shelf held, or put it under what else holds it."""
        opened = self._book.find(shelf.source, shelf.rule_id)
        if opened is None or opened.alert.state != shelf.state:
            return
        alert_id = opened.alert.alert_id
        if hold := self._otherwise(opened, now):
            self._book.hold(alert_id, hold, now, actor=actor)
        else:
            self._book.release(alert_id, now, actor=actor, why=why)
