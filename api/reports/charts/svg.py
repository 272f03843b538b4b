"""A chart inside of the page: no script, no style attribute, nothing from outside."""

from collections.abc import Iterator
from html import escape

from api.reports.charts.layout import lay_out
from api.reports.charts.shapes import TONES, Area, Box, Label, Point, Shape, Strokes
from api.reports.charts.telling import summary
from api.reports.model import Chart, Language


def draw_svg(chart: Chart, language: Language) -> str:
    """Return the chart as one `<svg>`, which says what it shows to who does not see it."""
    picture = lay_out(chart, language)
    name = escape(f"chart-{chart.key}")
    return (
        f'<svg viewBox="0 0 {_mm(picture.width)} {_mm(picture.height)}" role="img" '
        f'aria-labelledby="{name}-title {name}-told">'
        f'<title id="{name}-title">{escape(chart.title)}</title>'
        f'<desc id="{name}-told">{escape(summary(chart, language))}</desc>'
        f"{''.join(_elements(picture.shapes))}</svg>"
    )


def _elements(shapes: tuple[Shape, ...]) -> Iterator[str]:
    for shape in shapes:
        match shape:
            case Box(left, top, width, height, fill):
                yield (
                    f'<rect x="{_mm(left)}" y="{_mm(top)}" width="{_mm(width)}" '
                    f'height="{_mm(height)}" fill="{fill}" stroke="{TONES["ink"]}" '
                    'stroke-width="0.15"/>'
                )
            case Strokes(lines, colour, width, dash):
                dashed = f' stroke-dasharray="{_mm(dash)}"' if dash else ""
                yield (
                    f'<path d="{"".join(map(_path, lines))}" fill="none" stroke="{colour}" '
                    f'stroke-width="{_mm(width)}"{dashed}/>'
                )
            case Area(corners, fill):
                yield f'<path d="{_path(corners)}Z" fill="{fill}"/>'
            case Label((x, y), text, size, anchor, tone):
                yield (
                    f'<text x="{_mm(x)}" y="{_mm(y)}" font-size="{_mm(size)}" '
                    f'text-anchor="{anchor}" fill="{TONES[tone]}">{escape(text)}</text>'
                )


def _path(points: tuple[Point, ...]) -> str:
    return "M" + "L".join(f"{_mm(x)} {_mm(y)}" for x, y in points)


def _mm(length: float) -> str:
    return f"{round(length, 2):g}"
