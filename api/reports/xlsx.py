"""A report as a workbook: a sheet per section, real numbers and dates, never a formula."""

import io
from collections.abc import Sequence
from datetime import date, datetime
from typing import NamedTuple

from xlsxwriter.format import Format  # type: ignore[import-untyped] # it ships no types
from xlsxwriter.workbook import Workbook  # type: ignore[import-untyped] # the same

from api.reports import wording
from api.reports.charts.workbook import LINES, Cells, insert_chart
from api.reports.formatting import UNKNOWN, show_change, show_step, show_target, show_verdict
from api.reports.model import Cell, Chart, Column, Figure, Language, Report, Section, Shape, Table
from api.reports.periods import CITY

_FORMATS: dict[str, str] = {
    "count": "#,##0",
    "number": "#,##0.00",
    "percent": "0.00%",
    "seconds": "[h]:mm:ss",
    "kwh": '#,##0.0" kWh"',
    "date": "yyyy-mm-dd",
    "instant": "yyyy-mm-dd hh:mm:ss",
}
_DIVISORS: dict[str, float] = {"percent": 100, "seconds": 86_400}
"""Shares count from 0 to 1 in Excel, durations in days."""
_LONGEST_TEXT = 32_767  # letters in a cell of Excel


def render_xlsx(report: Report) -> bytes:
    """Write the report as a workbook."""
    written = io.BytesIO()
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_numbers": False,
        "strings_to_urls": False,
    }
    with Workbook(written, options) as book:
        book.set_properties({"title": f"{report.title} {report.subtitle}", "author": "yiwang"})
        styles = _Styles(book)
        _cover(book, report, styles)
        for number, section in enumerate(report.sections, start=1):
            _Sheet(book, f"{number} {section.title}", styles, report.language).write(section)
    return written.getvalue()


class _Styles:
    """The formats of one workbook, made once each."""

    def __init__(self, book: Workbook) -> None:
        self.title = book.add_format({"bold": True, "font_size": 16, "font_color": "#0b4f8a"})
        self.strong = book.add_format({"bold": True})
        self.heading = book.add_format(
            {"bold": True, "bg_color": "#eef2f6", "bottom": 1, "text_wrap": True, "valign": "top"}
        )
        self.text = book.add_format({"text_wrap": True, "valign": "top"})
        self.plain = book.add_format({})
        self.unknown = book.add_format({"align": "right", "valign": "top"})
        self.shapes: dict[str, Format] = {
            shape: book.add_format({"num_format": form, "valign": "top"})
            for shape, form in _FORMATS.items()
        }


class _Block(NamedTuple):
    """A heading, columns and rows, one below the other."""

    title: str | None
    columns: tuple[Column, ...]
    rows: list[list[tuple[Cell, Shape]]]
    note: str


