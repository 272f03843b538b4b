"""Who did what, append-only."""

from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

import msgspec
from psycopg.rows import dict_row
from psycopg.types.json import Jsonb

from core.database import Connection
from core.queries import load_queries

QUERIES = load_queries(Path(__file__).with_name("audit.sql"))


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """One deed."""

    at: datetime
    actor: str
    action: str
    subject: str
    detail: dict[str, object]


class Deed(Entry, frozen=True, kw_only=True):
    """One entry as it stands in the trail."""

    id: int


async def list_deeds(
    conn: Connection, *, actor: str | None, before: int | None, limit: int
) -> list[Deed]:
    """Return the trail, newest first, one more than the limit where more follow."""
    values = {"actor": actor, "before": before, "limit": limit + 1}
    async with conn.cursor(row_factory=dict_row) as cursor:
        await cursor.execute(QUERIES["list_deeds"], values)
        return [msgspec.convert(row, Deed) for row in await cursor.fetchall()]


async def append_entries(conn: Connection, entries: Iterable[Entry]) -> None:
    """Write the entries, all or none."""
    rows = [{**msgspec.structs.asdict(entry), "detail": Jsonb(entry.detail)} for entry in entries]
    async with conn.cursor() as cursor:
        await cursor.executemany(QUERIES["append_entries"], rows)
