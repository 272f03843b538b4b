"""Carries the journal into the database, when and as fast as the database can take it."""

import asyncio
from pathlib import Path

import psycopg
import structlog
from pydantic import SecretStr

from alerts import store
from alerts.journal import read_pages
from alerts.metrics import UNPROJECTED
from core.database import Connection, connect

log = structlog.get_logger()

_BATCH = 500  # transitions in one transaction
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

    def tell(self, last_seq: int) -> None:
        """Say that the journal has grown."""
        self._news.set()
        if self._projected is not None:
            UNPROJECTED.set(last_seq - self._projected)

    async def project_forever(self) -> None:
        """Project, and whatever the database says, come back: history waits, it is not lost."""
        while True:
            try:
                async with await connect(self._url, program="alerts") as conn:
                    await self._follow(conn)
            except psycopg.Error as error:
                self._note_trouble(str(error).split("\n")[0])
            await asyncio.sleep(_AGAIN_AFTER)

    async def _follow(self, conn: Connection) -> None:
        """Begin where the database ends, even if it was restored from an older copy."""
        await conn.set_autocommit(True)
        projected = await store.last_projected(conn)
        self.trouble = None
        while True:
            self._news.clear()
            pages = await asyncio.to_thread(read_pages, self._journal, projected, _BATCH)
            if pages:
                await store.project(conn, pages)
                projected = pages[-1].seq
            else:
                self._projected = projected
                UNPROJECTED.set(0)
                await self._news.wait()

    def _note_trouble(self, reason: str) -> None:
        if self.trouble is None:
            log.warning("history waits for the database", reason=reason)
        self.trouble = f"The database does not take history: {reason}"
