"""Who the broker lets in: its files follow the registry and the credentials in use."""

import asyncio
from pathlib import Path

from api.database import Database
from devices import access, credentials
from devices.registry import Registry


class Admission:
    """Writes the broker's access files; the broker reads them again by itself."""

    def __init__(self, database: Database, folder: Path) -> None:
        """Write into `folder`, beside the services' own part."""
        self._database = database
        self._folder = folder
        self._writing = asyncio.Lock()

    async def write(self, registry: Registry) -> None:
        """Bring the files up to date; unchanged ones are left alone."""
        async with self._writing:
            async with self._database.connection() as conn:
                held = await credentials.live_credentials(conn)
            await asyncio.to_thread(access.write_access, self._folder, registry, held)
