"""What becomes of a panel's SQL on its way to the database, so that it can be run without Grafana.

In Grafana's order: the browser fills in variables, the server fills in the interval, comments go,
macros are expanded. As Grafana 12.4.3 and its PostgreSQL plugin 13 do it with `timescaledb: true`
(Grafana documentation, "PostgreSQL query editor: Macros"; observed behaviour where that is silent).
The fill argument of `$__timeGroup` is no SQL: Grafana fills rows in afterwards, here nobody does.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Final, NamedTuple

from core.errors import Invalid
from grafana.intervals import interval_text, seconds
from grafana.variables import Value, filled_in

_MACRO: Final = re.compile(r"\$([_a-zA-Z0-9]+)\(([^\)]*)\)")
_APART: Final = re.compile(
    r"""
    '(?:[^']|'')*'                                   # a string
  | "(?:[^"]|"")*"                                   # a name
  | \$(?P<tag>(?:[A-Za-z_]\w*)?)\$.*?\$(?P=tag)\$    # a dollar-quoted string
  | (?P<comment>--[^\n]*|/\*.*?\*/)
    """,
    re.VERBOSE | re.DOTALL,
)


class Asked(NamedTuple):
    """What the screen asks for: a time range, the interval between points, the variables."""

    since: datetime
    until: datetime
    interval_ms: int
    variables: Mapping[str, Value] = {}


def expand(sql: str, asked: Asked) -> str:
    """Return the statement the database gets; Invalid names a macro that Grafana does not know."""
    sql = filled_in(sql, {**_built_in(asked), **asked.variables})
    sql = sql.replace("$__interval_ms", str(asked.interval_ms))
    sql = sql.replace("$__interval", interval_text(asked.interval_ms))
    sql = sql.replace("$__unixEpochFrom()", str(_epoch(asked.since)))
    sql = sql.replace("$__unixEpochTo()", str(_epoch(asked.until)))
    return expand_macros(without_comments(sql), asked)


def without_comments(sql: str) -> str:
    """Take out comments, but not what only looks like one within quotes."""
    return _APART.sub(lambda found: "" if found["comment"] is not None else found[0], sql)


def expand_macros(sql: str, asked: Asked) -> str:
    """Expand `$__…(…)`; an argument list ends at its first closing bracket, whatever is in it."""

    def expanded(found: re.Match[str]) -> str:
        name, arguments = found[1], [each.strip(" ") for each in found[2].split(",")]
        if name == "__timeGroup" and _comma_follows(sql, found[0]):
            name = "__timeGroupAlias"
        if name not in _MACROS:
            raise Invalid(f"Grafana knows no macro {name!r}.")
        return _MACROS[name](asked, arguments)

    return _MACRO.sub(expanded, sql)


def _comma_follows(sql: str, macro: str) -> bool:
    """Say whether a comma stands directly behind the macro, where it is written first."""
    end = sql.index(macro) + len(macro)
    return sql[end : end + 1] == ","


def instant(at: datetime) -> str:
    """Return an instant as Go's RFC 3339 has it: UTC, no trailing zeros in the fraction."""
    whole = at.astimezone(UTC)
    fraction = f".{whole.microsecond:06d}".rstrip("0").rstrip(".")
    return f"{whole:%Y-%m-%dT%H:%M:%S}{fraction}Z"


def _built_in(asked: Asked) -> dict[str, Value]:
    return {
        "__from": round(asked.since.timestamp() * 1000),
        "__to": round(asked.until.timestamp() * 1000),
        "__interval": interval_text(asked.interval_ms),
        "__interval_ms": asked.interval_ms,
        "__timezone": "Asia/Shanghai",
    }


def _epoch(at: datetime) -> int:
    return int(at.timestamp())


def _nanoseconds(at: datetime) -> int:
    return _epoch(at) * 1_000_000_000 + at.microsecond * 1000


def _column(arguments: Sequence[str]) -> str:
    if not arguments[0]:
        raise Invalid("A macro needs the name of a column.")
    return arguments[0]


def _grouped(arguments: Sequence[str]) -> tuple[str, float]:
    if len(arguments) < 2:  # the column and the interval
        raise Invalid("A group by time needs a column and an interval.")
    return _column(arguments), seconds(arguments[1])


def _group(_asked: Asked, arguments: Sequence[str]) -> str:
    column, width_s = _grouped(arguments)
    return f"time_bucket('{width_s:.3f}s',{column})"


def _epoch_group(_asked: Asked, arguments: Sequence[str]) -> str:
    column, width_s = _grouped(arguments)
    return f"floor(({column})/{width_s:.0f})*{width_s:.0f}"


def _filter(asked: Asked, arguments: Sequence[str]) -> str:
    since, until = instant(asked.since), instant(asked.until)
    return f"{_column(arguments)} BETWEEN '{since}' AND '{until}'"


def _epoch_filter(asked: Asked, arguments: Sequence[str]) -> str:
    column = _column(arguments)
    return f"{column} >= {_epoch(asked.since)} AND {column} <= {_epoch(asked.until)}"


def _nano_filter(asked: Asked, arguments: Sequence[str]) -> str:
    column = _column(arguments)
    return f"{column} >= {_nanoseconds(asked.since)} AND {column} <= {_nanoseconds(asked.until)}"


_MACROS: Final[Mapping[str, Callable[[Asked, Sequence[str]], str]]] = {
    "__time": lambda _, arguments: f'{_column(arguments)} AS "time"',
    "__timeEpoch": lambda _, arguments: f'extract(epoch from {_column(arguments)}) as "time"',
    "__timeFilter": _filter,
    "__timeFrom": lambda asked, _: f"'{instant(asked.since)}'",
    "__timeTo": lambda asked, _: f"'{instant(asked.until)}'",
    "__timeGroup": _group,
    "__timeGroupAlias": lambda asked, arguments: f'{_group(asked, arguments)} AS "time"',
    "__unixEpochFilter": _epoch_filter,
    "__unixEpochNanoFilter": _nano_filter,
    "__unixEpochNanoFrom": lambda asked, _: str(_nanoseconds(asked.since)),
    "__unixEpochNanoTo": lambda asked, _: str(_nanoseconds(asked.until)),
    "__unixEpochGroup": _epoch_group,
    "__unixEpochGroupAlias": lambda asked, arguments: f'{_epoch_group(asked, arguments)} AS "time"',
}
