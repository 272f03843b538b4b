"""The alerts' history in the database: the one place that names its tables."""

from collections.abc import Sequence
from pathlib import Path

from alerts.journal import Page
from core.database import Connection
from core.queries import load_queries

QUERIES = load_queries(Path(__file__).with_name("queries.sql"))


async def last_projected(conn: Connection) -> int:
    """Return the number of the latest transition the database has."""
    cursor = await conn.execute(QUERIES["last_projected"])
    row = await cursor.fetchone()
    return int(row[0]) if row else 0


async def project(conn: Connection, pages: Sequence[Page]) -> None:
    """Write transitions in one transaction; written twice they change nothing."""
    columns = {
        "seqs": [page.seq for page in pages],
        "documents": [page.document.decode() for page in pages],
        "actors": [page.actor for page in pages],
    }
    async with conn.transaction():
        await conn.execute(QUERIES["append_events"], columns)
        await conn.execute(QUERIES["put_alerts"], columns)
