"""How chapters make charts: a value for each day or hour, and which of them are not known."""

from collections.abc import Mapping, Sequence
from datetime import datetime

import msgspec

from api.reports.asking import Asked, fetch
from api.reports.model import Chart, ChartKind, Series, Step, Unit
from api.reports.sections.content import Measure, Words
from core.database import Connection


class Recorded(msgspec.Struct, frozen=True):
    """A day or hour in which messages were booked, local time."""

    began: datetime


Values = Mapping[Step, float | None]
"""What is known, by step; a step that is missing is not known."""


def step_at(asked: Asked, began: datetime) -> Step:
    """Return the step that began at a local time."""
    return began.hour if asked.period.kind == "daily" else began.date()


async def recorded_steps(conn: Connection, asked: Asked) -> frozenset[Step]:
    """Return where messages were booked: only there, nothing counted is a zero."""
    rows = await fetch(conn, "recorded_steps", Recorded, asked)
    return frozenset(step_at(asked, row.began) for row in rows)


def counted(found: Mapping[Step, float], recorded: frozenset[Step]) -> Values:
    """Return counts: zero where something was recorded, nothing of it."""
    return dict.fromkeys(recorded, 0.0) | dict(found)


def chart(
    asked: Asked,
    key: str,
    title: Words,
    series: Sequence[tuple[str, str, Values]],
    *,
    kind: ChartKind,
    unit: Unit = "count",
    limit: tuple[float, bool] | None = None,
    note: Words = ("", ""),
) -> tuple[Chart, ...]:
    """Return the chart of these series (key, title, values), or none where nothing is known.

    `limit` is what values should be at most, or at least where it says so.
    """
    steps = asked.period.steps
    target, higher = limit or (None, False)
    drawn = Chart(
        key=key,
        title=asked.say(*title),
        kind=kind,
        unit=unit,
        steps=steps,
        series=tuple(
            Series(key=name, title=shown, values=tuple(map(values.get, steps)))
            for name, shown, values in series
        ),
        target=target,
        higher=higher,
        note=asked.say(*note),
    )
    known = any(value is not None for each in drawn.series for value in each.values)
    return (drawn,) if known else ()


def rate_chart(asked: Asked, measure: Measure, values: Values) -> tuple[Chart, ...]:
    """Return how a figure held its target, step by step."""
    zh, en = measure.title
    every_zh, every_en = (
        ("每小时", "by hour") if asked.period.kind == "daily" else ("每日", "by day")
    )
    return chart(
        asked,
        f"{measure.key}_by_step",
        (f"{every_zh}{zh}", f"{en} {every_en}"),
        ((measure.key, asked.say(zh, en), values),),
        kind="line",
        unit=measure.unit,
        limit=None if measure.target is None else (measure.target, measure.higher),
    )
