"""What the engine must never forget, in SQLite on its own disk: durable before anybody sees it.

A journal begins at the millisecond in which it was created and counts from there. So the journal
that follows a lost one never gives a number again that the database or a client has seen.
"""

import fcntl
import os
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import NamedTuple, Self

import msgspec

from alerts import alert as alerts
from alerts.alert import Alert
from alerts.book import Entry, Open
from alerts.conditions import Key
from alerts.judging import Memory, Phase
from alerts.states import State
from core.clock import to_us
from core.errors import Conflict
from core.queries import load_queries

QUERIES = load_queries(Path(__file__).with_name("journal.sql"))

_TOLD = msgspec.json.Decoder(tuple[int, ...])
_VERSION = 1
"""The form of the tables in `journal.sql`; it moves with every change to them."""

_ANSWERS_KEPT_US = 7 * 86_400 * 1_000_000


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

    entries: Sequence[Entry] = ()
    conditions: Mapping[Key, Memory] = {}
    answers: Sequence[Answer] = ()
    notes: Mapping[str, bytes] = {}


class Journal:
    """The single writer's own database; a second engine on the same folder is refused."""

    def __init__(self, folder: Path, *, now_us: int) -> None:
        """Open or create it; Conflict if another engine holds it."""
        folder.mkdir(parents=True, exist_ok=True)
        self._lock = _lock(folder / "lock")
        self.path = folder / "journal.sqlite"
        self._connection = _connect(self.path)
        _require_version(self._connection, self.path)
        self._connection.executescript(QUERIES["schema"])
        self._before_first = now_us // 1000

    def __enter__(self) -> Self:
        """Hold the journal for the length of the block."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close it and let another engine have it."""
        self._connection.close()
        os.close(self._lock)

    @property
    def last_seq(self) -> int:
        """Return the number of the latest transition; the next one is one higher."""
        return self.bounds()[1] or self._before_first

    def bounds(self) -> tuple[int | None, int | None]:
        """Return the numbers of the first and the latest transition."""
        first, last = self._connection.execute(QUERIES["bounds"]).fetchone()
        return first, last

    def commit(self, draft: Draft) -> None:
        """Put everything on disk, or nothing; returns when it would survive a power cut."""
        with self._connection as transaction:
            transaction.execute("BEGIN IMMEDIATE")
            transaction.executemany(QUERIES["append_transition"], map(_row, draft.entries))
            for entry in draft.entries:
                self._mirror(entry)
            transaction.executemany(
                QUERIES["put_condition"],
                (
                    (*key, *memory[:-1], msgspec.json.encode(memory.told))
                    for key, memory in draft.conditions.items()
                ),
            )
            transaction.executemany(QUERIES["put_answer"], draft.answers)
            transaction.executemany(QUERIES["put_note"], draft.notes.items())

    def forget_answers(self, now_us: int) -> None:
        """Drop the replies nobody will ask for again."""
        self._connection.execute(QUERIES["drop_old_answers"], (now_us - _ANSWERS_KEPT_US,))

    def open_alerts(self) -> Iterator[Open]:
        """Yield the board as it was left."""
        for document, source, latching in self._connection.execute(QUERIES["open_alerts"]):
            yield Open(alerts.decode(document), source, bool(latching))

    def conditions(self) -> dict[Key, Memory]:
        """Return every memory, pending delays with it."""
        rows = self._connection.execute(QUERIES["conditions"])
        return {
            Key(device_id, rule_id): Memory(Phase(phase), *rest)._replace(told=_TOLD.decode(told))
            for device_id, rule_id, phase, *rest, told in rows
        }

    def answer(self, request_id: str) -> bytes | None:
        """Return the reply that was given to this request."""
        return self._one(QUERIES["answer"], request_id)

    def note(self, name: str) -> bytes | None:
        """Return a picture the engine saves now and then."""
        return self._one(QUERIES["note"], name)

    def recall(self, alert_id: str) -> Alert | None:
        """Return an alert after its latest transition, open or not."""
        document = self._one(QUERIES["recall"], alert_id)
        return None if document is None else alerts.decode(document)

    def transitions_since(self, seq: int, limit: int) -> list[Page]:
        """Return up to `limit` transitions after `seq`, in order."""
        rows = self._connection.execute(QUERIES["transitions_since"], (seq, limit))
        return [Page(*row) for row in rows]

    def _one(self, query: str, key: str) -> bytes | None:
        row = self._connection.execute(query, (key,)).fetchone()
        return None if row is None else row[0]

    def _mirror(self, entry: Entry) -> None:
        alert, source, latching, _ = entry
        if alert.state is State.NORMAL:
            self._connection.execute(QUERIES["drop_open_alert"], (alert.alert_id,))
        else:
            row = (alert.alert_id, source, latching, alerts.encode(alert))
            self._connection.execute(QUERIES["put_open_alert"], row)


def read_pages(path: Path, seq: int, limit: int) -> list[Page]:
    """Read transitions on a connection of one's own, beside the writer (WAL allows it)."""
    with closing(_connect(path)) as connection:
        return [
            Page(*row) for row in connection.execute(QUERIES["transitions_since"], (seq, limit))
        ]


def _row(entry: Entry) -> tuple[int, str, int, str, str | None, bytes]:
    alert = entry.alert
    at_us = to_us(alert.updated_at)
    return alert.seq, alert.alert_id, at_us, alert.transition, entry.actor, alerts.encode(alert)


def _connect(path: Path) -> sqlite3.Connection:
    """Open the file; one thread at a time uses the connection, though not always the same one."""
    connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    return connection


def _require_version(connection: sqlite3.Connection, path: Path) -> None:
    """Refuse a journal that another release has written in another form."""
    (found,) = connection.execute("PRAGMA user_version").fetchone()
    (tables,) = connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()
    if tables and found != _VERSION:
        raise Conflict(
            f"The journal {path} has form {found}, this release reads form {_VERSION}. "
            "Run the release that wrote it, or move the file away to begin anew."
        )
    connection.execute(f"PRAGMA user_version = {_VERSION}")


def _lock(path: Path) -> int:
    """Take the folder for this process; the kernel gives it back however the process ends."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        raise Conflict(f"Another alert engine is at work in {path.parent}.") from None
    return descriptor
