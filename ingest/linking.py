"""The writer owns its connection: a pool can stay stuck after minutes without a database."""

import asyncio

import psycopg
import structlog
from pydantic import SecretStr

from core.database import Connection, connect
from ingest import store

log = structlog.get_logger()

_RETRY_AFTER = (0.5, 5.0)  # seconds, first and longest pause between attempts


class DatabaseLink:
    """The one connection of the writer, and whether it can be used just now."""

    def __init__(self, url: SecretStr) -> None:
        """Start without a connection; `stay_connected` brings it."""
        self._url = url
        self._broken = asyncio.Event()
        self._broken.set()
        self.conn: Connection | None = None
        self.sequences: store.Sequences = {}
        self.trouble: str | None = "The database is not connected yet."

    async def stay_connected(self) -> None:
        """Connect, wait until the link is given up, connect again, for ever."""
        pause = _RETRY_AFTER[0]
        while True:
            await self._broken.wait()
            try:
                await self._open()
                pause = _RETRY_AFTER[0]
            except psycopg.Error as error:
                self.trouble = f"The database does not answer: {_reason(error)}."
                log.warning("database not reached", reason=_reason(error))
                await asyncio.sleep(pause)
                pause = min(2 * pause, _RETRY_AFTER[1])

    async def give_up(self, error: psycopg.Error) -> None:
        """Drop the connection after `error`; the next one starts clean."""
        conn, self.conn = self.conn, None
        self.trouble = f"The database does not take the messages: {_reason(error)}."
        log.warning("database lost", reason=_reason(error))
        if conn is not None:
            await conn.close()
        self._broken.set()

    async def close(self) -> None:
        """Close the connection for good."""
        if self.conn is not None:
            await self.conn.close()

    async def _open(self) -> None:
        conn = await connect(self._url, program="ingest")
        try:
            self.sequences = await store.prepare(conn)
        except psycopg.Error:
            await conn.close()
            raise
        self.conn, self.trouble = conn, None
        self._broken.clear()
        log.info("database connected")


def _reason(error: psycopg.Error) -> str:
    """Return the first line of what the server or the driver says; it holds no password."""
    return str(error).strip().split("\n")[0] or type(error).__name__
