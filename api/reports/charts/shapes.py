"""What a drawn chart consists of, in mm from its upper left corner; its looks do without colour."""

import math
from collections.abc import Iterator
from typing import Final, Literal, NamedTuple

from api.reports.model import Chart, judge

Point = tuple[float, float]
Colour = str
"""`#rrggbb`."""
Hatch = Literal["plain", "diagonal", "level"]
Tone = Literal["ink", "soft"]

TONES: Final[dict[Tone, Colour]] = {"ink": "#1a2433", "soft": "#5b6778"}
"""Of paper.css."""
RULE: Final[Colour] = "#cfd6df"
BLUE, ORANGE, RED, SKY, GREY = "#0072B2", "#E69F00", "#D55E00", "#56B4E9", "#999999"
"""Okabe & Ito, Color Universal Design, 2008, as on the dashboards."""
DASH: Final = 1.2  # mm of a target's line, as long as its gaps
_SPACING: Final = 1.1  # mm between the strokes of a hatch


class Box(NamedTuple):
    """A filled rectangle with a thin edge: pale fills alone are hard to see on white."""

    left: float
    top: float
    width: float
    height: float
    fill: Colour


class Strokes(NamedTuple):
    """Lines of one kind; a `dash` is as long as the gap after it, in mm."""

    lines: tuple[tuple[Point, ...], ...]
    colour: Colour
    width: float
    dash: float = 0.0


class Area(NamedTuple):
    """A filled outline."""

    corners: tuple[Point, ...]
    fill: Colour


class Label(NamedTuple):
    """A text whose baseline begins, is centred or ends at a point; `size` in mm."""

    at: Point
    text: str
    size: float
    anchor: Literal["start", "middle", "end"] = "start"
    tone: Tone = "soft"


Shape = Box | Strokes | Area | Label


class Picture(NamedTuple):
    """A chart, ready to be drawn."""

    width: float
    height: float
    shapes: tuple[Shape, ...]


class Look(NamedTuple):
    """How a series looks: a colour, and a hatch for who does not see it."""

    fill: Colour
    hatch: Hatch = "plain"


PRIORITIES: Final = {
    "critical": Look(RED),
    "high": Look(ORANGE, "diagonal"),
    "medium": Look(SKY, "level"),
    "low": Look(GREY),
}
_IN_TURN: Final = (Look(BLUE), Look(ORANGE, "diagonal"), Look(SKY, "level"), Look(GREY))


def looks(chart: Chart) -> tuple[Look, ...]:
    """Return how each series looks: priorities as everywhere, others in turn."""
    return tuple(
        PRIORITIES.get(series.key, _IN_TURN[index % len(_IN_TURN)])
        for index, series in enumerate(chart.series)
    )


def filled(box: Box, look: Look) -> Iterator[Shape]:
    """Draw a rectangle with its hatch."""
    yield box
    if lines := tuple(_hatch(box, look.hatch)):
        yield Strokes(lines, TONES["ink"], 0.15)


def is_missed(chart: Chart, value: float | None) -> bool:
    """Say whether a value misses the chart's target."""
    return value is not None and judge(value, chart.target, higher=chart.higher) == "bad"


def diamond(at: Point) -> Area:
    """Draw what marks a value that misses its target."""
    x, y = at
    return Area(((x, y - 1.2), (x + 1.2, y), (x, y + 1.2), (x - 1.2, y)), RED)


def dot(at: Point, fill: Colour) -> Area:
    """Draw what marks a value; twelve corners are round enough."""
    x, y = at
    turns = [n * math.pi / 6 for n in range(12)]
    return Area(tuple((x + 0.7 * math.sin(turn), y + 0.7 * math.cos(turn)) for turn in turns), fill)


def width_of(text: str, size: float) -> float:
    """Return about how wide a text is, mm: no font is at hand, and none is needed."""
    return size * sum(1.0 if letter > "\u2e80" else 0.56 for letter in text)


def _hatch(box: Box, hatch: Hatch) -> Iterator[tuple[Point, ...]]:
    """Cut the strokes of an endless pattern to the rectangle: neighbours go on in each other."""
    right, bottom = box.left + box.width, box.top + box.height
    if hatch == "level":
        for n in _between(box.top, bottom):
            yield (box.left, n * _SPACING), (right, n * _SPACING)
    if hatch == "diagonal":
        for n in _between(box.left + box.top, right + bottom):
            begin, end = max(box.left, n * _SPACING - bottom), min(right, n * _SPACING - box.top)
            yield (begin, n * _SPACING - begin), (end, n * _SPACING - end)


def _between(low: float, high: float) -> range:
    return range(math.floor(low / _SPACING) + 1, math.ceil(high / _SPACING))
