"""Rows as bytes of a file, piece by piece: CSV and Parquet."""

import csv
import io
from collections.abc import Sequence
from datetime import datetime
from typing import Any, Protocol

import pyarrow as pa  # type: ignore[import-untyped] # it ships no types
from pyarrow import parquet

from api.exporting.histories import Column, Shape
from api.exporting.reading import Rows
from api.reports.periods import CITY

_FORMULAS = tuple("=+-@\t\r\n＝＋－＠")
"""What a spreadsheet reads as the beginning of a formula (OWASP, CSV injection)."""


class Writer(Protocol):
    """Takes rows, gives the bytes of a file in pieces."""

    def begin(self) -> bytes:
        """Return how the file begins."""

    def write(self, rows: Rows) -> bytes:
        """Return the next rows of it."""

    def end(self) -> bytes:
        """Return how it ends."""


class CsvWriter:
    """RFC 4180 in UTF-8, with the mark by which Excel knows it; instants in local time."""

    def __init__(self, columns: Sequence[Column]) -> None:
        """Write these columns."""
        self._columns = columns

    def begin(self) -> bytes:
        """Return mark and heading."""
        heading = ",".join(column.name for column in self._columns)
        return f"\ufeff{heading}\r\n".encode()

    def write(self, rows: Rows) -> bytes:
        """Return lines."""
        text = io.StringIO()
        lines = csv.writer(text, lineterminator="\r\n")
        lines.writerows([_csv_cell(value) for value in row] for row in rows)
        return text.getvalue().encode()

    def end(self) -> bytes:
        """Return nothing: a CSV just stops."""
        return b""


def _csv_cell(value: object) -> object:
    match value:
        case bool():
            return "true" if value else "false"
        case datetime():
            return value.astimezone(CITY).isoformat()
        case str():
            return harmless(value)
    return value


def harmless(text: str) -> str:
    """Return a text that no spreadsheet takes for a formula: with `'` before it if need be."""
    return f"'{text}" if text.startswith(_FORMULAS) else text


class ParquetWriter:
    """Parquet with a row group per batch; instants are UTC."""

    def __init__(self, columns: Sequence[Column]) -> None:
        """Write these columns."""
        self._schema = pa.schema([(column.name, _ARROW[column.shape]) for column in columns])
        self._sink = io.BytesIO()
        self._parquet = parquet.ParquetWriter(_Forward(self._sink), self._schema)

    def begin(self) -> bytes:
        """Return the magic number."""
        return self._drained()

    def write(self, rows: Rows) -> bytes:
        """Return a row group."""
        values = zip(*rows, strict=True)
        arrays = [
            pa.array(column, type=field.type)
            for column, field in zip(values, self._schema, strict=True)
        ]
        self._parquet.write_batch(pa.RecordBatch.from_arrays(arrays, schema=self._schema))
        return self._drained()

    def end(self) -> bytes:
        """Return the footer, without which nobody can read the file."""
        self._parquet.close()
        return self._drained()

    def _drained(self) -> bytes:
        written = self._sink.getvalue()
        self._sink.seek(0)
        self._sink.truncate()
        return written


class _Forward(io.RawIOBase):
    """A file one can only append to; what was written is taken away behind it."""

    def __init__(self, sink: io.BytesIO) -> None:
        self._sink = sink
        self._written = 0

    def writable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._written

    def write(self, data: Any) -> int:  # noqa: ANN401 - anything with a buffer
        size = self._sink.write(data)
        self._written += size
        return size


_ARROW: dict[Shape, Any] = {
    "text": pa.string(),
    "instant": pa.timestamp("us", tz="UTC"),
    "whole": pa.int64(),
    "number": pa.float64(),
    "flag": pa.bool_(),
}
