"""What a report says, before anybody draws it: pure data, with the formula beside each figure."""

from datetime import date, datetime
from typing import Literal

import msgspec

Language = Literal["zh", "en"]
Unit = Literal["count", "number", "percent", "seconds", "kwh"]
"""How a value is meant: whole things, any number, 0-100, a duration, energy."""
Shape = Literal["text", "instant", "date", "verdict"] | Unit
"""How the cells of a column are meant."""
Verdict = Literal["good", "manageable", "bad", "unknown"]
"""Against its target; `unknown`: there is a target, and nothing to hold against it."""
Cell = str | int | float | datetime | date | None
"""What stands in a table; None means that it is not known."""
Step = date | int
"""Along a chart: a local day, or an hour of the local day, 0 to 23."""
ChartKind = Literal["bars", "stacked", "line"]
"""How a chart is drawn: side by side, on top of each other, joined."""


class Figure(msgspec.Struct, frozen=True, kw_only=True):
    """One figure beside its target and the period before; None: not known, never zero."""

    key: str
    title: str
    value: float | None
    unit: Unit
    target: float | None = None
    higher: bool = False
    verdict: Verdict | None = None
    before: float | None = None
    formula: str
    source: str
    headline: bool = False


class Column(msgspec.Struct, frozen=True):
    """A column of a table."""

    title: str
    shape: Shape = "text"


class Table(msgspec.Struct, frozen=True, kw_only=True):
    """Rows under columns; `note` says how they were counted, `left_out` how many are not shown."""

    title: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    note: str = ""
    left_out: int = 0


class Series(msgspec.Struct, frozen=True, kw_only=True):
    """One value for each step of a chart, never negative; None: not known, a gap, never zero."""

    key: str
    title: str
    values: tuple[float | None, ...]


class Chart(msgspec.Struct, frozen=True, kw_only=True):
    """Values along days or hours; `target`: at most, or at least where `higher`."""

    key: str
    title: str
    kind: ChartKind
    unit: Unit
    steps: tuple[Step, ...]
    series: tuple[Series, ...]
    target: float | None = None
    higher: bool = False
    note: str = ""


class Section(msgspec.Struct, frozen=True, kw_only=True):
    """One subject; `problem` is the sentence that stands where it could not be read."""

    key: str
    title: str
    paragraphs: tuple[str, ...] = ()
    figures: tuple[Figure, ...] = ()
    charts: tuple[Chart, ...] = ()
    tables: tuple[Table, ...] = ()
    problem: str | None = None


class Fact(msgspec.Struct, frozen=True):
    """A line of the report's head: a name and what it is."""

    name: str
    value: str


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """A whole report; `start` to `end` is what was counted, `before_…` what it is compared with."""

    kind: Literal["daily", "weekly", "monthly"]
    language: Language
    title: str
    subtitle: str
    first: date
    last: date
    start: datetime
    end: datetime
    before_start: datetime
    before_end: datetime
    made_at: datetime
    complete: bool
    facts: tuple[Fact, ...]
    sections: tuple[Section, ...]

    @property
    def headlines(self) -> tuple[Figure, ...]:
        """Return the figures that stand on the first page."""
        return tuple(
            figure for section in self.sections for figure in section.figures if figure.headline
        )


def judge(value: float | None, target: float | None, *, higher: bool) -> Verdict | None:
    """Hold a value against its target: at most, or at least where `higher`."""
    if target is None:
        return None
    if value is None:
        return "unknown"
    return "good" if (value >= target if higher else value <= target) else "bad"
