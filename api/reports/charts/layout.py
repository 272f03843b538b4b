"""Where everything of a chart stands: the one geometry that page and paper draw."""

from collections.abc import Iterator
from itertools import groupby
from typing import Final, NamedTuple

from api.reports.charts.legend import legend
from api.reports.charts.scales import Scale, scale_of, show_tick
from api.reports.charts.shapes import (
    DASH,
    RULE,
    TONES,
    Box,
    Label,
    Look,
    Picture,
    Point,
    Shape,
    Strokes,
    Tone,
    diamond,
    dot,
    filled,
    is_missed,
    looks,
    width_of,
)
from api.reports.formatting import show_step, show_value
from api.reports.model import Chart, Language

WIDTH: Final = 180.0
"""The width of what is printed on A4, mm."""
HEIGHT: Final = 56.0
_SIZE: Final = 2.6  # mm: 7.4 points
_SMALL: Final = 2.2
_TOP, _BELOW, _RIGHT = 10.0, 6.0, 2.0
_FILLED: Final = 0.7  # of the room a step has
_WIDEST: Final = 9.0  # mm a bar
_FEW: Final = 8
"""Points of a line of which each is told; of more, the highest and the lowest."""


class Frame(NamedTuple):
    """The room between the axes."""

    left: float
    top: float
    width: float
    height: float
    steps: int
    scale: Scale

    @property
    def room(self) -> float:
        """Return how wide the room of one step is."""
        return self.width / self.steps

    @property
    def bottom(self) -> float:
        """Return where the bars stand."""
        return self.top + self.height

    def across(self, step: int) -> float:
        """Return the middle of a step."""
        return self.left + (step + 0.5) * self.room

    def up(self, value: float) -> float:
        """Return how far down from the upper edge a value stands."""
        return self.bottom - self.scale.share(value) * self.height


def lay_out(chart: Chart, language: Language) -> Picture:
    """Return the chart as shapes in mm."""
    scale = scale_of(chart)
    left = 2 + max(
        width_of(show_tick(tick, scale, chart.unit, language), _SIZE) for tick in scale.ticks
    )
    frame = Frame(
        left, _TOP, WIDTH - left - _RIGHT, HEIGHT - _TOP - _BELOW, len(chart.steps), scale
    )
    drawn = {"bars": _side_by_side, "stacked": _stacks, "line": _line}[chart.kind]
    return Picture(
        WIDTH,
        HEIGHT,
        (
            *_axes(chart, frame, language),
            *drawn(chart, frame, language),
            *_target(chart, frame),
            *legend(chart, language),
        ),
    )


def _axes(chart: Chart, frame: Frame, language: Language) -> Iterator[Shape]:
    right = frame.left + frame.width
    across = tuple(
        ((frame.left, frame.up(tick)), (right, frame.up(tick))) for tick in frame.scale.ticks
    )
    yield Strokes(across, RULE, 0.15)
    yield Strokes((((frame.left, frame.bottom), (right, frame.bottom)),), TONES["soft"], 0.25)
    for tick in frame.scale.ticks:
        at = (frame.left - 1.2, frame.up(tick) + _SIZE * 0.35)
        yield Label(at, show_tick(tick, frame.scale, chart.unit, language), _SIZE, "end")
    names = [show_step(step) for step in chart.steps]
    every = _every(max(width_of(name, _SIZE) for name in names) + 1.5, frame.room)
    for index in range(0, len(names), every):
        yield Label((frame.across(index), frame.bottom + 4), names[index], _SIZE, "middle")


def _every(needed: float, room: float) -> int:
    """Return how many steps apart the names stand so that they do not touch."""
    return next(n for n in range(1, 1000) if n * room >= needed)


def _side_by_side(chart: Chart, frame: Frame, language: Language) -> Iterator[Shape]:
    """Draw a bar for each value, the value above it."""
    beside = len(chart.series)
    width = min(frame.room * _FILLED / beside, _WIDEST)
    for index, (series, look) in enumerate(zip(chart.series, looks(chart), strict=True)):
        for step, value in enumerate(series.values):
            left = frame.across(step) + width * (index - beside / 2)
            yield from _bar(frame, left, width, (0.0, value or 0.0), look)
            yield from _told(chart, frame, (left + width / 2, value), width, language)


