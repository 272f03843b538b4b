"""Carries the journal into the database, when and as fast as the database can take it."""

import asyncio
import sqlite3
from pathlib import Path

import psycopg
import structlog
from pydantic import SecretStr

from alerts.history import store
from alerts.journal.pages import read_entries
from alerts.metrics import UNPROJECTED
from core.database import Connection, connect
from core.errors import Conflict, YiwangError

log = structlog.get_logger()

_BATCH = 500  # lines in one transaction
_AGAIN_AFTER = 1.0  # seconds, while the database is away


class Projector:
    """One connection of its own; alarms never wait for it."""

    def __init__(self, url: SecretStr, journal: Path) -> None:
        """Read from the journal's file and write to the database at `url`."""
        self._url = url
        self._journal = journal
        self._news = asyncio.Event()
        self._projected: int | None = None
        self.trouble: str | None = None

    def tell(self, last_no: int) -> None:
        """Say up to which line the journal is written."""
        self._news.set()
        if self._projected is not None:
            UNPROJECTED.set(last_no - self._projected)

    async def project_forever(self) -> None:
        """Project, and whatever the database says, come back: history waits, it is not lost."""
        while True:
            try:
                async with await connect(self._url, program="alerts") as conn:
                    await self._follow(conn)
            except psycopg.Error as error:
                reason = str(error).split("\n")[0]
                self._note_trouble(f"The database does not take history: {reason}.")
            except YiwangError as error:
                self._note_trouble(f"The history cannot be carried on: {error.message}")
            except sqlite3.Error as error:
                self._note_trouble(f"The journal cannot be read: {error}.")
            await asyncio.sleep(_AGAIN_AFTER)

    async def _follow(self, conn: Connection) -> None:
        """Begin where the database ends, even if it was restored from an older copy."""
        await conn.set_autocommit(True)
        projected, digest = await store.last_projected(conn)
        await asyncio.to_thread(require_common_past, self._journal, projected, digest)
        self.trouble = None
        while True:
            self._news.clear()
            entries = await asyncio.to_thread(read_entries, self._journal, projected, _BATCH)
            if entries:
                await store.project(conn, entries)
                projected = entries[-1].no
            else:
                self._projected = projected
                UNPROJECTED.set(0)
                await self._news.wait()

    def _note_trouble(self, sentence: str) -> None:
        if self.trouble is None:
            log.warning("history waits", reason=sentence)
        self.trouble = sentence


def require_common_past(journal: Path, no: int, digest: bytes | None) -> None:
    """Conflict if the database's latest line `no` is not one of this journal.

    A journal that was restored from an older copy gives numbers again that the database knows:
    going on would mix two histories. One that began anew is later than all of it.
    """
    if digest is None:
        return
    first = read_entries(journal, -1, 1)
    if not first or no < first[0].no:
        return
    found = read_entries(journal, no - 1, 1)
    if not found or (found[0].no, found[0].hash) != (no, digest):
        raise Conflict(
            f"The database knows a line {no} that this journal does not have: the journal was "
            "restored from an older copy. History is not written, lest two be mixed; stop the "
            "engine and move journal.sqlite away to begin anew."
        )
