"""What devices said around an incident, as far as the database has it."""

from datetime import datetime
from pathlib import Path
from typing import Final, NamedTuple

from core.database import Connection
from core.queries import load_queries

QUERIES = load_queries(Path(__file__).with_name("messages.sql"))

KINDS: Final = ("readings", "positions", "events")
MOST: Final = 100_000
"""Rows of one kind at most."""


class Surroundings(NamedTuple):
    """Whose messages, and of which time by the devices' clocks."""

    device_id: str | None
    site_id: str | None
    start: datetime
    end: datetime


async def messages(conn: Connection, kind: str, around: Surroundings) -> list[str]:
    """Return one kind of message as JSON, in the order of time; `MOST` at most."""
    cursor = await conn.execute(QUERIES[kind], {**around._asdict(), "limit": MOST})
    return [row[0] async for row in cursor]
