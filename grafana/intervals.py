"""Spans of time as Grafana writes, reads and rounds them."""

import re
from itertools import pairwise
from typing import Final

from core.errors import Invalid

_S, _MIN, _H, _D = 1000, 60_000, 3_600_000, 86_400_000
_LADDER_MS: Final = (
    *(1, 10, 20, 50, 100, 200, 500),
    *(_S, 2 * _S, 5 * _S, 10 * _S, 15 * _S, 20 * _S, 30 * _S),
    *(_MIN, 2 * _MIN, 5 * _MIN, 10 * _MIN, 15 * _MIN, 20 * _MIN, 30 * _MIN),
    *(_H, 2 * _H, 3 * _H, 6 * _H, 12 * _H, _D, 7 * _D, 30 * _D, 365 * _D),
)
_UNTIL_MS: Final = {1: 10, 12 * _H: _D, _D: 7 * _D, 7 * _D: 21 * _D, 30 * _D: 42 * _D}
"""Where a rung does not end half-way to the next one."""
_UNITS_S: Final = {
    "ns": 1e-9,
    "us": 1e-6,
    "µs": 1e-6,
    "ms": 1e-3,
    "s": 1.0,
    "m": 60.0,
    "h": 3600.0,
    "d": 86_400.0,
    "w": 7 * 86_400.0,
}
_NAMES: Final = (("y", 365 * _D), ("d", _D), ("h", _H), ("m", _MIN), ("s", _S), ("ms", 1))
_PART: Final = re.compile(r"(\d+(?:\.\d+)?)(ns|us|µs|ms|s|m|h|d|w)")


def interval_ms(range_ms: float, points: int, *, least_ms: int) -> int:
    """Return `$__interval` in milliseconds: the range over the points, rounded by the ladder.

    `least_ms` is the panel's min interval, else that of the data source, else a minute.
    """
    wanted = range_ms / points
    for rung, following in pairwise(_LADDER_MS):
        if wanted < _UNTIL_MS.get(rung, (rung + following) / 2):
            return max(rung, least_ms)
    return max(_LADDER_MS[-1], least_ms)


def interval_text(milliseconds: int) -> str:
    """Write a span as Grafana does: its largest unit, what is over cut off (90 s: `1m`)."""
    for name, unit_ms in _NAMES:
        if milliseconds >= unit_ms:
            return f"{milliseconds // unit_ms}{name}"
    return "1ms"


def seconds(text: str) -> float:
    """Read a span such as `5m`, `'10s'`, `1m30s`; Invalid if it is none.

    Months and years are refused: Grafana reckons them back from today, so their length varies.
    """
    bare = text.strip("'\"")
    parts = _PART.findall(bare)
    if not parts or "".join(number + unit for number, unit in parts) != bare:
        raise Invalid(f"{text} is no interval such as 5m.")
    return sum(float(number) * _UNITS_S[unit] for number, unit in parts)
