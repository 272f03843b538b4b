"""Rows as a workbook: a sheet can only be sent as a whole, so it is written to disk first."""

from collections.abc import Sequence
from datetime import datetime
from types import TracebackType
from typing import BinaryIO, Self

from xlsxwriter.workbook import Workbook  # type: ignore[import-untyped] # it ships no types

from api.exporting.histories import Column
from api.exporting.reading import Rows
from api.reports.periods import CITY

XLSX_ROWS = 1_048_575
"""Rows of a sheet of Excel, its heading left out."""

_LONGEST_TEXT = 32_767  # letters in a cell of Excel
_OPTIONS = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_numbers": False,
    "strings_to_urls": False,
}


class XlsxWriter:
    """A sheet written line by line; instants in local time, no text is ever a formula."""

    def __init__(self, file: BinaryIO, columns: Sequence[Column]) -> None:
        """Write these columns to an open file."""
        self._columns = columns
        self._book = Workbook(file, _OPTIONS)
        self._instant = self._book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss.000"})
        self._sheet = self._book.add_worksheet("export")
        self._line = 1
        self._closed = False
        self._write_heading()

    def __enter__(self) -> Self:
        """Write within a block, so that what lies on disk goes whatever happens."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Finish the file, if that has not been done."""
        self.end()

    def write(self, rows: Rows) -> None:
        """Write lines."""
        for row in rows:
            for index, value in enumerate(row):
                self._write_cell(index, value)
            self._line += 1

    def end(self) -> None:
        """Finish the file; again is harmless."""
        if not self._closed:
            self._closed = True
            self._book.close()

    def _write_heading(self) -> None:
        bold = self._book.add_format({"bold": True, "bg_color": "#eef2f6", "bottom": 1})
        self._sheet.freeze_panes(1, 0)
        for index, column in enumerate(self._columns):
            zone = " (UTC+08:00)" if column.shape == "instant" else ""
            self._sheet.set_column(index, index, 26 if zone else 16)
        for index, column in enumerate(self._columns):
            zone = " (UTC+08:00)" if column.shape == "instant" else ""
            self._sheet.write_string(0, index, f"{column.name}{zone}", bold)

    def _write_cell(self, index: int, value: object) -> None:
        match value:
            case None:
                return
            case bool():
                self._sheet.write_boolean(self._line, index, value)
            case datetime():
                local = value.astimezone(CITY).replace(tzinfo=None)
                self._sheet.write_datetime(self._line, index, local, self._instant)
            case int() | float():
                self._sheet.write_number(self._line, index, value)
            case _:
                self._sheet.write_string(self._line, index, str(value)[:_LONGEST_TEXT])