class _Sheet:
    """One section on a sheet of its own."""

    def __init__(self, book: Workbook, name: str, styles: _Styles, language: Language) -> None:
        self._book = book
        self._sheet = book.add_worksheet(_sheet_name(name))
        self._styles = styles
        self._language = language
        self._line = 0

    def write(self, section: Section) -> None:
        """Write everything of the section; where it is one table, its heading stays in view."""
        blocks = [_of_table(table, self._language) for table in section.tables]
        if section.figures:
            blocks.insert(0, _of_figures(section.figures, self._language))
        self._lay_out()
        self._say(section.title, self._styles.title)
        self._sheet.freeze_panes(1, 1)
        for paragraph in (*section.paragraphs, *([section.problem] if section.problem else [])):
            self._say(paragraph, self._styles.plain)
        for block in blocks:
            self._block(block, freezes=len(blocks) == 1 and not section.charts)
            self._line += 1
        for chart in section.charts:
            self._chart(chart)
            self._line += 1

    def _lay_out(self) -> None:
        self._sheet.set_column(0, 0, 44)
        self._sheet.set_column(1, 12, 16)
        self._sheet.set_landscape()
        self._sheet.set_paper(9)  # A4
        self._sheet.fit_to_pages(1, 0)

    def _say(self, text: str, style: Format) -> None:
        self._sheet.write_string(self._line, 0, text[:_LONGEST_TEXT], style)
        self._line += 1

    def _block(self, block: _Block, *, freezes: bool) -> None:
        if block.title:
            self._say(block.title, self._styles.strong)
        self._heading([column.title for column in block.columns])
        if freezes:
            self._sheet.freeze_panes(self._line, 1)
        for row in block.rows:
            for index, (cell, shape) in enumerate(row):
                self._cell(index, cell, shape)
            self._line += 1
        if block.note:
            self._say(block.note, self._styles.plain)

    def _heading(self, titles: Sequence[str]) -> None:
        for index, title in enumerate(titles):
            self._sheet.write_string(self._line, index, title, self._styles.heading)
        self._line += 1

    def _chart(self, chart: Chart) -> None:
        """Write the chart, and below it what it is drawn from; a text would be drawn as a zero."""
        at = self._line
        self._line += LINES
        self._heading(wording.chart_columns(chart, self._language))
        divisor, number = _DIVISORS.get(chart.unit, 1), _FORMATS[chart.unit]
        cells = Cells(self._sheet, self._line, divisor, number)
        for index, step in enumerate(chart.steps):
            self._cell(0, step if isinstance(step, date) else show_step(step), "date")
            values = [series.values[index] for series in chart.series]
            for column, value in enumerate([*values, chart.target], start=1):
                if value is not None:
                    self._cell(column, value, chart.unit)
            self._line += 1
        insert_chart(self._book, chart, cells, self._language, at)
        self._say(wording.blanks(chart, self._language), self._styles.plain)

    def _cell(self, index: int, cell: Cell, shape: Shape) -> None:
        """Write a value as what it is; text is never read as a formula, a link or a number."""
        sheet, styles, at = self._sheet, self._styles, self._line
        match cell:
            case None:
                sheet.write_string(at, index, UNKNOWN, styles.unknown)
            case datetime():
                local = cell.astimezone(CITY).replace(tzinfo=None)
                sheet.write_datetime(at, index, local, styles.shapes["instant"])
            case date():
                sheet.write_datetime(at, index, cell, styles.shapes["date"])
            case str():
                sheet.write_string(at, index, cell[:_LONGEST_TEXT], styles.text)
            case _:
                number = _number(cell, shape)
                sheet.write_number(at, index, number, styles.shapes.get(shape, styles.text))


def _number(value: float, shape: Shape) -> float:
    """Return a value as Excel counts it."""
    return value / _DIVISORS.get(shape, 1)


def _sheet_name(name: str) -> str:
    return "".join("-" if letter in "[]:*?/\\'" else letter for letter in name)[:31]


def _of_table(table: Table, language: Language) -> _Block:
    rows = [
        [
            (_said(cell, column.shape, language), column.shape)
            for column, cell in zip(table.columns, row, strict=True)
        ]
        for row in table.rows
    ]
    return _Block(table.title, table.columns, rows, wording.note(table, language))


def _said(cell: Cell, shape: Shape, language: Language) -> Cell:
    if shape == "verdict" and isinstance(cell, str):
        return show_verdict(cell, language)  # type: ignore[arg-type] # a column of verdicts
    return cell


def _of_figures(figures: tuple[Figure, ...], language: Language) -> _Block:
    columns = (*wording.figure_columns(language), Column(wording.source_column(language)))
    return _Block(None, columns, [_figure(figure, language) for figure in figures], "")


def _figure(figure: Figure, language: Language) -> list[tuple[Cell, Shape]]:
    target = show_target(figure.target, figure.unit, language, higher=figure.higher)
    change = show_change(figure.value, figure.before, figure.unit, language)
    verdict = show_verdict(figure.verdict, language) if figure.verdict else ""
    return [
        (figure.title, "text"),
        (figure.value, figure.unit),
        (target, "text"),
        (figure.before, figure.unit),
        (change, "text"),
        (verdict, "text"),
        (wording.how(figure, language), "text"),
    ]


def _cover(book: Workbook, report: Report, styles: _Styles) -> None:
    sheet = book.add_worksheet("概览" if report.language == "zh" else "Overview")
    sheet.set_column(0, 0, 28)
    sheet.set_column(1, 1, 44)
    sheet.set_column(2, 6, 16)
    sheet.write_string(0, 0, report.title, styles.title)
    sheet.write_string(1, 0, report.subtitle, styles.strong)
    for line, fact in enumerate(report.facts, start=2):
        sheet.write_string(line, 0, fact.name, styles.text)
        sheet.write_string(line, 1, fact.value, styles.text)
    sheet.write_string(len(report.facts) + 3, 0, wording.footer(report), styles.plain)
