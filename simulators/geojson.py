"""Geometry as GeoJSON (RFC 7946): WGS-84, longitude first, rings counter-clockwise."""

import numpy as np

from simulators import plane
from simulators.arrays import Floats

Object = dict[str, object]


def rectangle(box: plane.Box) -> Object:
    """Return a rectangle in metres as a polygon."""
    ring = [
        (box.west, box.south),
        (box.east, box.south),
        (box.east, box.north),
        (box.west, box.north),
        (box.west, box.south),
    ]
    return {"type": "Polygon", "coordinates": [plane.to_degrees(np.array(ring)).tolist()]}


def line(points_m: Floats) -> Object:
    """Return points in metres as a line."""
    return {"type": "LineString", "coordinates": plane.to_degrees(points_m).tolist()}


def point(lon: float, lat: float) -> Object:
    """Return one place."""
    return {"type": "Point", "coordinates": [lon, lat]}
