"""The streets: a slightly crooked grid, and the ways trucks take through it."""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from simulators import naming
from simulators.arrays import Floats, Integers

BUILT_UP_M = (8_800.0, 6_250.0)
"""Width and height of the built-up area: 55 km2, the Lanzhou New Area's figure (plan of 2023)."""
_ROWS, _COLUMNS = 13, 17  # streets going east, streets going north: about 520 m apart
_CROOKED_M = 55.0  # how far a crossing stands from where a ruler would put it


class Street(NamedTuple):
    """A street's name and its line in metres."""

    name: str
    line: Floats


class Streets(NamedTuple):
    """All streets; `corners[row, column]` is a crossing, rows from south to north."""

    corners: Floats
    streets: tuple[Street, ...]


def lay_streets(rng: np.random.Generator, names: Iterator[naming.Word]) -> Streets:
    """Draw the grid of streets over the built-up area and name each."""
    corners = _corners(rng)
    roads = [Street(naming.title(next(names), "路", "Road"), line) for line in corners]
    avenues = [
        Street(naming.title(next(names), "大道", "Avenue"), line)
        for line in corners.transpose(1, 0, 2)
    ]
    return Streets(corners, tuple(roads + avenues))


def _corners(rng: np.random.Generator) -> Floats:
    width, height = BUILT_UP_M
    east, north = np.meshgrid(
        np.linspace(-width / 2, width / 2, _COLUMNS), np.linspace(-height / 2, height / 2, _ROWS)
    )
    crossings = np.stack([east, north], axis=-1)
    return crossings + rng.uniform(-_CROOKED_M, _CROOKED_M, crossings.shape)


def distances(line: Floats) -> Floats:
    """Return how many metres along the line each of its points lies, from 0."""
    steps = np.hypot(*np.diff(line, axis=0).T)
    return np.concatenate([[0.0], np.cumsum(steps)])


def along(line: Floats, distance_m: Floats) -> Floats:
    """Return the points at the given distances along the line, held at its ends."""
    marks = distances(line)
    return np.stack(
        [np.interp(distance_m, marks, line[:, axis]) for axis in (0, 1)],
        axis=-1,
    )


def beside(line: Floats, distance_m: Floats, offset_m: Floats) -> Floats:
    """Return points beside the line: a positive offset lies to the left of its direction."""
    ahead = along(line, distance_m + 1.0) - along(line, distance_m - 1.0)
    left = np.stack([-ahead[..., 1], ahead[..., 0]], axis=-1)
    left /= np.hypot(left[..., 0], left[..., 1])[..., np.newaxis]
    return along(line, distance_m) + left * offset_m[..., np.newaxis]


def route(streets: Streets, start: Floats, end: Floats) -> Floats:
    """Return the way from start to end: to the next crossing, one road, one avenue, and in."""
    row, column = _nearest(streets.corners, start)
    end_row, end_column = _nearest(streets.corners, end)
    on_road = streets.corners[row, _span(column, end_column)]
    on_avenue = streets.corners[_span(row, end_row), end_column]
    return np.vstack([start, on_road, on_avenue[1:], end])


def _nearest(corners: Floats, point: Floats) -> tuple[int, int]:
    away = np.hypot(*np.moveaxis(corners - point, -1, 0))
    row, column = np.unravel_index(np.argmin(away), away.shape)
    return int(row), int(column)


def _span(first: int, last: int) -> Integers:
    step = 1 if last >= first else -1
    return np.arange(first, last + step, step)
