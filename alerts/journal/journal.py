"""What the engine must never forget, in SQLite on its own disk: durable before anybody sees it.

A journal begins at the millisecond in which it was created and counts from there. So the journal
that follows a lost one never gives a number again that the database or a client has seen.
"""

import os
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import NamedTuple, Self

import msgspec

from alerts.journal.chain import GENESIS, Head, linked
from alerts.journal.opening import open_to_write, take_folder
from alerts.journal.pages import QUERIES, file_in, last_line
from alerts.journal.pen import Line
from alerts.judging.conditions import Key
from alerts.judging.lasting import Memory, Phase
from core.errors import Unavailable

_TOLD = msgspec.json.Decoder(tuple[int, ...])
_ANSWERS_KEPT_US = 7 * 86_400 * 1_000_000
_HINDRANCES = {
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_READONLY,
    sqlite3.SQLITE_CANTOPEN,
    sqlite3.SQLITE_BUSY,
}
"""What room on the disk, or somebody's patience, can mend; anything else is a bug."""


class Answer(NamedTuple):
    """The reply to a request, kept so that the same request gets the same reply."""

    request_id: str
    at_us: int
    text: bytes


class Page(NamedTuple):
    """One transition as others read it."""

    seq: int
    document: bytes
    actor: str | None


class Draft(NamedTuple):
    """Everything one turn of the engine changed; committed whole or not at all."""

    lines: Sequence[Line] = ()
    records: Mapping[tuple[str, str], bytes | None] = {}  # None: dropped
    conditions: Mapping[Key, Memory] = {}
    answers: Sequence[Answer] = ()


class Journal:
    """The single writer's own database; a second engine on the same folder is refused.

    `head` is the latest durable line, `last_seq` the number of the latest durable transition.
    """

    def __init__(self, folder: Path, *, now_us: int) -> None:
        """Open or create it; Conflict if another engine holds it, Unavailable on a full disk."""
        self._lock = take_folder(folder)
        self.path = file_in(folder)
        try:
            with _translated():
                self._connection = open_to_write(self.path)
        except BaseException:
            os.close(self._lock)
            raise
        before_first = now_us // 1000
        self.head = last_line(self._connection) or Head(before_first, GENESIS)
        self.last_seq = self.bounds()[1] or before_first

    def __enter__(self) -> Self:
        """Hold the journal for the length of the block."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close it and let another engine have it."""
        self._connection.close()
        os.close(self._lock)

    def bounds(self) -> tuple[int | None, int | None]:
        """Return the numbers of the first and the latest transition."""
        first, last = self._connection.execute(QUERIES["bounds"]).fetchone()
        return first, last

    def commit(self, draft: Draft) -> None:
        """Put everything on disk, or nothing; returns when it would survive a power cut.

        Unavailable while the disk takes nothing: the same draft may be committed later.
        """
        with _translated(), self._connection as transaction:
            transaction.execute("BEGIN IMMEDIATE")
            head = self._append(draft.lines)
            for (kind, key), document in draft.records.items():
                self._put_record(kind, key, document)
            transaction.executemany(
                QUERIES["put_condition"],
                (
                    (*key, *memory[:-1], msgspec.json.encode(memory.told))
                    for key, memory in draft.conditions.items()
                ),
            )
            transaction.executemany(QUERIES["put_answer"], draft.answers)
        self.head = head
        self.last_seq = max((line.seq or 0 for line in draft.lines), default=0) or self.last_seq

    def forget_answers(self, now_us: int) -> None:
        """Drop the replies nobody will ask for again; with a full disk they stay for now."""
        with suppress(Unavailable), _translated():
            self._connection.execute(QUERIES["drop_old_answers"], (now_us - _ANSWERS_KEPT_US,))

    def records(self, kind: str) -> dict[str, bytes]:
        """Return everything kept under this kind, by key."""
        return dict(self._connection.execute(QUERIES["records"], (kind,)).fetchall())

    def conditions(self) -> dict[Key, Memory]:
        """Return every memory, pending delays with it."""
        rows = self._connection.execute(QUERIES["conditions"])
        return {
            Key(device_id, rule_id): Memory._make((Phase(phase), *rest, _TOLD.decode(told)))
            for device_id, rule_id, phase, *rest, told in rows
        }

    def answer(self, request_id: str) -> bytes | None:
        """Return the reply that was given to this request."""
        return self._one(QUERIES["answer"], request_id)

    def recall(self, alert_id: str) -> bytes | None:
        """Return an alert after its latest transition, open or not."""
        return self._one(QUERIES["recall"], alert_id)

    def receipts(self, alert_id: str | None, limit: int) -> list[bytes]:
        """Return what became of notices about one alert or, with None, of all; newest first.

        A notice about several alerts stands there once for each of them.
        """
        if alert_id is None:
            rows = self._connection.execute(QUERIES["receipts"], (limit,))
        else:
            rows = self._connection.execute(QUERIES["receipts_of"], (alert_id, limit))
        return [document for (document,) in rows]

    def transitions_since(self, seq: int, limit: int) -> list[Page]:
        """Return up to `limit` transitions after `seq`, in order."""
        rows = self._connection.execute(QUERIES["transitions_since"], (seq, limit))
        return [Page(*row) for row in rows]

    def _one(self, query: str, key: str) -> bytes | None:
        row = self._connection.execute(query, (key,)).fetchone()
        return None if row is None else row[0]

    def _append(self, lines: Sequence[Line]) -> Head:
        """Write the lines, each tied to the one before; return where the journal ends now."""
        head = self.head
        for no, line, digest in linked(head, lines):
            kind, subject, at_us, document, actor, seq = line
            row = (no, seq, at_us, kind, subject, actor, document, digest)
            self._connection.execute(QUERIES["append_line"], row)
            head = Head(no, digest)
        return head

    def _put_record(self, kind: str, key: str, document: bytes | None) -> None:
        if document is None:
            self._connection.execute(QUERIES["drop_record"], (kind, key))
        else:
            self._connection.execute(QUERIES["put_record"], (kind, key, document))


@contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode & 0xFF not in _HINDRANCES:
            raise
        sentence = f"The journal cannot be written: {error}."
        raise Unavailable(sentence, code="journal_unwritable") from error
