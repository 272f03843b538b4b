"""Walks the chain from the first line to the last and names the first place that is not whole."""

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any, Final, NamedTuple

import msgspec

from alerts.journal.chain import GENESIS, Entry, Head, fingerprint
from alerts.journal.pages import QUERIES, entries_after, reading

_PAGE: Final = 1000  # lines; the writer is never kept from tidying up for longer than one page
_TRANSITION: Final = "alert"
_OVER: Final = "normal"


class Verified(NamedTuple):
    """Every line is as it was written; `head` is None while nothing has been written."""

    lines: int
    head: Head | None


class Tampered(NamedTuple):
    """Line `no` is the first that is not as it was written, and this is why."""

    no: int
    reason: str


class _State(msgspec.Struct):
    alert_id: str
    state: str


_STATES: Final = msgspec.json.Decoder(_State)


def verify(path: Path, *, anchor: Head | None = None) -> Verified | Tampered:
    """Check the journal at `path` while the engine may be writing it.

    Hashes, numbers without holes, transitions without holes, the board as the lines left it, and
    that the `anchor`, a head noted down earlier, is still there. NotFound without a journal,
    Conflict if it has a form of another release. Whoever rewrites the whole chain is found by an
    anchor only, for the hashes hold no secret.
    """
    walk = _Walk(anchor)
    with reading(path) as connection:
        try:
            return walk.follow(connection) or walk.result()
        except sqlite3.DatabaseError as error:
            if isinstance(error, sqlite3.OperationalError):
                raise
            return Tampered(walk.expected, f"The file cannot be read from here on: {error}.")


class _Walk:
    """Where the walk stands, and what it must remember of the way."""

    def __init__(self, anchor: Head | None) -> None:
        self._anchor = anchor
        self._anchored = anchor is None or anchor.hash == GENESIS  # noted before the first line
        self._head: Head | None = None
        self._seq: int | None = None
        self._lines = 0
        self._board: dict[str, Entry] = {}

    @property
    def expected(self) -> int:
        """Return the number of the line that must come next."""
        return self._head.no + 1 if self._head else 0

    def follow(self, connection: sqlite3.Connection) -> Tampered | None:
        """Go on to the end; what was written meanwhile and the board are seen in one snapshot."""
        while page := entries_after(connection, self._position, _PAGE):
            if fault := self._first_fault(page):
                return fault
        connection.execute("BEGIN")
        while page := entries_after(connection, self._position, _PAGE):
            if fault := self._first_fault(page):
                return fault
        with closing(connection.execute(QUERIES["records"], ("open",))) as records:
            return self._compare_board(dict(records))

    def result(self) -> Verified | Tampered:
        """Say how it ended; the anchor must have been met on the way."""
        if self._anchor is not None and not self._anchored:
            return Tampered(self._anchor.no, "The line of the anchor is missing.")
        return Verified(self._lines, self._head)

    @property
    def _position(self) -> int:
        return self._head.no if self._head else -1

    def _first_fault(self, entries: Iterable[Entry]) -> Tampered | None:
        for entry in entries:
            if reason := next(self._faults(entry), None):
                return Tampered(self.expected if self._head else entry.no, reason)
            self._pass(entry)
        return None

    def _faults(self, entry: Entry) -> Iterator[str]:
        """Yield what is wrong with the next line."""
        no, line, digest = entry
        before = self._head or Head(no - 1, GENESIS)
        if no != before.no + 1:
            yield f"The line is missing; the next one there is {no}."
        if fingerprint(before.hash, no, line) != digest:
            yield "The line does not bear its fingerprint: it, or its place, has been changed."
        if (line.kind == _TRANSITION) != (line.seq is not None):
            yield "Transitions have a number of their own, other lines have none."
        if None not in (line.seq, self._seq) and line.seq != (self._seq or 0) + 1:
            yield f"Transition {self._seq} is followed by {line.seq}."
        if self._anchor is not None and no == self._anchor.no and digest != self._anchor.hash:
            yield "The line is not the one of the anchor: the journal was written anew."

    def _pass(self, entry: Entry) -> None:
        self._head = Head(entry.no, entry.hash)
        self._lines += 1
        self._anchored = self._anchored or self._head == self._anchor
        if entry.line.seq is not None:
            self._seq = entry.line.seq
            told = _STATES.decode(entry.line.document)
            self._board.pop(told.alert_id, None)
            if told.state != _OVER:
                self._board[told.alert_id] = entry

    def _compare_board(self, records: dict[str, bytes]) -> Tampered | None:
        """Return the place if a record of an open alert differs from its latest transition."""
        for alert_id, entry in self._board.items():
            record = records.pop(alert_id, None)
            if record is None:
                return Tampered(entry.no, f"Alert {alert_id} is open and not on the board.")
            if _alert_in(record) != msgspec.json.decode(entry.line.document):
                reason = f"Alert {alert_id} stands on the board otherwise than this line left it."
                return Tampered(entry.no, reason)
        for alert_id in records:
            return Tampered(self.expected, f"Alert {alert_id} is on the board and not open.")
        return None


def _alert_in(record: bytes) -> Any:  # noqa: ANN401 - whatever somebody has put there
    try:
        return msgspec.json.decode(record)[0]
    except (msgspec.DecodeError, UnicodeDecodeError, LookupError, TypeError):
        return None
