"""A duty desk in memory: the board, its shelves and commands, and a journal of dictionaries."""

from datetime import timedelta
from typing import Any, cast

import msgspec

from alerts.board.alert import Alert, Began, Circumstances, Ended, Hold, Measure, Subject
from alerts.board.book import OPEN, Book
from alerts.board.commands import BoardCommands
from alerts.board.holding import SHELF, Shelves
from alerts.board.responding import ResponseCommands
from alerts.board.shelving import ShelfCommands
from alerts.journal.pen import Line, Pen
from alerts.judging.rules import Rule
from core.clock import from_us, to_us
from tests.unit.alerts.making import FIRE, NOW, device

LIFE = msgspec.structs.replace(FIRE, rule_id="life", life_safety=True)
"""A rule about lives; FIRE itself is only latching here."""


class Desk:
    """All the board can do, on a clock that tests turn; `restart` loses what was not kept."""

    def __init__(self) -> None:
        self.now = from_us(NOW)
        self.lines: list[Line] = []
        self.records: dict[str, dict[str, bytes]] = {OPEN: {}, SHELF: {}}
        self.past: dict[str, bytes] = {}
        self.otherwise: Hold | None = None
        self._begin(last_seq=100)

    def _begin(self, last_seq: int) -> None:
        self.pen = Pen()
        self.book = Book(self.pen, self.records[OPEN], last_seq=last_seq, recall=self.past.get)
        self.shelves = Shelves(self.pen, self.records[SHELF], longest=timedelta(hours=8))
        self.shelving = ShelfCommands(
            self.book, self.shelves, otherwise=lambda _opened, _now: self.otherwise
        )
        self.handlers = {
            **BoardCommands(self.book, cast("Any", None)).handlers(),
            **ResponseCommands(self.book).handlers(),
            **self.shelving.handlers(),
        }

    def commit(self) -> list[Alert]:
        """Make durable what was written, and return the transitions as they were published."""
        lines, records = self.pen.take()
        self.lines += lines
        self.past |= {line.subject: line.document for line in lines if line.kind == "alert"}
        for (kind, key), document in records.items():
            if document is None:
                self.records[kind].pop(key, None)
            else:
                self.records[kind][key] = document
        return self.book.take_moved()

    def restart(self) -> None:
        self.commit()
        self._begin(self.book.last_seq)

    def wait(self, **time: float) -> None:
        """Let time pass; shelves that are over end."""
        self.now += timedelta(**time)
        self.shelving.end_due(self.now)

    def bad(self, rule: Rule = FIRE, source: str = "d", *, at_us: int | None = None) -> list[Began]:
        at_us = to_us(self.now) if at_us is None else at_us
        subject = Subject(source, device(source), "fire")
        began = Began(rule, subject, Measure("it"), at_us, at_us)
        return self.book.note([began], self.now, self.surround)

    def surround(self, began: Began, _alert_id: str) -> Circumstances:
        """Put a new alert on the shelf that waits for it, or under what else holds it."""
        source, rule_id = began.subject.source, began.rule.rule_id
        shelf = self.shelves.held(source, rule_id, to_us(self.now))
        return Circumstances(hold=shelf or self.otherwise)

    def good(self, rule: Rule = FIRE, source: str = "d") -> None:
        self.book.note([Ended(rule.rule_id, source, to_us(self.now))], self.now)

    def do(self, kind: type[msgspec.Struct], officer: str = "李明", **asked: Any) -> Any:
        """Carry out a request as it comes over the broker; returns the alert where there is one."""
        document = {"do": kind.__struct_config__.tag, **asked}
        if "request_id" in kind.__struct_fields__:
            document |= {"request_id": "r", "officer": officer}
        answer = self.handlers[kind](msgspec.convert(document, kind), self.now)
        return answer.get("alert", answer)

    @property
    def alert(self) -> Alert:
        """Return the only open alert."""
        (opened,) = self.book
        return opened.alert

    @property
    def alert_id(self) -> str:
        return self.alert.alert_id

    def changes(self) -> list[str]:
        return [alert.transition for alert in self.commit()]

    def moves(self) -> list[tuple[int, str, str]]:
        return [(alert.seq, alert.transition, alert.state) for alert in self.commit()]
