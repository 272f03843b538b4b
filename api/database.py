"""The api's way to the database: it lends connections, or says at once that there are none."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import psycopg
import structlog
from psycopg.errors import QueryCanceled
from psycopg_pool import AsyncConnectionPool
from pydantic import SecretStr

from core.database import Connection, DatabaseDown, connect, make_pool
from core.errors import Unavailable

log = structlog.get_logger()

Pool = AsyncConnectionPool[Connection]

_PROBE_EVERY = 1.0  # seconds
_PROBE_WITHIN = 3.0  # seconds
_PATIENT_AT_MOST = 2  # of the pool's five: the rest stays for quick questions
_PATIENT_WITHIN = 60  # seconds
_TURN_WITHIN = 30.0  # seconds

AWAY = "The database does not answer just now; live alerts and their acknowledgement still work."
TOO_LONG = "That took the database too long; ask for a shorter range."
BUSY = "Others have asked for long figures just now; try again in a minute."


class Database:
    """A pool thrown away with each outage: a new one is never stuck in the old one's past."""

    def __init__(self, url: SecretStr) -> None:
        """Remember where the database is; `watch_forever` connects."""
        self._url = url
        self._pool: Pool | None = None
        self._arrived = asyncio.Event()
        self._turns = asyncio.Semaphore(_PATIENT_AT_MOST)

    @property
    def up(self) -> bool:
        """Say whether the database answered a moment ago."""
        return self._pool is not None

    @asynccontextmanager
    async def connection(self) -> AsyncIterator[Connection]:
        """Lend a connection, committed on the way out; Unavailable while the database is away."""
        if self._pool is None:
            raise Unavailable(AWAY)
        try:
            async with self._pool.connection() as conn:
                yield conn
        except QueryCanceled as error:
            raise Unavailable(TOO_LONG) from error
        except DatabaseDown as error:
            raise Unavailable(AWAY) from error

    @asynccontextmanager
    async def patient_connection(self) -> AsyncIterator[Connection]:
        """Lend a connection whose statements may take a minute, to two callers at a time.

        Unavailable while the database is away, or if it is not one's turn within 30 s.
        """
        try:
            async with asyncio.timeout(_TURN_WITHIN):
                await self._turns.acquire()
        except TimeoutError:
            raise Unavailable(BUSY) from None
        try:
            async with self.connection() as conn:
                await conn.execute(f"SET LOCAL statement_timeout = '{_PATIENT_WITHIN}s'")
                yield conn
        finally:
            self._turns.release()

    async def pause(self, seconds: float) -> None:
        """Wait so long; if the database is away, only until it is back."""
        if self.up:
            await asyncio.sleep(seconds)
            return
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._arrived.wait()

    async def watch_forever(self) -> None:
        """Keep the pool alive as long as a connection of our own gets answers."""
        while True:
            try:
                await self._watch()
            except (*DatabaseDown, TimeoutError, OSError) as error:
                log.warning("database not reached", reason=str(error).strip() or "timeout")
            finally:
                await self._drop()
            await asyncio.sleep(_PROBE_EVERY)

    async def _watch(self) -> None:
        async with await connect(self._url, program="api-watch") as probe:
            await probe.set_autocommit(True)
            await self._open()
            while True:
                await _ask(probe)
                await asyncio.sleep(_PROBE_EVERY)

    async def _open(self) -> None:
        pool = make_pool(self._url, program="api")
        await pool.open()
        self._pool = pool
        self._arrived.set()
        log.info("database connected")

    async def _drop(self) -> None:
        self._arrived.clear()
        pool, self._pool = self._pool, None
        if pool is not None:
            await pool.close(timeout=1)


async def _ask(probe: psycopg.AsyncConnection[tuple[object, ...]]) -> None:
    async with asyncio.timeout(_PROBE_WITHIN):
        await probe.execute("SELECT 1")
