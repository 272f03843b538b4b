"""Reading the journal beside its writer: WAL lets as many look as want to."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, Final

from alerts.journal.chain import Entry, Head
from alerts.journal.pen import Line
from core.errors import Conflict, NotFound
from core.queries import load_queries

QUERIES: Final = load_queries(Path(__file__).with_name("journal.sql"))

FORM: Final = 2
"""The form of the tables in `journal.sql`; it moves with every change to them."""


def file_in(folder: Path) -> Path:
    """Return where the journal of this state folder is."""
    return folder / "journal.sqlite"


@contextmanager
def reading(path: Path) -> Iterator[sqlite3.Connection]:
    """Open a journal to look at it; NotFound without one, Conflict if it has another form."""
    if not path.is_file():
        raise NotFound(f"There is no journal at {path}.")
    with closing(_look_only(path)) as connection:
        (found,) = connection.execute("PRAGMA user_version").fetchone()
        if found != FORM:
            raise Conflict(f"The journal {path} has form {found}, this release reads form {FORM}.")
        yield connection


def entries_after(connection: sqlite3.Connection, no: int, limit: int) -> list[Entry]:
    """Return up to `limit` lines after `no`, in order."""
    return [_entry(row) for row in connection.execute(QUERIES["lines_after"], (no, limit))]


def read_entries(path: Path, no: int, limit: int) -> list[Entry]:
    """Return up to `limit` lines after `no` on a connection of its own, closed again."""
    with reading(path) as connection:
        return entries_after(connection, no, limit)


def last_line(connection: sqlite3.Connection) -> Head | None:
    """Return where the journal ends; None while it is empty."""
    row = connection.execute(QUERIES["head"]).fetchone()
    return Head(*row) if row else None


def _look_only(path: Path) -> sqlite3.Connection:
    """Open it read-only; a copy on a read-only medium has no WAL beside it and needs none."""
    look = f"{path.absolute().as_uri()}?mode=ro"
    connection = sqlite3.connect(look, uri=True, isolation_level=None, check_same_thread=False)
    try:
        connection.execute("PRAGMA user_version")
    except sqlite3.OperationalError:
        connection.close()
        if path.with_name(f"{path.name}-wal").exists():
            raise
        still = f"{look}&immutable=1"
        return sqlite3.connect(still, uri=True, isolation_level=None, check_same_thread=False)
    return connection


def _entry(row: tuple[Any, ...]) -> Entry:
    no, seq, at_us, kind, subject, actor, document, digest = row
    return Entry(no, Line(kind, subject, at_us, document, actor, seq), digest)
