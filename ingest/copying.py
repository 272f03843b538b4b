"""PostgreSQL's binary formats, laid out by numpy: half a microsecond a row, whatever the row.

Sources: PostgreSQL manual, COPY, "Binary Format": a signature of 11 bytes, two 32-bit words
(flags, length of the extension), then for each row the number of fields (16 bit) and for each
field its length (32 bit) and its bytes, all big-endian; -1 as the number of fields ends it.
Arrays (`array_recv`): dimensions, null flag, element type, then for each dimension its length and
lower bound, then each element's length and bytes.
"""

from typing import Any

import numpy as np
import numpy.typing as npt
from psycopg import postgres
from psycopg.adapt import Buffer, Dumper
from psycopg.pq import Format

from ingest.batch import Columns

_HEADER = b"PGCOPY\n\xff\r\n\0" + bytes(8)
_TRAILER = b"\xff\xff"
_MINUTE_US = 60_000_000
_Y2K_US = 946_684_800_000_000  # PostgreSQL counts microseconds from 2000-01-01
_FIELDS = (
    ("observed_at", ">i8"),
    ("received_at", ">i8"),
    ("device_id", ">i4"),
    ("metric_id", ">i2"),
    ("value", ">f8"),
    ("quality", ">i2"),
)
_ROW = np.dtype(
    [("fields", ">i2")]
    + [part for name, kind in _FIELDS for part in ((f"{name}_length", ">i4"), (name, kind))]
)
_ELEMENT = np.dtype([("length", ">i4"), ("value", ">i8")])
_ARRAY_HEADER = np.dtype(">i4")
_INT8 = postgres.types["int8"].oid
_TIMESTAMPTZ = postgres.types["timestamptz"].oid


Rows = npt.NDArray[np.void]
"""Rows as COPY wants them, one after the other."""


def rows_of(columns: Columns) -> Rows:
    """Lay the readings out as rows of six fields."""
    rows = np.empty(len(columns), _ROW)
    rows["fields"] = len(_FIELDS)
    for name, kind in _FIELDS:
        rows[f"{name}_length"] = np.dtype(kind).itemsize
    rows["observed_at"] = _postgres_time(columns.observed_us)
    rows["received_at"] = _postgres_time(columns.received_us)
    rows["device_id"] = columns.device
    rows["metric_id"] = columns.metric
    rows["value"] = columns.value
    rows["quality"] = columns.quality
    return rows


def copy_bytes(rows: Rows) -> bytes:
    """Return the whole input of a binary COPY."""
    return _HEADER + rows.tobytes() + _TRAILER


def newest_of(rows: Rows) -> Rows:
    """Return the newest row of each device and metric."""
    order = np.lexsort((rows["observed_at"], rows["metric_id"], rows["device_id"]))
    ordered = rows[order]
    is_last = np.empty(len(rows), bool)
    is_last[-1:] = True
    is_last[:-1] = (ordered["device_id"][1:] != ordered["device_id"][:-1]) | (
        ordered["metric_id"][1:] != ordered["metric_id"][:-1]
    )
    newest: Rows = ordered[is_last]
    return newest


def minutes_of(columns: Columns) -> list[int]:
    """Return the minutes the readings fall into, as microseconds since 1970."""
    return [minute * _MINUTE_US for minute in {at // _MINUTE_US for at in columns.observed_us}]


class BigintArray:
    """A bigint[] (or timestamptz[]) parameter, already in PostgreSQL's own form."""

    element_type = _INT8

    def __init__(self, values: npt.ArrayLike) -> None:
        """Lay out the values."""
        numbers = np.asarray(values, np.int64)
        elements = np.empty(len(numbers), _ELEMENT)
        elements["length"] = 8
        elements["value"] = self._stored(numbers)
        header = np.array([1, 0, self.element_type, len(numbers), 1], _ARRAY_HEADER)
        self.raw = header.tobytes() + elements.tobytes()

    def _stored(self, numbers: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
        return numbers


class InstantArray(BigintArray):
    """A timestamptz[] parameter, from microseconds since 1970."""

    element_type = _TIMESTAMPTZ

    def _stored(self, numbers: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
        return numbers - _Y2K_US


class BigintArrayDumper(Dumper):
    """Hands a `BigintArray` to PostgreSQL as it is."""

    format = Format.BINARY
    oid = postgres.types["int8"].array_oid

    def dump(self, obj: BigintArray) -> Buffer:
        """Return the bytes."""
        return obj.raw


class InstantArrayDumper(BigintArrayDumper):
    """Hands an `InstantArray` to PostgreSQL as it is."""

    oid = postgres.types["timestamptz"].array_oid


def register(adapters: Any) -> None:  # noqa: ANN401 - psycopg's adapters map is not exported
    """Teach a connection the two kinds of arrays."""
    adapters.register_dumper(BigintArray, BigintArrayDumper)
    adapters.register_dumper(InstantArray, InstantArrayDumper)


def _postgres_time(microseconds: list[int]) -> npt.NDArray[Any]:
    return np.array(microseconds, np.int64) - _Y2K_US
