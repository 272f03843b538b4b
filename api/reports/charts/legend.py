"""What stands above a chart: each series by name, the target, the mark of what misses it."""

from collections.abc import Callable, Iterator
from typing import Final, NamedTuple

from api.reports.charts.shapes import (
    DASH,
    TONES,
    Box,
    Label,
    Look,
    Shape,
    Strokes,
    diamond,
    dot,
    filled,
    is_missed,
    looks,
    width_of,
)
from api.reports.formatting import show_target
from api.reports.model import Chart, Language

_SIZE: Final = 2.6  # mm
_MIDDLE: Final = 3.0
_SAMPLE: Final = 6.0  # mm wide
_GAP: Final = 5.0


class Entry(NamedTuple):
    """A sample, drawn from a left edge on, and what it means."""

    text: str
    draw: Callable[[float], Iterator[Shape]]


def legend(chart: Chart, language: Language) -> Iterator[Shape]:
    """Set the entries side by side."""
    left = 1.0
    for entry in _entries(chart, language):
        yield from entry.draw(left)
        left += _SAMPLE + 1.2
        yield Label((left, _MIDDLE + 0.95), entry.text, _SIZE, tone="ink")
        left += width_of(entry.text, _SIZE) + _GAP


def _entries(chart: Chart, language: Language) -> Iterator[Entry]:
    for series, look in zip(chart.series, looks(chart), strict=True):
        yield Entry(series.title, _joined(look) if chart.kind == "line" else _bar(look))
    if chart.target is None:
        return
    target = show_target(chart.target, chart.unit, language, higher=chart.higher)
    yield Entry(f"{'目标' if language == 'zh' else 'target'} {target}", _dashed)
    if any(is_missed(chart, value) for series in chart.series for value in series.values):
        yield Entry("未达标" if language == "zh" else "missed", _diamond)


def _bar(look: Look) -> Callable[[float], Iterator[Shape]]:
    return lambda left: filled(Box(left, _MIDDLE - 1.5, _SAMPLE, 3.0, look.fill), look)


def _joined(look: Look) -> Callable[[float], Iterator[Shape]]:
    def draw(left: float) -> Iterator[Shape]:
        yield Strokes((_across(left),), look.fill, 0.5)
        yield dot((left + _SAMPLE / 2, _MIDDLE), look.fill)

    return draw


def _dashed(left: float) -> Iterator[Shape]:
    yield Strokes((_across(left),), TONES["ink"], 0.35, dash=DASH)


def _diamond(left: float) -> Iterator[Shape]:
    yield diamond((left + _SAMPLE - 1.5, _MIDDLE))


def _across(left: float) -> tuple[tuple[float, float], tuple[float, float]]:
    return (left, _MIDDLE), (left + _SAMPLE, _MIDDLE)
