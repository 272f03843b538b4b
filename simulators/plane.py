"""The city is laid out in metres (east, north) around one point of WGS-84."""

from typing import NamedTuple

import numpy as np

from simulators.arrays import Floats

ORIGIN_LON = 103.62
"""Degrees east; a plain north of Lanzhou, close to where the project was first wanted."""
ORIGIN_LAT = 36.48
"""Degrees north."""

_METRES_PER_DEGREE = np.pi / 180 * 6_371_008.8  # mean radius of the Earth, IUGG
_SCALE: Floats = np.array([_METRES_PER_DEGREE * np.cos(np.radians(ORIGIN_LAT)), _METRES_PER_DEGREE])
_ORIGIN: Floats = np.array([ORIGIN_LON, ORIGIN_LAT])
_DECIMALS = 6  # of a degree: 0.1 m


class Box(NamedTuple):
    """A rectangle in metres."""

    west: float
    south: float
    east: float
    north: float


def to_degrees(points_m: Floats) -> Floats:
    """Turn (..., 2) metres east and north into (..., 2) longitude and latitude, to 0.1 m.

    An equirectangular plane: over the city's 11 km its error stays below a metre or two.
    """
    return np.round(_ORIGIN + points_m / _SCALE, _DECIMALS)


def to_metres(degrees: Floats) -> Floats:
    """Turn (..., 2) longitude and latitude into (..., 2) metres east and north."""
    return (degrees - _ORIGIN) * _SCALE
