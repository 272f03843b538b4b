"""A report on A4: one embedded font, of which only the letters used go along."""

import io
import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from fpdf import FontFace
from fpdf.enums import TableBordersLayout, TableHeadingsDisplay, VAlign
from fpdf.table import Table as Grid

from api.reports import wording
from api.reports.breaking import break_lines
from api.reports.charts.layout import HEIGHT
from api.reports.charts.paper import draw_on_paper
from api.reports.formatting import (
    is_right_aligned,
    show_cell,
    show_change,
    show_target,
    show_value,
    show_verdict,
)
from api.reports.model import Chart, Column, Figure, Report, Section, Table
from api.reports.paper import BRAND, FONT, INK, MARGIN, RULE, SLACK, SOFT, WIDTH, Paper
from core.errors import Unavailable

logging.getLogger("fontTools").setLevel(logging.ERROR)  # it reports each table it drops

NO_FONT = (
    "PDF reports need a font: set API_REPORT_FONT to a TrueType file with Chinese and Latin "
    "letters, or ask for html or xlsx."
)

_FILL = (238, 242, 246)
_COLOURS = {"good": (0, 102, 74), "bad": (163, 60, 0), "manageable": SOFT, "unknown": SOFT}
_WIDEST = 54.0  # mm a column of text asks for at most
_FIGURES = (36.0, 22.0, 23.0, 22.0, 25.0, 17.0, 35.0)  # mm; together WIDTH
_SMALL, _USUAL = 6.5, 8.0  # points
_PADDING = 1.2  # mm, left and right of a cell
_TOGETHER = 8  # rows of a table that are not torn apart


def render_pdf(report: Report, font: Path | None) -> bytes:
    """Write the report as PDF; Unavailable without a font that can be read."""
    if font is None or not font.is_file():
        raise Unavailable(NO_FONT, code="no_report_font")
    paper = Paper(report, font)
    paper.add_page()
    _head(paper, report)
    _cards(paper, report)
    for number, section in enumerate(report.sections, start=1):
        _section(paper, section, wording.numbered(number, section, report.language))
    return _bytes(paper)


def _bytes(paper: Paper) -> bytes:
    written = io.BytesIO()
    paper.output(written)
    return written.getvalue()


def _head(paper: Paper, report: Report) -> None:
    paper.set_draw_color(*BRAND)
    with paper.bold(22):
        paper.set_draw_color(*BRAND)
        paper.write_line(report.title, size=22, colour=BRAND, line=11)
    paper.write_line(report.subtitle, size=13, line=8)
    paper.set_draw_color(*BRAND)
    paper.set_line_width(0.8)
    paper.line(MARGIN, paper.get_y() + 1, 210 - MARGIN, paper.get_y() + 1)
    paper.set_line_width(0.2)
    paper.ln(3)
    separator = "：" if report.language == "zh" else ": "
    for fact in report.facts:
        paper.write_line(f"{fact.name}{separator}{fact.value}", size=9, colour=SOFT)
    paper.ln(2)