def _stacks(chart: Chart, frame: Frame, language: Language) -> Iterator[Shape]:
    """Draw the values of a step on top of each other, the sum above them."""
    width = min(frame.room * _FILLED, _WIDEST)
    for step in range(frame.steps):
        values = [series.values[step] for series in chart.series]
        known = any(value is not None for value in values)
        stood, left = 0.0, frame.across(step) - width / 2
        for value, look in zip(values, looks(chart), strict=True):
            yield from _bar(frame, left, width, (stood, stood + (value or 0.0)), look)
            stood += value or 0.0
        told = (frame.across(step), stood if known else None)
        yield from _told(chart, frame, told, frame.room, language)


def _bar(
    frame: Frame, left: float, width: float, reach: tuple[float, float], look: Look
) -> Iterator[Shape]:
    low, high = reach
    top = frame.up(high)
    if (height := frame.up(low) - top) > 0:
        yield from filled(Box(left, top, width, height, look.fill), look)


def _told(
    chart: Chart, frame: Frame, stands: tuple[float, float | None], room: float, language: Language
) -> Iterator[Shape]:
    """Write a value above where it reaches, if there is room: no bar alone may also be a zero."""
    across, value = stands
    text = show_value(value, chart.unit, language)
    if width_of(text, _SMALL) <= room * 1.05:
        tone: Tone = "soft" if value is None else "ink"
        yield Label((across, frame.up(value or 0.0) - 0.7), text, _SMALL, "middle", tone)


def _line(chart: Chart, frame: Frame, language: Language) -> Iterator[Shape]:
    """Draw lines that break where nothing is known, and a mark for each value."""
    for series, look in zip(chart.series, looks(chart), strict=True):
        points = [
            None if value is None else (frame.across(step), frame.up(value))
            for step, value in enumerate(series.values)
        ]
        yield Strokes(tuple(_joined(points)), look.fill, 0.5)
        for step, (value, at) in enumerate(zip(series.values, points, strict=True)):
            if at is None:
                yield from _told(chart, frame, (frame.across(step), None), frame.room, language)
            else:
                yield diamond(at) if is_missed(chart, value) else dot(at, look.fill)
        for step in _worth_telling(series.values):
            yield _beside(chart, frame, (step, series.values), language)


def _joined(points: list[Point | None]) -> Iterator[tuple[Point, ...]]:
    for known, run in groupby(points, lambda point: point is not None):
        if known and len(line := tuple(point for point in run if point is not None)) > 1:
            yield line


def _worth_telling(values: tuple[float | None, ...]) -> list[int]:
    known = {step: value for step, value in enumerate(values) if value is not None}
    if len(known) <= _FEW:
        return list(known)
    return sorted({max(known, key=known.__getitem__), min(known, key=known.__getitem__)})


def _beside(
    chart: Chart, frame: Frame, at: tuple[int, tuple[float | None, ...]], language: Language
) -> Label:
    """Write a value above its point, or below it in a valley that is deep enough."""
    step, values = at
    value = values[step] or 0.0
    text, up = show_value(value, chart.unit, language), frame.up(value)
    half = width_of(text, _SMALL) / 2
    across = min(max(frame.across(step), frame.left + half), frame.left + frame.width - half)
    beside = [each for each in values[max(step - 1, 0) : step + 2] if each is not None]
    valley = value < max(beside) and value == min(beside) and up + 3.6 < frame.bottom
    return Label((across, up + 3.6 if valley else up - 1.6), text, _SMALL, "middle", "ink")


def _target(chart: Chart, frame: Frame) -> Iterator[Shape]:
    if chart.target is not None:
        at = frame.up(chart.target)
        line = ((frame.left, at), (frame.left + frame.width, at))
        yield Strokes((line,), TONES["ink"], 0.35, dash=DASH)
