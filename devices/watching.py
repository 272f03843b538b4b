"""Keeps a program's copy of the registry fresh while the database changes, or is away."""

import asyncio

import psycopg
import structlog
from pydantic import SecretStr

from core.database import Connection, connect
from devices import store
from devices.registry import Registry

log = structlog.get_logger()

_POLL_EVERY = 2.0  # seconds
_ASK_AGAIN_AFTER = 0.5  # seconds; strangers may ask often, the database is asked seldom


class RegistryWatch:
    """The newest registry this program could read; None until the first one."""

    def __init__(self, url: SecretStr, *, program: str, start: Registry | None = None) -> None:
        """Begin with `start`, a copy from disk, where there is one."""
        self._url = url
        self._program = f"{program}-registry"
        self._conn: Connection | None = None
        self._asking = asyncio.Lock()
        self._asked_at = float("-inf")
        self.registry = start
        self.reachable = False  # whether the last attempt to ask the database succeeded

    async def watch_forever(self) -> None:
        """Look for a new version every two seconds."""
        try:
            while True:
                await self.refresh()
                await asyncio.sleep(_POLL_EVERY)
        finally:
            await self._drop()

    async def refreshed(self) -> Registry | None:
        """Return the registry as it is at least as late as this call."""
        await self.refresh()
        return self.registry

    async def refresh(self) -> bool:
        """Read the registry again if it has changed since; says whether it has.

        The database is always asked after the call, at most twice a second: whoever was
        registered before is known then. With the database away it keeps what it has.
        """
        async with self._asking:
            loop = asyncio.get_running_loop()
            await asyncio.sleep(self._asked_at + _ASK_AGAIN_AFTER - loop.time())
            self._asked_at = loop.time()
            try:
                changed = await self._read_if_changed()
            except psycopg.Error as error:
                self.reachable = False
                log.warning("registry not read", reason=str(error).split("\n")[0])
                await self._drop()
                return False
            self.reachable = True
            return changed

    async def _read_if_changed(self) -> bool:
        if self._conn is None:
            self._conn = await connect(self._url, program=self._program)
            await self._conn.set_autocommit(True)
        version = await store.registry_version(self._conn)
        if self.registry is not None and self.registry.version == version:
            return False
        self.registry = await store.load_registry(self._conn)
        log.info("registry read", version=version, devices=len(self.registry.speakers))
        return True

    async def _drop(self) -> None:
        conn, self._conn = self._conn, None
        if conn is not None:
            await conn.close()
