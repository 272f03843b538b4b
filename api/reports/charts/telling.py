"""A chart in words and as a table: for who does not see it, and for who wants the numbers."""

from api.reports import wording
from api.reports.formatting import UNKNOWN, show_step, show_target, show_value
from api.reports.model import Chart, Column, Language, Series, Table


def summary(chart: Chart, language: Language) -> str:
    """Return what the chart shows: the highest and the lowest of each series, and what misses."""
    zh = language == "zh"
    parts = [_range(chart, series, language) for series in chart.series]
    if chart.target is not None:
        target = show_target(chart.target, chart.unit, language, higher=chart.higher)
        parts.append(f"目标 {target}" if zh else f"target {target}")
    if unknown := sum(all(value is None for value in step) for step in _by_step(chart)):
        parts.append(f"{unknown} 处没有数据" if zh else f"nothing known at {unknown} of them")
    return ("；".join(parts) + "。") if zh else ("; ".join(parts) + ".")


def as_table(chart: Chart, language: Language) -> Table:
    """Return the numbers behind the chart, a row for each step."""
    name, *titles = wording.chart_columns(chart, language)
    shown = zip(titles, chart.series, strict=False)  # without the target: it is the same in all
    return Table(
        title=chart.title,
        columns=(Column(name), *(Column(title, chart.unit) for title, _ in shown)),
        rows=tuple(
            (show_step(step), *values)
            for step, values in zip(chart.steps, _by_step(chart), strict=True)
        ),
    )


def _by_step(chart: Chart) -> list[tuple[float | None, ...]]:
    return list(zip(*(series.values for series in chart.series), strict=True))


def _range(chart: Chart, series: Series, language: Language) -> str:
    known = [
        (value, step)
        for value, step in zip(series.values, chart.steps, strict=True)
        if value is not None
    ]
    if not known:
        return f"{series.title} {UNKNOWN}"
    (high, when_high), (low, when_low) = max(known, key=_value), min(known, key=_value)
    highest, lowest = (show_value(value, chart.unit, language) for value in (high, low))
    if language == "zh":
        return (
            f"{series.title}最高 {highest}（{show_step(when_high)}），"
            f"最低 {lowest}（{show_step(when_low)}）"
        )
    return (
        f"{series.title}: at most {highest} ({show_step(when_high)}), "
        f"at least {lowest} ({show_step(when_low)})"
    )


def _value(known: tuple[float, object]) -> float:
    return known[0]
