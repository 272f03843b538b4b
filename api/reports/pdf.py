"""A report on A4: one embedded font, of which only the letters used go along."""

import io
import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from fpdf import FPDF, FontFace, XPos, YPos
from fpdf.enums import TableBordersLayout, TableHeadingsDisplay, TextMode, VAlign
from fpdf.table import Table as Grid

from api.reports import wording
from api.reports.breaking import break_lines
from api.reports.formatting import (
    is_right_aligned,
    show_cell,
    show_change,
    show_target,
    show_value,
    show_verdict,
)
from api.reports.model import Column, Figure, Report, Section, Table
from core.errors import Unavailable

logging.getLogger("fontTools").setLevel(logging.ERROR)  # it reports each table it drops

NO_FONT = (
    "PDF reports need a font: set API_REPORT_FONT to a TrueType file with Chinese and Latin "
    "letters, or ask for html or xlsx."
)

_MARGIN = 15.0  # mm
_WIDTH = 210 - 2 * _MARGIN
_LINE = 5.0
_BRAND = (11, 79, 138)
_INK = (26, 36, 51)
_SOFT = (91, 103, 120)
_FILL = (238, 242, 246)
_RULE = (207, 214, 223)
_COLOURS = {"good": (0, 102, 74), "bad": (163, 60, 0), "manageable": _SOFT, "unknown": _SOFT}
_WIDEST = 54.0  # mm a column of text asks for at most
_FIGURES = (36.0, 22.0, 23.0, 22.0, 25.0, 17.0, 35.0)  # mm; together _WIDTH
_SMALL, _USUAL = 6.5, 8.0  # points
_PADDING = 1.2  # mm, left and right of a cell
_SLACK = 0.2  # mm; measured in other steps than written
_TOGETHER = 8  # rows of a table that are not torn apart


def render_pdf(report: Report, font: Path | None) -> bytes:
    """Write the report as PDF; Unavailable without a font that can be read."""
    if font is None or not font.is_file():
        raise Unavailable(NO_FONT, code="no_report_font")
    paper = _Paper(report, font)
    paper.add_page()
    _head(paper, report)
    _cards(paper, report)
    for number, section in enumerate(report.sections, start=1):
        _section(paper, section, wording.numbered(number, section, report.language))
    return _bytes(paper)


def _bytes(paper: "_Paper") -> bytes:
    written = io.BytesIO()
    paper.output(written)
    return written.getvalue()


class _Paper(FPDF):
    """A4 with the report's name and the page number at the foot."""

    def __init__(self, report: Report, font: Path) -> None:
        super().__init__(format="A4")
        self.report = report
        self.add_font("report", "", font)
        self.set_margins(_MARGIN, _MARGIN, _MARGIN)
        self.set_auto_page_break(True, 18)
        self.set_title(f"{report.title} {report.subtitle}")
        self.set_lang("zh-CN" if report.language == "zh" else "en")
        self.set_creator("yiwang")
        self.set_creation_date(report.made_at)
        self.set_text_shaping(False)

    def footer(self) -> None:
        """Write the foot of a page."""
        self.set_y(-14)
        self.set_draw_color(*_RULE)
        self.line(_MARGIN, self.get_y(), 210 - _MARGIN, self.get_y())
        self.write_line(wording.footer(self.report), size=7, colour=_SOFT, line=4.5)
        self.set_y(-13.9)
        self.set_x(_MARGIN)
        self.cell(_WIDTH, 4.5, f"{self.page_no()} / {{nb}}", align="R")

    def write_line(
        self,
        text: str,
        *,
        size: float,
        colour: tuple[int, int, int] = _INK,
        line: float = _LINE,
    ) -> None:
        """Write a paragraph over the whole width."""
        self.set_font("report", size=size)
        self.set_text_color(*colour)
        self.set_x(_MARGIN)
        self.multi_cell(
            _WIDTH,
            line,
            break_lines(text, _WIDTH - 2 * self.c_margin - _SLACK, self.get_string_width),
            align="L",
            new_x=XPos.LMARGIN,
            new_y=YPos.NEXT,
        )

    @contextmanager
    def bold(self, size: float) -> Iterator[None]:
        """Write what follows heavier: one file of a font has no second weight."""
        with self.local_context(text_mode=TextMode.FILL_STROKE, line_width=size * 0.009):
            yield


