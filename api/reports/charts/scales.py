"""What stands along the upright axis: round steps, from zero where bars stand on it."""

import math
from collections.abc import Iterable
from typing import Final, NamedTuple

from api.reports.model import Chart, Language, Unit

_ABOUT: Final = 4
"""Steps an axis has, more or less."""
_MINUTE_S, _HOUR_S, _DAY_S = 60, 3600, 86_400
_ROUND: Final = (1.0, 2.0, 2.5, 5.0, 10.0)
_ROUND_COUNTS: Final = (1.0, 2.0, 5.0, 10.0)
_ROUND_S: Final = (
    *(1, 2, 5, 10, 15, 30),
    *(minutes * _MINUTE_S for minutes in (1, 2, 5, 10, 15, 30)),
    *(hours * _HOUR_S for hours in (1, 2, 3, 6, 12)),
)


class Scale(NamedTuple):
    """From `low` to `high`, never below zero, with a tick every `step`."""

    low: float
    high: float
    step: float

    @property
    def ticks(self) -> tuple[float, ...]:
        """Return where the lines across the chart are."""
        many = round((self.high - self.low) / self.step)
        return tuple(self.low + n * self.step for n in range(many + 1))

    def share(self, value: float) -> float:
        """Return how far up a value stands, 0 to 1; what lies outside stands at the edge."""
        return min(max((value - self.low) / (self.high - self.low), 0.0), 1.0)


def scale_of(chart: Chart) -> Scale:
    """Return the axis on which all values and the target find room."""
    known = [*_heights(chart), *([] if chart.target is None else [chart.target])]
    top = max([0.0, *known])
    bottom = min(known, default=0.0) if chart.kind == "line" and chart.unit == "percent" else 0.0
    step = _step((top - bottom) / _ABOUT, chart.unit)
    low = max(math.floor(bottom / step + 1e-9) * step, 0.0)
    high = max(math.ceil(top / step - 1e-9) * step, low + step)
    above = chart.unit == "percent" and top <= 100 < high  # all of it is 100 %
    return Scale(low - step, low, step) if above else Scale(low, high, step)


def show_tick(value: float, scale: Scale, unit: Unit, language: Language) -> str:
    """Return what stands beside a tick, shorter than in a table."""
    if unit == "percent":
        return f"{value:g}%"
    if unit != "seconds":
        return f"{value:,g}" if value < 1_000 else f"{value:,.0f}"
    if not value:
        return "0"
    for size, zh, en in ((_DAY_S, "天", "d"), (_HOUR_S, "小时", "h"), (_MINUTE_S, "分", "min")):
        if scale.step % size == 0:
            return f"{value / size:g} {zh if language == 'zh' else en}"
    return f"{value:g} {'秒' if language == 'zh' else 's'}"


def _heights(chart: Chart) -> Iterable[float]:
    """Return how far up anything reaches."""
    columns = zip(*(series.values for series in chart.series), strict=True)
    for column in columns:
        known = [value for value in column if value is not None]
        yield from [sum(known)] if chart.kind == "stacked" and known else known


def _step(least: float, unit: Unit) -> float:
    """Return the first round step that is not smaller."""
    if unit == "count":
        return max(_round_up(least, _ROUND_COUNTS), 1.0)
    if unit != "seconds":
        return _round_up(least, _ROUND)
    if least > _ROUND_S[-1]:
        return _round_up(least / _DAY_S, _ROUND_COUNTS) * _DAY_S
    return next(float(step) for step in _ROUND_S if step >= least)


def _round_up(least: float, mantissas: tuple[float, ...]) -> float:
    if least <= 0:
        return 1.0
    power = 10.0 ** math.floor(math.log10(least))
    return next(each * power for each in mantissas if each * power >= least * (1 - 1e-9))
