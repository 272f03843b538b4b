"""GeoJSON geometries (RFC 7946, section 3.1), checked and moved between coordinate systems."""

from collections.abc import Callable
from math import isfinite
from typing import Any, Final

from core.errors import Invalid
from devices.coordinates import Point

Move = Callable[[float, float], Point]

_DEPTHS: Final = {
    "Point": 0,
    "MultiPoint": 1,
    "LineString": 1,
    "MultiLineString": 2,
    "Polygon": 2,
    "MultiPolygon": 3,
}
"""How many lists each type wraps around its positions."""


def moved(geometry: dict[str, Any], move: Move) -> dict[str, Any]:
    """Return the geometry with every position moved; Invalid if it is no GeoJSON geometry."""
    depth = _DEPTHS.get(geometry.get("type", ""))
    if depth is None:
        raise Invalid(f"A geometry is one of {', '.join(_DEPTHS)}.", code="geometry")
    return {
        "type": geometry["type"],
        "coordinates": _nested(geometry.get("coordinates"), depth, move),
    }


def _nested(coordinates: object, depth: int, move: Move) -> list[Any]:
    if not isinstance(coordinates, list) or not coordinates:
        raise Invalid("The coordinates of a geometry are lists of positions.", code="geometry")
    if depth:
        return [_nested(inner, depth - 1, move) for inner in coordinates]
    return _position(coordinates, move)


def _position(numbers: list[Any], move: Move) -> list[float]:
    """Move one position; a height after longitude and latitude stays as it is."""
    if len(numbers) not in (2, 3) or not all(map(_is_number, numbers)):
        raise Invalid("A position is [longitude, latitude] in degrees.", code="geometry")
    lon, lat, *height = numbers
    if not (-180 <= lon <= 180 and -90 <= lat <= 90):
        raise Invalid(f"The position [{lon}, {lat}] is not on the earth.", code="geometry")
    return [*move(lon, lat), *height]


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and isfinite(value)
