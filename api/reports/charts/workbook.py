"""A chart as a workbook draws it itself: over cells that hold the numbers."""

from typing import Any, Final, NamedTuple

from xlsxwriter.workbook import Workbook  # type: ignore[import-untyped] # it ships no types
from xlsxwriter.worksheet import Worksheet  # type: ignore[import-untyped] # the same

from api.reports.charts.scales import scale_of
from api.reports.charts.shapes import RULE, TONES, Look, looks
from api.reports.charts.telling import summary
from api.reports.model import Chart, Language

LINES: Final = 16
"""Rows of a sheet the chart covers."""
_SIZE: Final = {"width": 960, "height": 310}  # pixels
_PATTERNS: Final = {"diagonal": "wide_upward_diagonal", "level": "narrow_horizontal"}


class Cells(NamedTuple):
    """Where the numbers stand: a row for each step, from `first` on, below a row of headings.

    The first column holds the steps, the next the series, the last the target if there is one.
    Values are those of the report divided by `divisor`, shown as `number` says.
    """

    sheet: Worksheet
    first: int
    divisor: float
    number: str


def insert_chart(book: Workbook, chart: Chart, cells: Cells, language: Language, line: int) -> None:
    """Put the chart at a line of the sheet that holds its numbers."""
    drawn = book.add_chart(_type(chart))
    for index, look in enumerate(looks(chart)):
        drawn.add_series(_series(chart, cells, index + 1) | _style(chart, look, index))
    if chart.target is not None:
        limit = drawn if chart.kind == "line" else book.add_chart({"type": "line"})
        dashed = {"line": {"color": TONES["ink"], "width": 1.25, "dash_type": "dash"}}
        limit.add_series(_series(chart, cells, len(chart.series) + 1) | dashed)
        if limit is not drawn:
            drawn.combine(limit)
    drawn.set_title({"name": chart.title, "overlay": False, "name_font": {"size": 12}})
    drawn.set_legend({"position": "bottom"})
    drawn.set_x_axis({"text_axis": True, "num_format": "mm/dd", "num_font": {"size": 8}})
    drawn.set_y_axis(_axis(chart, cells))
    drawn.set_size(_SIZE)
    drawn.show_blanks_as("gap")
    cells.sheet.insert_chart(line, 0, drawn, {"description": summary(chart, language)})


def _type(chart: Chart) -> dict[str, str]:
    if chart.kind == "line":
        return {"type": "line"}
    return {"type": "column"} | ({"subtype": "stacked"} if chart.kind == "stacked" else {})


def _series(chart: Chart, cells: Cells, column: int) -> dict[str, Any]:
    name, first, last = cells.sheet.name, cells.first, cells.first + len(chart.steps) - 1
    return {
        "name": [name, first - 1, column],
        "categories": [name, first, 0, last, 0],
        "values": [name, first, column, last, column],
    }


def _style(chart: Chart, look: Look, index: int) -> dict[str, Any]:
    if chart.kind == "line":
        marks = ("circle", "square", "diamond", "triangle")
        fill = {"color": look.fill}
        return {
            "line": fill | {"width": 1.75},
            "marker": {"type": marks[index % len(marks)], "size": 5, "fill": fill, "border": fill},
        }
    style: dict[str, Any] = {"border": {"color": TONES["ink"], "width": 0.5}, "gap": 45}
    if look.hatch == "plain":
        return style | {"fill": {"color": look.fill}}
    pattern = _PATTERNS[look.hatch]
    return style | {
        "pattern": {"pattern": pattern, "fg_color": TONES["ink"], "bg_color": look.fill}
    }


def _axis(chart: Chart, cells: Cells) -> dict[str, Any]:
    scale, divisor = scale_of(chart), cells.divisor
    return {
        "min": scale.low / divisor,
        "max": scale.high / divisor,
        "major_unit": scale.step / divisor,
        "num_format": cells.number,
        "num_font": {"size": 8},
        "major_gridlines": {"visible": True, "line": {"color": RULE, "width": 0.5}},
    }
