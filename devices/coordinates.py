"""Chinese map coordinates: GCJ-02 and BD-09 to and from WGS-84, in degrees.

GCJ-02 is WGS-84 shifted by a secret of the state; the formula below is the one in public use
(eviltransform, coordtransform), not from a standard. BD-09 is Baidu's shift on top of it.
We keep WGS-84 alone and convert at the edge.
"""

from collections.abc import Callable
from math import atan2, cos, hypot, pi, radians, sin, sqrt
from typing import Final, Literal, NamedTuple

Crs = Literal["WGS84", "GCJ02", "BD09"]
"""The coordinate systems that files and vendors use."""

# Krasovsky 1940, the ellipsoid of the public formula.
_SEMI_MAJOR_M: Final = 6_378_245.0
_ECCENTRICITY_SQUARED: Final = 0.00669342162296594323

_BAIDU_TURN: Final = pi * 3000 / 180  # per degree; Baidu's 2 * pi * (3000 / 360)
_ENOUGH_DEG: Final = 1e-10  # about 0.01 mm
_ROUNDS: Final = 30  # three or four are used


class Point(NamedTuple):
    """A place in degrees, east and north."""

    lon: float
    lat: float


def to_wgs84(crs: Crs, lon: float, lat: float) -> Point:
    """Return the place in WGS-84."""
    match crs:
        case "WGS84":
            return Point(lon, lat)
        case "GCJ02":
            return gcj02_to_wgs84(lon, lat)
        case "BD09":
            return gcj02_to_wgs84(*bd09_to_gcj02(lon, lat))


def from_wgs84(crs: Crs, lon: float, lat: float) -> Point:
    """Return a place of WGS-84 in another system."""
    match crs:
        case "WGS84":
            return Point(lon, lat)
        case "GCJ02":
            return wgs84_to_gcj02(lon, lat)
        case "BD09":
            return gcj02_to_bd09(*wgs84_to_gcj02(lon, lat))


def is_in_china(lon: float, lat: float) -> bool:
    """Say whether GCJ-02 shifts this place; its box is coarse, as in every public version."""
    return 72.004 <= lon <= 137.8347 and 0.8293 <= lat <= 55.8271


def wgs84_to_gcj02(lon: float, lat: float) -> Point:
    """Shift a place in China; leave any other as it is."""
    if not is_in_china(lon, lat):
        return Point(lon, lat)
    east, north = _shift_m(lon - 105, lat - 35)
    swing = 1 - _ECCENTRICITY_SQUARED * sin(radians(lat)) ** 2
    meridian_m = _SEMI_MAJOR_M * (1 - _ECCENTRICITY_SQUARED) / (swing * sqrt(swing))
    parallel_m = _SEMI_MAJOR_M / sqrt(swing) * cos(radians(lat))
    return Point(lon + east / radians(parallel_m), lat + north / radians(meridian_m))


def gcj02_to_wgs84(lon: float, lat: float) -> Point:
    """Undo the shift by coming closer until nothing is left to correct."""
    return _inverse(wgs84_to_gcj02, Point(lon, lat))


def gcj02_to_bd09(lon: float, lat: float) -> Point:
    """Add Baidu's shift, in China."""
    if not is_in_china(lon, lat):
        return Point(lon, lat)
    radius = hypot(lon, lat) + 2e-5 * sin(lat * _BAIDU_TURN)
    angle = atan2(lat, lon) + 3e-6 * cos(lon * _BAIDU_TURN)
    return Point(radius * cos(angle) + 0.0065, radius * sin(angle) + 0.006)


def bd09_to_gcj02(lon: float, lat: float) -> Point:
    """Take Baidu's shift away."""
    return _inverse(gcj02_to_bd09, Point(lon, lat))


def _inverse(forward: Callable[[float, float], Point], goal: Point) -> Point:
    """Return the place that `forward` moves to `goal`."""
    guess = goal
    for _ in range(_ROUNDS):
        reached = forward(*guess)
        missing = Point(goal.lon - reached.lon, goal.lat - reached.lat)
        guess = Point(guess.lon + missing.lon, guess.lat + missing.lat)
        if max(abs(missing.lon), abs(missing.lat)) < _ENOUGH_DEG:
            break
    return guess


def _shift_m(x: float, y: float) -> tuple[float, float]:
    """Return the shift east and north in metres, `x` and `y` degrees from 105 E, 35 N."""
    ripple = 20 * sin(6 * x * pi) + 20 * sin(2 * x * pi)
    east = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * sqrt(abs(x))
    north = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * sqrt(abs(x))
    return (
        east + (ripple + _waves(x, 150, 300)) * 2 / 3,
        north + (ripple + _waves(y, 160, 320)) * 2 / 3,
    )


def _waves(z: float, twelfth: float, thirtieth: float) -> float:
    """Return the waves along one axis, in metres; the arguments are their amplitudes."""
    short = 20 * sin(z * pi) + 40 * sin(z / 3 * pi)
    return short + twelfth * sin(z / 12 * pi) + thirtieth * sin(z / 30 * pi)