def _cards(paper: Paper, report: Report) -> None:
    gap, height, across = 3.0, 25.0, 4
    width = (WIDTH - gap * (across - 1)) / across
    top = paper.get_y()
    for index, figure in enumerate(report.headlines):
        left = MARGIN + (index % across) * (width + gap)
        _card(paper, figure, left, top + (index // across) * (height + gap), width, height)
    lines = -(-len(report.headlines) // across)
    paper.set_xy(MARGIN, top + lines * (height + gap))


def _card(
    paper: Paper, figure: Figure, left: float, top: float, width: float, height: float
) -> None:
    language = paper.report.language
    paper.set_draw_color(*RULE)
    paper.rect(left, top, width, height)
    paper.set_fill_color(*BRAND)
    paper.rect(left, top, width, 1, style="F")
    change = show_change(figure.value, figure.before, figure.unit, language)
    judged = show_verdict(figure.verdict, language) if figure.verdict else ""
    lines = (
        (figure.title, 8.5, SOFT, 5.0),
        (show_value(figure.value, figure.unit, language), 16.0, INK, 8.0),
        (wording.against_before(change, language), 7.5, SOFT, 4.2),
        (judged, 8.0, _COLOURS[figure.verdict or "unknown"], 4.2),
    )
    below = top + 2
    for text, size, colour, line in lines:
        _fitted(paper, text, size, width - 4)
        paper.set_text_color(*colour)
        paper.set_xy(left + 2, below)
        paper.cell(width - 4, line, text)
        below += line


def _fitted(paper: Paper, text: str, size: float, width: float) -> None:
    """Choose the largest size up to `size` in which the text fits."""
    paper.set_font(FONT, size=size)
    if (needed := paper.get_string_width(text) + 0.5) > width:
        paper.set_font(FONT, size=size * width / needed)


def _section(paper: Paper, section: Section, title: str) -> None:
    if paper.will_page_break(35):
        paper.add_page()
    paper.ln(5)
    with paper.bold(13):
        paper.set_draw_color(*INK)
        paper.write_line(title, size=13, line=8)
    if section.problem is not None:
        paper.write_line(section.problem, size=9.5, colour=_COLOURS["bad"])
    for paragraph in section.paragraphs:
        paper.write_line(paragraph, size=9.5, line=5.4)
    if section.figures:
        _figures(paper, section.figures)
    for chart in section.charts:
        _chart(paper, chart)
    for table in section.tables:
        _table(paper, table)


def _figures(paper: Paper, figures: tuple[Figure, ...]) -> None:
    language = paper.report.language
    name, *others = wording.figure_columns(language)
    columns = (name, *others, Column(wording.source_column(language)))
    soft = FontFace(size_pt=_SMALL, color=SOFT)
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


def _chart(paper: Paper, chart: Chart) -> None:
    _heading(paper, chart.title, HEIGHT + 20)
    draw_on_paper(paper, chart, paper.report.language, left=MARGIN, font=FONT)
    if chart.note:
        paper.write_line(chart.note, size=7.5, colour=SOFT, line=4.5)


def _heading(paper: Paper, title: str, below: float) -> None:
    """Write the name of a table or chart, on the next page unless so much of it fits, mm."""
    if paper.will_page_break(below):
        paper.add_page()
    paper.ln(3)
    with paper.bold(10):
        paper.set_draw_color(*INK)
        paper.write_line(title, size=10, line=6)


def _table(paper: Paper, table: Table) -> None:
    language = paper.report.language
    _heading(paper, table.title, 20 + 6.4 * min(len(table.rows), _TOGETHER))
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
        paper.write_line(note, size=7.5, colour=SOFT, line=4.5)


@contextmanager
def _grid(paper: Paper, columns: Sequence[Column], widths: Sequence[float]) -> Iterator[Grid]:
    """Draw a table whose heading stands on every page it reaches."""
    paper.set_font(FONT, size=_USUAL)
    paper.set_text_color(*INK)
    paper.set_draw_color(*RULE)
    paper.set_fill_color(255)
    paper.set_x(MARGIN)
    with paper.table(
        width=WIDTH,
        col_widths=tuple(widths),
        text_align=tuple("RIGHT" if is_right_aligned(each.shape) else "LEFT" for each in columns),
        v_align=VAlign.T,
        line_height=4.4,
        padding=(1, _PADDING),
        borders_layout=TableBordersLayout.HORIZONTAL_LINES,
        headings_style=FontFace(fill_color=_FILL, color=INK),
        repeat_headings=TableHeadingsDisplay.ON_TOP_OF_EVERY_PAGE,
    ) as grid:
        titles = zip(columns, widths, strict=True)
        grid.row([_in_cell(paper, column.title, wide) for column, wide in titles])
        yield grid


def _widths(
    paper: Paper, columns: Sequence[Column], rows: Sequence[Sequence[str]]
) -> tuple[float, ...]:
    """Share the width by what stands in the columns; numbers get all they need."""
    paper.set_font(FONT, size=_USUAL)
    needed = []
    for index, column in enumerate(columns):
        texts = [column.title, *(row[index] for row in rows)]
        widest = max(map(paper.get_string_width, texts)) + 2 * _PADDING + 2 * SLACK
        limit = WIDTH if is_right_aligned(column.shape) else _WIDEST
        needed.append(min(widest, limit))
    spare = (WIDTH - sum(needed)) / len(needed)
    if spare < 0:
        return tuple(width * WIDTH / sum(needed) for width in needed)
    return tuple(width + spare for width in needed)


def _in_cell(paper: Paper, text: str, width: float, *, size: float = _USUAL) -> str:
    """Return a cell's text broken into lines that fit."""
    paper.set_font(FONT, size=size)
    lines = break_lines(text, width - 2 * _PADDING - SLACK, paper.get_string_width)
    paper.set_font(FONT, size=_USUAL)
    return lines
