"""Rows for a binary COPY, laid out by numpy: any table whose columns have a fixed width.

Format: PostgreSQL manual, COPY, "Binary Format" (as in ingest/copying.py, there for readings).
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final, Literal

import numpy as np
import numpy.typing as npt
import psycopg
from psycopg.sql import SQL, Identifier

Kind = Literal["instant", "int8", "int4", "int2", "float8", "float4"]
Array = npt.NDArray[Any]
Columns = Mapping[str, tuple[Kind, Array]]
"""By column: what it is, and its values; instants are microseconds since 1970."""

_HEADER: Final = b"PGCOPY\n\xff\r\n\0" + bytes(8)
_TRAILER: Final = b"\xff\xff"
_Y2K_US: Final = 946_684_800_000_000  # PostgreSQL counts microseconds from 2000-01-01
_STORED: Final[Mapping[Kind, str]] = {
    "instant": ">i8",
    "int8": ">i8",
    "int4": ">i4",
    "int2": ">i2",
    "float8": ">f8",
    "float4": ">f4",
}
_AT_ONCE: Final = 50_000  # rows in one piece: a few megabytes


def copy_rows(conn: psycopg.Connection, relation: Identifier, columns: Columns) -> int:
    """Append the rows to a relation and return how many they are."""
    rows = _laid_out(columns)
    names = SQL(", ").join(map(Identifier, columns))
    statement = SQL("COPY {} ({}) FROM STDIN (FORMAT binary)").format(relation, names)
    with conn.cursor().copy(statement) as copy:
        copy.write(_HEADER)
        for first in range(0, len(rows), _AT_ONCE):
            copy.write(rows[first : first + _AT_ONCE].tobytes())
        copy.write(_TRAILER)
    return len(rows)


def _laid_out(columns: Columns) -> npt.NDArray[np.void]:
    parts = [("fields", ">i2")]
    for name, (kind, _) in columns.items():
        parts += [(f"{name} length", ">i4"), (name, _STORED[kind])]
    first = next(iter(columns.values()))[1]
    rows = np.empty(len(first), np.dtype(parts))
    rows["fields"] = len(columns)
    for name, (kind, values) in columns.items():
        rows[f"{name} length"] = np.dtype(_STORED[kind]).itemsize
        rows[name] = values - _Y2K_US if kind == "instant" else values
    return rows


def joined(parts: Iterable[tuple[Array, ...]]) -> Iterator[Array]:
    """Put tables of the same columns below each other; yields column by column."""
    return map(np.concatenate, zip(*parts, strict=True))
