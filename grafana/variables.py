"""What the browser writes for a dashboard's variables: `$name`, `${name:format}`, `[[name]]`."""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Final

from core.errors import Invalid

Value = str | int | float | Sequence[str]
"""A text, a number, or the several texts of a variable with `multi`."""

_REFERENCE: Final = re.compile(
    r"\$(?P<plain>\w+)"
    r"|\[\[(?P<boxed>\w+)(?::(?P<box_format>\w+))?\]\]"
    r"|\$\{(?P<braced>\w+)(?::(?P<format>[^}]+))?\}"
)


def filled_in(sql: str, variables: Mapping[str, Value]) -> str:
    """Write the variables' values into the statement; what is no variable stays as it is."""

    def value(found: re.Match[str]) -> str:
        name = found["plain"] or found["boxed"] or found["braced"]
        if name not in variables:
            return found[0]
        return written(variables[name], found["format"] or found["box_format"])

    return _REFERENCE.sub(value, sql)


def written(value: Value, form: str | None) -> str:
    """Write one value; without a format as the PostgreSQL data source does.

    A text has its apostrophes doubled and gets no quotes; several texts are quoted one by one.
    """
    if form is None:
        return _plain(value)
    if form not in _FORMATS:
        raise Invalid(f"The format {form!r} of a variable is not known here.")
    return _FORMATS[form](value)


def _plain(value: Value) -> str:
    match value:
        case str():
            return _doubled(value)
        case int() | float():
            return str(value)
    return _quoted(value)


def _quoted(value: Value) -> str:
    return ",".join(f"'{_doubled(each)}'" for each in _several(value))


def _several(value: Value) -> list[str]:
    if isinstance(value, str | int | float):
        return [str(value)]
    return list(value)


def _doubled(text: str) -> str:
    return text.replace("'", "''")


def _raw(value: Value) -> str:
    return ",".join(_several(value))


def _date(value: Value) -> str:
    at = datetime.fromtimestamp(int(_raw(value)) / 1000, UTC)
    return f"{at:%Y-%m-%dT%H:%M:%S}.{at.microsecond // 1000:03d}Z"


_FORMATS: Final[Mapping[str, Callable[[Value], str]]] = {
    "raw": _raw,
    "csv": _raw,
    "sqlstring": _quoted,
    "date": _date,
    "date:iso": _date,
    "date:seconds": lambda value: str(int(_raw(value)) // 1000),
}
