"""What officers ask of the engine, over the broker: to take an alert, to see what is and was."""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Annotated, Final

import msgspec
from msgspec import Meta

from alerts.alert import Alert, encode
from alerts.book import Book
from alerts.journal import Answer, Journal
from core.clock import to_us
from core.errors import Conflict, NotFound

_ANSWER_BYTES: Final = 1_000_000
"""The broker refuses messages of two megabytes, and the connection with them."""

Name = Annotated[str, Meta(min_length=1, max_length=200, pattern=r"^[^\x00-\x1f]+$")]


class Acknowledge(msgspec.Struct, frozen=True, tag_field="do", tag="acknowledge"):
    """An officer takes an alert; the same `request_id` again is the same request."""

    request_id: Name
    alert_id: Name
    officer: Name


class EventsSince(msgspec.Struct, frozen=True, tag_field="do", tag="events_since"):
    """Somebody catches up with the journal."""

    seq: Annotated[int, Meta(ge=0)]
    limit: Annotated[int, Meta(ge=1, le=1000)] = 1000


class OpenAlerts(msgspec.Struct, frozen=True, tag_field="do", tag="open_alerts"):
    """Somebody wants the whole board, page by page: what comes `after` an alert's id."""

    after: str = ""


Request = Acknowledge | EventsSince | OpenAlerts

_DECODER: msgspec.json.Decoder[Request] = msgspec.json.Decoder(Request)


class Requests:
    """Answers requests; `answers` collects those that must be on disk before they go out."""

    def __init__(self, book: Book, journal: Journal) -> None:
        """Answer from the board and the journal."""
        self._book = book
        self._journal = journal
        self.answers: dict[str, Answer] = {}

    def answer(self, payload: bytes, now: datetime) -> bytes:
        """Do what is asked and return the reply."""
        try:
            request = _DECODER.decode(payload)
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            return _refusal("invalid", f"The request cannot be read: {error}.")
        match request:
            case Acknowledge():
                return self._once(request, now)
            case EventsSince(seq=seq, limit=limit):
                return self._events_since(seq, limit)
            case OpenAlerts(after=after):
                return self._open_alerts(after)

    def take_answers(self) -> tuple[Answer, ...]:
        """Hand over what is not on disk yet."""
        answers, self.answers = tuple(self.answers.values()), {}
        return answers

    def _once(self, request: Acknowledge, now: datetime) -> bytes:
        """Acknowledge, unless this very request was answered before."""
        if new := self.answers.get(request.request_id):
            return new.text
        if (text := self._journal.answer(request.request_id)) is not None:
            return text
        text = _tried(lambda: self._book.acknowledge(request.alert_id, request.officer, now))
        self.answers[request.request_id] = Answer(request.request_id, to_us(now), text)
        return text

    def _events_since(self, seq: int, limit: int) -> bytes:
        pages = self._journal.transitions_since(seq, limit)
        oldest, last = self._journal.bounds()
        events = _fitting(page.document for page in pages)
        head = {"ok": True, "oldest_seq": oldest, "last_seq": last}
        return msgspec.json.encode({**head, "events": events})

    def _open_alerts(self, after: str) -> bytes:
        """Answer with a page in the order of ids; what is raised meanwhile is told live."""
        opened = [each.alert for each in self._book if each.alert.alert_id > after]
        opened.sort(key=lambda alert: alert.alert_id)
        alerts = _fitting(map(encode, opened))
        left_out = len(opened) - len(alerts)
        return msgspec.json.encode({"ok": True, "alerts": alerts, "left_out": left_out})


def _fitting(documents: Iterable[bytes]) -> list[msgspec.Raw]:
    """Take as many as one message can carry; whoever asked for events asks again from the last."""
    taken, room = [], _ANSWER_BYTES
    for document in documents:
        room -= len(document)
        if room < 0:
            break
        taken.append(msgspec.Raw(document))
    return taken


def _tried(acknowledge: Callable[[], Alert]) -> bytes:
    try:
        return msgspec.json.encode({"ok": True, "alert": acknowledge()})
    except (Conflict, NotFound) as error:
        return _refusal(error.code, error.message)


def _refusal(code: str, message: str) -> bytes:
    return msgspec.json.encode({"ok": False, "error": {"code": code, "message": message}})
