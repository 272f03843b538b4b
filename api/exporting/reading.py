"""Reading a history in batches, out of one snapshot, slice of time by slice of time."""

from collections.abc import AsyncGenerator, Iterator, Sequence
from typing import Any

import msgspec
from psycopg.sql import SQL

from api.exporting.histories import History
from api.store.values import Span
from core.database import Connection

Rows = Sequence[tuple[Any, ...]]

ROWS_AT_ONCE = 10_000
"""What is in memory at a time; also a row group of a Parquet file."""

_BEGIN = SQL("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
_NOT_FOR_EVER = SQL("SET LOCAL idle_in_transaction_session_timeout = '2min'")


class Choice(msgspec.Struct, frozen=True, kw_only=True):
    """Which rows; None means all."""

    span: Span
    devices: tuple[int, ...] | None = None
    metrics: tuple[int, ...] | None = None
    device_ids: tuple[str, ...] | None = None
    site_ids: tuple[str, ...] | None = None
    domain: str | None = None


async def begin(conn: Connection) -> None:
    """Begin the snapshot; a reader that stops taking rows loses it after two minutes."""
    await conn.execute(_BEGIN)
    await conn.execute(_NOT_FOR_EVER)


async def read_batches(
    conn: Connection, history: History, choice: Choice, *, size: int = ROWS_AT_ONCE
) -> AsyncGenerator[Rows]:
    """Yield the rows, oldest first, at most `size` at a time; never an empty batch."""
    for span in slices(choice.span, history):
        async with conn.cursor(name="export", binary=True) as cursor:
            await cursor.execute(history.query, _values(choice, span))
            while rows := await cursor.fetchmany(size):
                yield rows


async def count_rows(conn: Connection, history: History, choice: Choice, *, up_to: int) -> int:
    """Count the rows, but not further than `up_to`."""
    counting = SQL("SELECT count(*) FROM ({} LIMIT %(left)s) AS rows").format(history.query)
    found = 0
    for span in slices(choice.span, history):
        values = {**_values(choice, span), "left": up_to - found}
        cursor = await conn.execute(counting, values)
        found += sum(count for (count,) in await cursor.fetchall())
        if found >= up_to:
            break
    return found


def slices(span: Span, history: History) -> Iterator[Span]:
    """Cut a range into pieces that are read one after the other."""
    start = span.start
    while start < span.end:
        end = min(start + history.slice, span.end)
        yield Span(start, end)
        start = end


def _values(choice: Choice, span: Span) -> dict[str, object]:
    return {
        "start": span.start,
        "end": span.end,
        "devices": _list(choice.devices),
        "metrics": _list(choice.metrics),
        "device_ids": _list(choice.device_ids),
        "site_ids": _list(choice.site_ids),
        "domain": choice.domain,
    }


def _list(values: tuple[object, ...] | None) -> list[object] | None:
    return None if values is None else list(values)
