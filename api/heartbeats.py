"""The heartbeats of all programs on their way into the database, for dashboards to look back."""

import asyncio

from api.database import Database
from api.picture import Picture
from api.store.heartbeats import keep_heartbeats
from core.errors import Unavailable

_EVERY = 10.0  # seconds


async def keep_forever(picture: Picture, database: Database) -> None:
    """Keep the newest heartbeat of each program; while the database is away there is none to keep.

    A sample that could not be written is not made up for: the gap tells of the outage.
    """
    while True:
        await keep_once(picture, database)
        await asyncio.sleep(_EVERY)


async def keep_once(picture: Picture, database: Database) -> bool:
    """Keep the newest heartbeats; tell whether the database took them."""
    try:
        async with database.connection() as conn:
            await keep_heartbeats(conn, [heard.pulse for heard in picture.heartbeats.values()])
    except Unavailable:
        return False
    return True