def _head(paper: _Paper, report: Report) -> None:
    paper.set_draw_color(*_BRAND)
    with paper.bold(22):
        paper.set_draw_color(*_BRAND)
        paper.write_line(report.title, size=22, colour=_BRAND, line=11)
    paper.write_line(report.subtitle, size=13, line=8)
    paper.set_draw_color(*_BRAND)
    paper.set_line_width(0.8)
    paper.line(_MARGIN, paper.get_y() + 1, 210 - _MARGIN, paper.get_y() + 1)
    paper.set_line_width(0.2)
    paper.ln(3)
    separator = "：" if report.language == "zh" else ": "
    for fact in report.facts:
        paper.write_line(f"{fact.name}{separator}{fact.value}", size=9, colour=_SOFT)
    paper.ln(2)


def _cards(paper: _Paper, report: Report) -> None:
    gap, height, across = 3.0, 25.0, 4
    width = (_WIDTH - gap * (across - 1)) / across
    top = paper.get_y()
    for index, figure in enumerate(report.headlines):
        left = _MARGIN + (index % across) * (width + gap)
        _card(paper, figure, left, top + (index // across) * (height + gap), width, height)
    lines = -(-len(report.headlines) // across)
    paper.set_xy(_MARGIN, top + lines * (height + gap))


def _card(
    paper: _Paper, figure: Figure, left: float, top: float, width: float, height: float
) -> None:
    language = paper.report.language
    paper.set_draw_color(*_RULE)
    paper.rect(left, top, width, height)
    paper.set_fill_color(*_BRAND)
    paper.rect(left, top, width, 1, style="F")
    change = show_change(figure.value, figure.before, figure.unit, language)
    judged = show_verdict(figure.verdict, language) if figure.verdict else ""
    lines = (
        (figure.title, 8.5, _SOFT, 5.0),
        (show_value(figure.value, figure.unit, language), 16.0, _INK, 8.0),
        (wording.against_before(change, language), 7.5, _SOFT, 4.2),
        (judged, 8.0, _COLOURS[figure.verdict or "unknown"], 4.2),
    )
    below = top + 2
    for text, size, colour, line in lines:
        _fitted(paper, text, size, width - 4)
        paper.set_text_color(*colour)
        paper.set_xy(left + 2, below)
        paper.cell(width - 4, line, text)
        below += line


def _fitted(paper: _Paper, text: str, size: float, width: float) -> None:
    """Choose the largest size up to `size` in which the text fits."""
    paper.set_font("report", size=size)
    if (needed := paper.get_string_width(text) + 0.5) > width:
        paper.set_font("report", size=size * width / needed)


def _section(paper: _Paper, section: Section, title: str) -> None:
    if paper.will_page_break(35):
        paper.add_page()
    paper.ln(5)
    with paper.bold(13):
        paper.set_draw_color(*_INK)
        paper.write_line(title, size=13, line=8)
    if section.problem is not None:
        paper.write_line(section.problem, size=9.5, colour=_COLOURS["bad"])
    for paragraph in section.paragraphs:
        paper.write_line(paragraph, size=9.5, line=5.4)
    if section.figures:
        _figures(paper, section.figures)
    for table in section.tables:
        _table(paper, table)


def _figures(paper: _Paper, figures: tuple[Figure, ...]) -> None:
    language = paper.report.language
    name, *others = wording.figure_columns(language)
    columns = (name, *others, Column(wording.source_column(language)))
    soft = FontFace(size_pt=_SMALL, color=_SOFT)
    paper.ln(1)
    with _grid(paper, columns, _FIGURES) as grid:
        for figure in figures:
            line = grid.row()
            line.cell(_in_cell(paper, figure.title, _FIGURES[0]))
            line.cell(show_value(figure.value, figure.unit, language))
            line.cell(show_target(figure.target, figure.unit, language, higher=figure.higher))
            line.cell(show_value(figure.before, figure.unit, language))
            line.cell(show_change(figure.value, figure.before, figure.unit, language))
            line.cell(
                show_verdict(figure.verdict, language) if figure.verdict else "",
                style=FontFace(color=_COLOURS[figure.verdict or "unknown"]),
            )
            how = wording.how(figure, language)
            line.cell(_in_cell(paper, how, _FIGURES[-1], size=_SMALL), style=soft)


def _table(paper: _Paper, table: Table) -> None:
    language = paper.report.language
    if paper.will_page_break(20 + 6.4 * min(len(table.rows), _TOGETHER)):
        paper.add_page()
    paper.ln(3)
    with paper.bold(10):
        paper.set_draw_color(*_INK)
        paper.write_line(table.title, size=10, line=6)
    rows = [
        tuple(
            show_cell(cell, column.shape, language)
            for column, cell in zip(table.columns, row, strict=True)
        )
        for row in table.rows
    ]
    widths = _widths(paper, table.columns, rows)
    with _grid(paper, table.columns, widths) as grid:
        for row in rows:
            grid.row([_in_cell(paper, text, wide) for text, wide in zip(row, widths, strict=True)])
    if note := wording.note(table, language):
        paper.write_line(note, size=7.5, colour=_SOFT, line=4.5)


@contextmanager
def _grid(paper: _Paper, columns: Sequence[Column], widths: Sequence[float]) -> Iterator[Grid]:
    """Draw a table whose heading stands on every page it reaches."""
    paper.set_font("report", size=_USUAL)
    paper.set_text_color(*_INK)
    paper.set_draw_color(*_RULE)
    paper.set_fill_color(255)
    paper.set_x(_MARGIN)
    with paper.table(
        width=_WIDTH,
        col_widths=tuple(widths),
        text_align=tuple("RIGHT" if is_right_aligned(each.shape) else "LEFT" for each in columns),
        v_align=VAlign.T,
        line_height=4.4,
        padding=(1, _PADDING),
        borders_layout=TableBordersLayout.HORIZONTAL_LINES,
        headings_style=FontFace(fill_color=_FILL, color=_INK),
        repeat_headings=TableHeadingsDisplay.ON_TOP_OF_EVERY_PAGE,
    ) as grid:
        titles = zip(columns, widths, strict=True)
        grid.row([_in_cell(paper, column.title, wide) for column, wide in titles])
        yield grid


def _widths(
    paper: _Paper, columns: Sequence[Column], rows: Sequence[Sequence[str]]
) -> tuple[float, ...]:
    """Share the width by what stands in the columns; numbers get all they need."""
    paper.set_font("report", size=_USUAL)
    needed = []
    for index, column in enumerate(columns):
        texts = [column.title, *(row[index] for row in rows)]
        widest = max(map(paper.get_string_width, texts)) + 2 * _PADDING + 2 * _SLACK
        limit = _WIDTH if is_right_aligned(column.shape) else _WIDEST
        needed.append(min(widest, limit))
    spare = (_WIDTH - sum(needed)) / len(needed)
    if spare < 0:
        return tuple(width * _WIDTH / sum(needed) for width in needed)
    return tuple(width + spare for width in needed)


def _in_cell(paper: _Paper, text: str, width: float, *, size: float = _USUAL) -> str:
    """Return a cell's text broken into lines that fit."""
    paper.set_font("report", size=size)
    lines = break_lines(text, width - 2 * _PADDING - _SLACK, paper.get_string_width)
    paper.set_font("report", size=_USUAL)
    return lines
