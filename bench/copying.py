"""The other yardstick for ingest: COPY alone, of the very rows that were just ingested."""

import time
from collections.abc import Iterator, Sequence
from datetime import datetime

import psycopg

from bench.books import QUERIES

_HEADER = b"PGCOPY\n\xff\r\n\0" + bytes(8)  # PostgreSQL manual, COPY, "Binary Format"
_TRAILER = b"\xff\xff"
_ROWS = 24_000  # in one transaction: the ingester's batch of 6,000 messages


def create(conn: psycopg.Connection) -> None:
    """Make the hypertable that the rows are copied into."""
    conn.execute(QUERIES["create_like_readings"])


def take_rows(conn: psycopg.Connection, since: datetime) -> list[bytes]:
    """Return the rows received from `since` on, as COPY writes them."""
    with conn.cursor().copy(QUERIES["take_rows_since"], {"since": since}) as copy:
        rows = [bytes(row) for row in copy]
    rows[0] = rows[0].removeprefix(_HEADER)
    return [row for row in rows if row != _TRAILER]


def rows_per_s(conn: psycopg.Connection, rows: Sequence[bytes]) -> float:
    """Copy the rows, batch by batch, each committed; returns how many that were a second."""
    batches = list(_batches(rows))
    started = time.monotonic()
    for batch in batches:
        with conn.cursor().copy(QUERIES["copy_like_readings"]) as copy:
            copy.write(batch)
    return len(rows) / (time.monotonic() - started)


def _batches(rows: Sequence[bytes]) -> Iterator[bytes]:
    for first in range(0, len(rows), _ROWS):
        yield _HEADER + b"".join(rows[first : first + _ROWS]) + _TRAILER
