"""Opening the journal to write: one engine at a time, readable by nobody else, in today's form."""

import fcntl
import os
import sqlite3
from contextlib import suppress
from pathlib import Path
from typing import Final

from alerts.journal.carrying import carry_over
from alerts.journal.pages import FORM, QUERIES
from core.errors import Conflict

_PRIVATE_FOLDER: Final = 0o700
_PRIVATE_FILE: Final = 0o600


def take_folder(folder: Path) -> int:
    """Take the folder for this process; the kernel gives it back however the process ends.

    Returns the lock's descriptor; Conflict if another engine has it.
    """
    folder.mkdir(parents=True, exist_ok=True)
    _make_private(folder, _PRIVATE_FOLDER)
    lock = folder / "lock"
    descriptor = os.open(lock, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, _PRIVATE_FILE)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        raise Conflict(f"Another alert engine is at work in {folder}.") from None
    return descriptor


def open_to_write(path: Path) -> sqlite3.Connection:
    """Open or create the file in today's form; one thread at a time uses the connection."""
    os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, _PRIVATE_FILE))
    _make_private(path, _PRIVATE_FILE)  # SQLite gives the files beside it the same mode
    connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    try:
        _take_form(connection, path)
    except BaseException:
        connection.close()
        raise
    return connection


def _take_form(connection: sqlite3.Connection, path: Path) -> None:
    """Bring it to today's form; Conflict if only another release can read it."""
    (found,) = connection.execute("PRAGMA user_version").fetchone()
    (tables,) = connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()
    if tables and not 1 <= found <= FORM:
        raise Conflict(
            f"The journal {path} has form {found}, this release reads form {FORM}. "
            "Run the release that wrote it, or move the file away to begin anew."
        )
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    if found == FORM:
        return
    connection.executescript(f"BEGIN IMMEDIATE; {QUERIES['schema']}")
    with connection:
        if tables:
            carry_over(connection)
        connection.execute(f"PRAGMA user_version = {FORM}")


def _make_private(path: Path, mode: int) -> None:
    """Take away what others may do; a folder that is not ours to change stays as it is."""
    if path.stat().st_mode & 0o777 & ~mode:
        with suppress(PermissionError):
            path.chmod(mode)
