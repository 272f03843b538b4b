"""What a device said last, message by message, with the times it has gone through."""

from collections.abc import Sequence
from datetime import datetime
from itertools import groupby
from pathlib import Path

import msgspec
from psycopg.rows import dict_row

from api.store.values import Span
from core.database import Connection
from core.queries import load_queries

QUERIES = load_queries(Path(__file__).with_name("messages.sql"))


class Row(msgspec.Struct, frozen=True):
    """One value as it was stored."""

    observed_at: datetime
    received_at: datetime
    metric: int
    value: float
    quality: int

    @property
    def message(self) -> tuple[datetime, datetime]:
        """Return what the values of one message have in common."""
        return self.observed_at, self.received_at


async def list_last_readings(
    conn: Connection, device: int, metrics: Sequence[int], span: Span, limit: int
) -> list[list[Row]]:
    """Return the newest messages with values, newest first, each as the rows it became."""
    values = {
        "device": device,
        "metrics": list(metrics),
        "start": span.start,
        "end": span.end,
        "limit": limit,
    }
    async with conn.cursor(row_factory=dict_row) as cursor:
        await cursor.execute(QUERIES["list_last_readings"], values)
        rows = [msgspec.convert(row, Row) for row in await cursor.fetchall()]
    rows.sort(key=lambda row: row.message, reverse=True)
    return [list(group) for _, group in groupby(rows, key=lambda row: row.message)][:limit]
