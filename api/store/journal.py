"""The engine's journal as the database has it: everything but the transitions of alerts."""

from datetime import datetime
from pathlib import Path

import msgspec
from psycopg.rows import dict_row

from core.database import Connection
from core.queries import load_queries

QUERIES = load_queries(Path(__file__).with_name("journal.sql"))


class LineFilter(msgspec.Struct, frozen=True, kw_only=True):
    """Which lines; None means any."""

    kind: str | None = None
    subject: str | None = None
    actor: str | None = None
    start: datetime | None = None
    end: datetime | None = None
    before: int | None = None
    limit: int = 100


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """One line; `hash` chains it to the line before."""

    no: int
    at: datetime
    kind: str
    subject: str
    actor: str | None
    document: object
    hash: str | None


async def list_lines(conn: Connection, wanted: LineFilter) -> list[Line]:
    """Return lines, newest first, one more than the limit where more follow."""
    values = {**msgspec.structs.asdict(wanted), "limit": wanted.limit + 1}
    async with conn.cursor(row_factory=dict_row) as cursor:
        await cursor.execute(QUERIES["list_lines"], values)
        return [Line(**row) for row in await cursor.fetchall()]
