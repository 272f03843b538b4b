"""Sites and devices as CSV (RFC 4180), the way spreadsheets write and read it."""

import csv
import io
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, Final, NamedTuple

if TYPE_CHECKING:
    import _csv

import msgspec

from devices.exchange.contents import (
    HINTS,
    Problem,
    Row,
    Rows,
    ThingT,
    columns_of,
    required_columns,
    unknown_columns,
)

_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")
"""A spreadsheet runs a cell that begins so (OWASP, CSV injection)."""

_JSON_COLUMNS: Final = ("geometry", "attributes")


class _Record(NamedTuple):
    """The cells of one record, which may span lines; `line` is its first."""

    line: int
    cells: list[str]


def read_table(type_: type[ThingT], data: bytes) -> Rows:
    """Read a CSV with a header line, in UTF-8 with or without a byte order mark."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return _refused(1, "Save the file as UTF-8 (Excel: CSV UTF-8).")
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        header, *records = _records(reader)
    except ValueError:
        return _refused(1, f"Write a header line: {', '.join(columns_of(type_))}.")
    except csv.Error as error:
        return _refused(reader.line_num, f"Repair the quotes: {error}.")
    problems = [*_header_problems(type_, header.cells), *_ragged(header, records)]
    return Rows(tuple(_rows(header, records)) if not problems else (), tuple(problems))


def _refused(line: int, message: str) -> Rows:
    return Rows(problems=(Problem(line, "", message),))


def _records(reader: "_csv.Reader") -> Iterator[_Record]:
    """Yield the records that are not blank, each with the number of its first line."""
    line = 1
    for cells in reader:
        if any(cells):
            yield _Record(line, cells)
        line = reader.line_num + 1


def _header_problems(type_: type[ThingT], header: list[str]) -> Iterator[Problem]:
    yield from unknown_columns(type_, header, 1)
    for name in required_columns(type_):
        if name not in header:
            yield Problem(1, name, f"Add this column: {HINTS[name]}.")
    for name in sorted({name for name in header if header.count(name) > 1}):
        yield Problem(1, name, "Keep only one column of this name.")


def _ragged(header: _Record, records: Iterable[_Record]) -> Iterator[Problem]:
    wanted = len(header.cells)
    for line, cells in records:
        if len(cells) != wanted:
            yield Problem(line, "", f"Write {wanted} cells as in the header, not {len(cells)}.")


def _rows(header: _Record, records: Iterable[_Record]) -> Iterator[Row]:
    for line, cells in records:
        filled = zip(header.cells, cells, strict=True)
        yield Row(line, {name: _value(name, cell) for name, cell in filled if cell})


def _value(name: str, cell: str) -> object:
    if name in _JSON_COLUMNS:
        try:
            return msgspec.json.decode(cell, type=dict[str, object])
        except (msgspec.DecodeError, RecursionError):
            return cell  # no object: refused with the column's hint, like any other misfit
    return _unguarded(cell)


def write_table(type_: type[ThingT], rows: Iterable[Mapping[str, Any]]) -> bytes:
    """Write a CSV that Excel opens as UTF-8 and whose texts it does not run."""
    columns = columns_of(type_)
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(columns)
    writer.writerows([_cell(row.get(name)) for name in columns] for row in rows)
    return text.getvalue().encode("utf-8-sig")


def _cell(value: object) -> str:
    match value:
        case str():
            return _guarded(value)
        case None | dict() if not value:
            return ""
    return msgspec.json.encode(value).decode()


def _guarded(text: str) -> str:
    """Put an apostrophe before what a spreadsheet would run, or what already looks guarded."""
    return f"'{text}" if text.startswith(_FORMULA) or _is_guarded(text) else text


def _unguarded(cell: str) -> str:
    return cell[1:] if _is_guarded(cell) else cell


def _is_guarded(text: str) -> bool:
    return text.startswith("'") and text[1:2] in ("'", *_FORMULA)
