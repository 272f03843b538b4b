"""What a chapter has to say, how it says it, and the sentences they share."""

from collections.abc import Callable, Sequence
from typing import TypeVar

import msgspec

from api.reports.asking import Asked, fetch, fetch_before
from api.reports.model import Cell, Chart, Column, Figure, Shape, Table, Unit, judge
from core.database import Connection

RowT = TypeVar("RowT")

Words = tuple[str, str]
"""A text in Chinese and in English."""
Told = tuple[str, str, Shape, Callable[[RowT], Cell]]
"""A column: its heading in Chinese and in English, how cells are meant, and the cell of a row."""


class Content(msgspec.Struct, frozen=True, kw_only=True):
    """The inside of a section."""

    paragraphs: tuple[str, ...] = ()
    figures: tuple[Figure, ...] = ()
    charts: tuple[Chart, ...] = ()
    tables: tuple[Table, ...] = ()


class Witness(msgspec.Struct, frozen=True):
    """Whether messages were booked: the hour of the first, and in how many hours there were any."""

    began: msgspec.Raw | object | None
    hours: int


async def was_recorded(conn: Connection, asked: Asked) -> bool:
    """Say whether anything at all was written down in the period."""
    return any(row.hours for row in await fetch(conn, "witness", Witness, asked))


async def was_recorded_before(conn: Connection, asked: Asked) -> bool:
    """Say the same of the period before."""
    return any(row.hours for row in await fetch_before(conn, "witness", Witness, asked))


def nothing_recorded(asked: Asked) -> str:
    """Return the sentence that stands where there is nothing to count."""
    return asked.say(
        "本期没有任何数据记录，以下指标无法计算，不等于零。",
        "Nothing was recorded in this period: what cannot be counted is shown as —, not as zero.",
    )


class Measure(msgspec.Struct, frozen=True, kw_only=True):
    """What a figure is, whatever its value: the same in every report."""

    key: str
    title: Words
    unit: Unit
    formula: Words
    source: Words
    target: float | None = None
    higher: bool = False
    headline: bool = False

    def figure(self, asked: Asked, value: float | None, before: float | None = None) -> Figure:
        """Return it with its value, in the language asked for, held against its target."""
        return Figure(
            key=self.key,
            title=asked.say(*self.title),
            value=value,
            before=before,
            unit=self.unit,
            target=self.target,
            higher=self.higher,
            verdict=judge(value, self.target, higher=self.higher),
            formula=asked.say(*self.formula),
            source=asked.say(*self.source),
            headline=self.headline,
        )


def table(
    asked: Asked,
    title: Words,
    rows: Sequence[RowT],
    columns: Sequence[Told[RowT]],
    *,
    note: Words = ("", ""),
    at_most: int | None = None,
) -> Table:
    """Return the rows, or the first of them, under columns in the language asked for."""
    shown = rows[:at_most]
    return Table(
        title=asked.say(*title),
        columns=tuple(Column(asked.say(zh, en), shape) for zh, en, shape, _ in columns),
        rows=tuple(tuple(cell(row) for _, _, _, cell in columns) for row in shown),
        note=asked.say(*note),
        left_out=len(rows) - len(shown),
    )


def percent(part: float | None, whole: float | None) -> float | None:
    """Return the share in percent; None of nothing."""
    return 100 * part / whole if part is not None and whole else None
