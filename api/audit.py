"""The audit trail: noted at once in memory, written as soon as the database takes it."""

import asyncio
from collections import deque

import structlog

from api.database import Database
from api.metrics import AUDIT_DROPPED, AUDIT_WAITING
from api.store.audit import Entry, append_entries
from core.clock import Clock, utc_now
from core.errors import Unavailable

log = structlog.get_logger()

AT_MOST = 10_000
_BATCH = 500
_RETRY_AFTER = 1.0  # seconds


class Audit:
    """Entries on their way to the database; the oldest go first, and are lost first."""

    def __init__(self, database: Database, *, clock: Clock = utc_now) -> None:
        """Write to `database`."""
        self._database = database
        self._clock = clock
        self._waiting: deque[Entry] = deque()
        self._work = asyncio.Event()

    @property
    def waiting(self) -> int:
        """Count the entries not yet written."""
        return len(self._waiting)

    def note(self, actor: str, action: str, subject: str = "", **detail: object) -> None:
        """Note a deed; never waits, never fails."""
        entry = Entry(at=self._clock(), actor=actor, action=action, subject=subject, detail=detail)
        self._waiting.append(entry)
        if len(self._waiting) > AT_MOST:
            lost = self._waiting.popleft()
            AUDIT_DROPPED.inc()
            log.error("audit entry lost", actor=lost.actor, action=lost.action, at=str(lost.at))
        AUDIT_WAITING.set(len(self._waiting))
        self._work.set()

    async def write_forever(self) -> None:
        """Write what waits; while the database is away, wait on."""
        while True:
            await self._work.wait()
            self._work.clear()
            try:
                await self.flush()
            except Unavailable:
                self._work.set()
                await self._database.pause(_RETRY_AFTER)

    async def flush(self) -> None:
        """Write everything that waits; Unavailable leaves it waiting."""
        while self._waiting:
            batch = [self._waiting[index] for index in range(min(_BATCH, len(self._waiting)))]
            async with self._database.connection() as conn:
                await append_entries(conn, batch)
            self._forget({id(entry) for entry in batch})

    def _forget(self, written: set[int]) -> None:
        while self._waiting and id(self._waiting[0]) in written:
            self._waiting.popleft()
        AUDIT_WAITING.set(len(self._waiting))
