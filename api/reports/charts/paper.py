"""A chart on paper, drawn with the same lengths as on the page."""

from fpdf import FPDF

from api.reports.charts.layout import HEIGHT, lay_out
from api.reports.charts.shapes import TONES, Area, Box, Label, Shape, Strokes
from api.reports.model import Chart, Language

_POINTS = 72 / 25.4  # in a mm
_EDGE = 0.15  # mm


def draw_on_paper(paper: FPDF, chart: Chart, language: Language, *, left: float, font: str) -> None:
    """Draw the chart below what is written so far, and go on below it."""
    top = paper.get_y()
    with paper.local_context():
        for shape in lay_out(chart, language).shapes:
            _draw(paper, shape, left, top, font)
    paper.set_y(top + HEIGHT)


def _draw(paper: FPDF, shape: Shape, left: float, top: float, font: str) -> None:
    match shape:
        case Box(x, y, width, height, fill):
            paper.set_draw_color(TONES["ink"])
            paper.set_fill_color(fill)
            paper.set_line_width(_EDGE)
            paper.rect(left + x, top + y, width, height, style="DF")
        case Strokes(lines, colour, width, dash):
            paper.set_draw_color(colour)
            paper.set_line_width(width)
            paper.set_dash_pattern(dash=dash, gap=dash)
            for line in lines:
                paper.polyline([(left + x, top + y) for x, y in line])
            paper.set_dash_pattern()
        case Area(corners, fill):
            paper.set_fill_color(fill)
            paper.polygon([(left + x, top + y) for x, y in corners], style="F")
        case Label((x, y), text, size, anchor, tone):
            paper.set_font(font, size=size * _POINTS)
            paper.set_text_color(TONES[tone])
            moved = {"start": 0.0, "middle": 0.5, "end": 1.0}[anchor]
            paper.text(left + x - moved * paper.get_string_width(text), top + y, text)
