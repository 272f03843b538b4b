"""What is wrong with the rows a question got, by the rules of Grafana's PostgreSQL data source."""

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Any, Final, NamedTuple

import psycopg

from grafana.questions import Question

MOST_ROWS: Final = {"time_series": 20_000, "geomap": 5_000, "table": 2_000}
"""More than these nobody can read, and a browser on a wall should not hold them."""

_NUMBERS: Final = frozenset({"int2", "int4", "int8", "float4", "float8", "numeric"})
_TEXTS: Final = frozenset({"text", "varchar", "bpchar", "name"})
_INSTANTS: Final = frozenset({"timestamptz", "timestamp", "date"})


class Answer(NamedTuple):
    """Columns with their types, and rows."""

    columns: Sequence[tuple[str, str]]
    rows: Sequence[tuple[Any, ...]]

    @property
    def names(self) -> list[str]:
        """Return what the columns are called."""
        return [name for name, _ in self.columns]

    def column(self, name: str) -> list[Any]:
        """Return one column's values."""
        place = self.names.index(name)
        return [row[place] for row in self.rows]


def answer_of(cursor: psycopg.Cursor[tuple[Any, ...]]) -> Answer:
    """Read what a statement answered."""
    known = cursor.connection.adapters.types
    found = [(each.name, known.get(each.type_code)) for each in cursor.description or ()]
    columns = [(name, kind.name if kind else "unknown") for name, kind in found]
    return Answer(columns, cursor.fetchall())


def complaints(question: Question, answer: Answer) -> Iterator[str]:
    """Say in sentences what Grafana could not show, or what nobody should have to look at."""
    names = answer.names
    if len(set(names)) < len(names):
        yield f"Two columns have the same name: {', '.join(names)}."
    limit = MOST_ROWS.get(question.panel.get("type", ""), MOST_ROWS.get(question.form, 2_000))
    if len(answer.rows) > limit:
        yield f"{len(answer.rows)} rows are more than {limit}."
    if question.form == "time_series":
        yield from _as_series(answer)
    if question.part == "annotation" and "time" not in names:
        yield "An annotation needs a column time."


def _as_series(answer: Answer) -> Iterator[str]:
    types = dict(answer.columns)
    if "time" not in types:
        yield "There is no column time."
        return
    if types["time"] not in _INSTANTS | _NUMBERS:
        yield f"The column time is {types['time']}."
    times = answer.column("time")
    if None in times:
        yield "A time is null."
    elif any(later < earlier for earlier, later in pairwise(times)):
        yield "The rows are not in the order of time."
    values = {name: kind for name, kind in answer.columns if name != "time"}
    if not any(kind in _NUMBERS for kind in values.values()):
        yield "There is no column of numbers."
    for name, kind in values.items():
        if kind not in _NUMBERS | _TEXTS:
            yield f"The column {name} is {kind}: neither a number nor a label."


def missing_columns(wanted: set[str], answers: Sequence[tuple[Question, Answer]]) -> set[str]:
    """Return the columns a panel speaks of that none of its answers has.

    Series are called by their labels; what they are called is seen only where there are some.
    """
    present: set[str] = set()
    for question, answer in answers:
        labels = [name for name, kind in answer.columns if kind in _TEXTS]
        if question.form == "time_series" and labels:
            return set()
        present.update(answer.names)
    return wanted - present
