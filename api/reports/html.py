"""A report as one HTML file: nothing outside of it, no script, everything escaped, fit for A4."""

import base64
import hashlib
from collections.abc import Iterator
from html import escape
from pathlib import Path

from api.reports import wording
from api.reports.charts.svg import draw_svg
from api.reports.charts.telling import as_table
from api.reports.formatting import (
    is_right_aligned,
    show_cell,
    show_change,
    show_target,
    show_value,
    show_verdict,
)
from api.reports.model import Chart, Column, Figure, Language, Report, Section, Table, Verdict

STYLE = Path(__file__).with_name("paper.css").read_text(encoding="utf-8")
STYLE_SOURCE = f"'sha256-{base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()}'"
"""What a Content-Security-Policy must allow in `style-src` for the report to look like one."""


def render_html(report: Report) -> bytes:
    """Write the report as a complete document."""
    return "\n".join(_document(report)).encode()


def _document(report: Report) -> Iterator[str]:
    language = "zh-CN" if report.language == "zh" else "en"
    title = escape(f"{report.title} {report.subtitle}")
    yield f'<!DOCTYPE html>\n<html lang="{language}">\n<head>\n<meta charset="utf-8">'
    yield '<meta name="viewport" content="width=device-width, initial-scale=1">'
    yield f"<title>{title}</title>\n<style>{STYLE}</style>\n</head>\n<body>"
    yield from _head(report)
    for number, section in enumerate(report.sections, start=1):
        yield from _section(section, wording.numbered(number, section, report.language), report)
    yield f"<footer>{escape(wording.footer(report))}</footer>\n</body>\n</html>\n"


def _head(report: Report) -> Iterator[str]:
    yield f"<header><h1>{escape(report.title)}</h1><p>{escape(report.subtitle)}</p><dl>"
    for fact in report.facts:
        yield f"<dt>{escape(fact.name)}</dt><dd>{escape(fact.value)}</dd>"
    yield '</dl></header>\n<div class="cards">'
    for figure in report.headlines:
        yield _card(figure, report.language)
    yield "</div>"


def _card(figure: Figure, language: Language) -> str:
    value = escape(show_value(figure.value, figure.unit, language))
    change = show_change(figure.value, figure.before, figure.unit, language)
    against = escape(wording.against_before(change, language))
    judged = _verdict(figure.verdict, language)
    return (
        f'<div class="card"><span>{escape(figure.title)}</span><b>{value}</b>'
        f"<span>{against}</span>{judged}</div>"
    )


def _section(section: Section, title: str, report: Report) -> Iterator[str]:
    yield f'<section id="{escape(section.key)}"><h2>{escape(title)}</h2>'
    if section.problem is not None:
        yield f'<p class="problem">{escape(section.problem)}</p>'
    for paragraph in section.paragraphs:
        yield f"<p>{escape(paragraph)}</p>"
    if section.figures:
        yield from _figures(section.figures, report.language)
    for chart in section.charts:
        yield from _chart(chart, report.language)
    for table in section.tables:
        yield from _table(table, report.language)
    yield "</section>"


def _figures(figures: tuple[Figure, ...], language: Language) -> Iterator[str]:
    columns = wording.figure_columns(language)
    yield f"<table>{_heading(columns)}<tbody>"
    for figure in figures:
        how = wording.how(figure, language)
        target = show_target(figure.target, figure.unit, language, higher=figure.higher)
        cells = (
            show_value(figure.value, figure.unit, language),
            target,
            show_value(figure.before, figure.unit, language),
            show_change(figure.value, figure.before, figure.unit, language),
        )
        yield (
            f'<tr><td>{escape(figure.title)}<span class="how">{escape(how)}</span></td>'
            + "".join(f'<td class="n">{escape(cell)}</td>' for cell in cells)
            + f"<td>{_verdict(figure.verdict, language)}</td></tr>"
        )
    yield "</tbody></table>"


def _chart(chart: Chart, language: Language) -> Iterator[str]:
    yield f"<figure><h3>{escape(chart.title)}</h3>\n{draw_svg(chart, language)}"
    if chart.note:
        yield f'<figcaption class="note">{escape(chart.note)}</figcaption>'
    yield f"<details><summary>{escape(wording.data(language))}</summary>"
    yield from _rows(as_table(chart, language), language)
    yield "</details></figure>"


def _table(table: Table, language: Language) -> Iterator[str]:
    yield f"<h3>{escape(table.title)}</h3>"
    yield from _rows(table, language)
    if note := wording.note(table, language):
        yield f'<p class="note">{escape(note)}</p>'


def _rows(table: Table, language: Language) -> Iterator[str]:
    yield f"<table>{_heading(table.columns)}<tbody>"
    for row in table.rows:
        cells = zip(table.columns, row, strict=True)
        yield "<tr>" + "".join(_cell(column, cell, language) for column, cell in cells) + "</tr>"
    yield "</tbody></table>"


def _heading(columns: tuple[Column, ...]) -> str:
    cells = "".join(
        f'<th scope="col"{_alignment(column)}>{escape(column.title)}</th>' for column in columns
    )
    return f"<thead><tr>{cells}</tr></thead>"


def _cell(column: Column, cell: object, language: Language) -> str:
    if column.shape == "verdict" and cell is not None:
        return f"<td>{_verdict(cell, language)}</td>"  # type: ignore[arg-type] # of that shape
    shown = escape(show_cell(cell, column.shape, language))  # type: ignore[arg-type] # a cell
    return f"<td{_alignment(column)}>{shown}</td>"


def _alignment(column: Column) -> str:
    return ' class="n"' if is_right_aligned(column.shape) else ""


def _verdict(verdict: Verdict | None, language: Language) -> str:
    if verdict is None:
        return ""
    return f'<span class="{escape(verdict)}">{escape(show_verdict(verdict, language))}</span>'
