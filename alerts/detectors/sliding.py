"""The recent past of one metric, thinned out: at most a dozen values stand for the whole window."""

from statistics import median
from typing import Final, NamedTuple

KEPT: Final = 12
"""How many values stand for a window; between two of them lies a twelfth of it at least."""


class Past(NamedTuple):
    """Values and their instants, the oldest first."""

    at_us: tuple[int, ...] = ()
    values: tuple[float, ...] = ()


NO_PAST: Final = Past()


def slid(past: Past, value: float, observed_us: int, window_us: int) -> Past:
    """Return the past with one more value, and without what lies before the window."""
    at_us, values = past
    first, since_us = 0, observed_us - window_us
    while first < len(at_us) and at_us[first] < since_us:
        first += 1
    return Past((*at_us[first:], observed_us), (*values[first:], value))


def slope_per_us(past: Past) -> float:
    """Return the median slope of all pairs (Theil and Sen): three in ten values may be wrong."""
    points = list(zip(past.at_us, past.values, strict=True))
    return median(
        (later[1] - earlier[1]) / (later[0] - earlier[0])
        for number, earlier in enumerate(points)
        for later in points[number + 1 :]
    )


def cannot_reach(past: Past, per_us: float, window_us: int) -> bool:
    """Say, at little cost, that the slope is flatter than `per_us` either way.

    If half of all pairs were as steep, one of them would lie more than a quarter of the values
    apart, and span more than the values do.
    """
    apart_us = (len(past.values) // 4 + 1) * (window_us // KEPT)
    return max(past.values) - min(past.values) < per_us * apart_us


def difference(past: Past) -> float:
    """Return how far the last values lie from the first: medians of three, so no single one."""
    return median(past.values[-3:]) - median(past.values[:3])
