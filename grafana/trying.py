"""Ask the database what a dashboard would ask it, as the role dashboards have."""

import re
import time
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Final, NamedTuple, cast
from zoneinfo import ZoneInfo

import psycopg

from core.errors import Invalid
from grafana.answers import Answer, answer_of
from grafana.intervals import seconds
from grafana.macros import Asked, expand
from grafana.questions import Object, Question, questions, variables
from grafana.variables import Value

_NOW: Final = re.compile(r"now(?:-(?P<ago>\d+[smhdw]))?(?:/(?P<unit>[dh]))?")
_ZONE: Final = ZoneInfo("Asia/Shanghai")
_ALL: Final = "$__all"
_HOPELESS_S: Final = 2.0


class Timed(NamedTuple):
    """An answer, and how many seconds it took until its last row was here."""

    answer: Answer
    seconds: float


class Tried(NamedTuple):
    """A question, the statement it became, and the quickest of several answers.

    `error` is what the database or the expansion said instead, in one line.
    """

    question: Question
    sql: str
    best: Timed
    error: str | None = None


def connect(url: str) -> psycopg.Connection:
    """Connect as Grafana does: the role's own settings hold, statements are never prepared."""
    return psycopg.connect(url, autocommit=True, prepare_threshold=None)


def ask(conn: psycopg.Connection, sql: str) -> Timed:
    """Send one statement by the simple protocol, as Grafana's plugin does."""
    began = time.perf_counter()
    answer = answer_of(conn.execute(sql))
    return Timed(answer, time.perf_counter() - began)


def statement(question: Question, values: Mapping[str, Value], now: datetime) -> str:
    """Return what the database gets for a question at this moment."""
    since, until = (instant(each, now) for each in (question.since, question.until))
    interval = question.interval_ms((until - since) / timedelta(milliseconds=1))
    return expand(question.sql, Asked(since, until, interval, values))


def try_dashboard(
    conn: psycopg.Connection,
    dashboard: Object,
    now: datetime,
    values: Mapping[str, Value] | None = None,
    *,
    times: int = 1,
) -> list[Tried]:
    """Ask everything, with the dashboard's defaults if no values are given; the best answer counts.

    `now` is when the screen is looked at; each question is asked `times` times.
    """
    values = defaults(conn, dashboard, now) if values is None else values
    return [_try(conn, each, values, now, times) for each in questions(dashboard)]


def _try(
    conn: psycopg.Connection,
    question: Question,
    values: Mapping[str, Value],
    now: datetime,
    times: int,
) -> Tried:
    sql = question.sql
    began = time.perf_counter()
    try:
        sql = statement(question, values, now)
        answers = _answers(conn, sql, times)
    except (Invalid, psycopg.Error) as error:
        nothing = Timed(Answer((), ()), time.perf_counter() - began)
        return Tried(question, sql, nothing, str(error).split("\n")[0])
    return Tried(question, sql, min(answers, key=lambda timed: timed.seconds))


def _answers(conn: psycopg.Connection, sql: str, times: int) -> list[Timed]:
    """Ask so many times; what is far too slow is not asked again."""
    answers = [ask(conn, sql)]
    while len(answers) < times and answers[-1].seconds < _HOPELESS_S:
        answers.append(ask(conn, sql))
    return answers


def defaults(conn: psycopg.Connection, dashboard: Object, now: datetime) -> dict[str, Value]:
    """Return the variables' values when the dashboard is opened."""
    asking = {each.title: each for each in questions(dashboard) if each.part == "variable"}
    values: dict[str, Value] = {}
    for variable in variables(dashboard):
        name = variable["name"]
        values[name] = (variable.get("current") or {}).get("value", "")
        if name in asking:
            answer = ask(conn, statement(asking[name], values, now)).answer
            values[name] = _chosen(variable, _options(answer))
    return values


def several(
    conn: psycopg.Connection, dashboard: Object, now: datetime, awkward: Sequence[str]
) -> dict[str, Value]:
    """Return the defaults, but awkward texts chosen in variables that take several."""
    values = defaults(conn, dashboard, now)
    for variable in variables(dashboard):
        if variable.get("multi"):
            values[variable["name"]] = [*awkward]
    return values


def _options(answer: Answer) -> list[str]:
    column = "__value" if "__value" in answer.names else answer.names[0]
    return [str(each) for each in answer.column(column)]


def _chosen(variable: Object, options: Sequence[str]) -> Value:
    current: Any = (variable.get("current") or {}).get("value", "")
    if _ALL in (current if isinstance(current, list) else [current]):
        whole: Any = variable.get("allValue")
        return str(whole) if whole else options
    if current in ("", [], [""]):
        return options[:1] if variable.get("multi") else "".join(options[:1])
    return cast("Value", current)


def instant(text: str, now: datetime) -> datetime:
    """Read an end of a time range, such as `now-6h` or `now/d` (a day begins in the city)."""
    found = _NOW.fullmatch(text)
    if found is None:
        raise Invalid(f"{text!r} is no time such as now-6h.")
    at = now - timedelta(seconds=seconds(found["ago"])) if found["ago"] else now
    if found["unit"] == "d":
        local = at.astimezone(_ZONE)
        return local.replace(hour=0, minute=0, second=0, microsecond=0).astimezone(UTC)
    return at.replace(minute=0, second=0, microsecond=0) if found["unit"] == "h" else at
