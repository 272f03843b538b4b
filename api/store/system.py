"""How large the database is, and what is kept for how long."""

from pathlib import Path

import msgspec
from psycopg.rows import dict_row

from core.database import Connection
from core.queries import load_queries

QUERIES = load_queries(Path(__file__).with_name("system.sql"))


class DatabaseFigures(msgspec.Struct, frozen=True, kw_only=True):
    """Size in bytes, connections of the whole server, share found in memory (0 to 1)."""

    bytes: int
    connections: int
    connections_limit: int
    hit_rate: float | None
    deadlocks: int


class RelationSize(msgspec.Struct, frozen=True, kw_only=True):
    """What is kept, for how many days (null: for ever), why, in how many bytes."""

    relation: str
    keep_days: float | None
    reason: str
    bytes: int | None


async def read_database(conn: Connection) -> DatabaseFigures:
    """Return the figures of the database as they are now."""
    async with conn.cursor(row_factory=dict_row) as cursor:
        await cursor.execute(QUERIES["read_database"])
        return msgspec.convert(await cursor.fetchone(), DatabaseFigures)


async def list_relations(conn: Connection) -> list[RelationSize]:
    """Return every retention class, the largest first."""
    async with conn.cursor(row_factory=dict_row) as cursor:
        await cursor.execute(QUERIES["list_relations"])
        return [msgspec.convert(row, RelationSize) for row in await cursor.fetchall()]
