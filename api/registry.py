"""The registry in memory: read without the database, fresh within a second of any change."""

import asyncio
from contextlib import suppress
from pathlib import Path

from api.admission import Admission
from api.database import Database
from core.errors import Invalid, NotFound, Unavailable
from devices import snapshot
from devices.registry import Registry
from devices.store import load_registry, registry_version

_LOOK_EVERY = 1.0  # seconds


class CurrentRegistry:
    """The registry as last read; the copy on disk bridges a restart without a database."""

    def __init__(self, database: Database, copy: Path, admission: Admission) -> None:
        """Start with the copy, if there is one; changes reach the broker through `admission`."""
        self._database = database
        self._copy = copy
        self._admission = admission
        self._reading = asyncio.Lock()
        self._known = _recall(copy)

    @property
    def now(self) -> Registry:
        """Return the registry; Unavailable before it was read for the first time."""
        if self._known is None:
            raise Unavailable("The registry is not known yet: the database has not answered.")
        return self._known

    async def refresh(self) -> None:
        """Read the registry again if its version has moved."""
        async with self._reading:
            async with self._database.connection() as conn:
                if self._known and await registry_version(conn) == self._known.version:
                    return
                self._known = await load_registry(conn)
            await asyncio.to_thread(snapshot.save, self._known, self._copy)
            await self._admission.write(self._known)

    async def follow_forever(self) -> None:
        """Keep up with changes, whoever makes them."""
        while True:
            with suppress(Unavailable):  # the database's own watch says so
                await self.refresh()
            await self._database.pause(_LOOK_EVERY)


def _recall(copy: Path) -> Registry | None:
    try:
        return snapshot.load(copy)
    except (NotFound, Invalid):
        return None
