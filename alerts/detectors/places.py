"""Places on the ground: is a point inside, how far is it from an edge or a line, in metres.

All in WGS-84 degrees, longitude first (RFC 7946). Distances are taken on a flat map around each
place: within 10 km of it they are right to 0.3 %. No place may cross the 180th meridian.
"""

from collections.abc import Iterable, Mapping, Sequence
from itertools import chain, pairwise
from math import cos, floor, hypot, inf, pi, radians, sin, sqrt
from typing import Any, Final, NamedTuple

from core.errors import Invalid
from devices.model import Site

_CELL_DEG: Final = 0.01  # about 1 km: a city's places are smaller, its trucks are elsewhere
_CORNERS: Final = 32  # of a circle: half a percent too small at worst
_MOST_M: Final = 111_700.0  # no degree on the earth is longer
_MOST_CELLS: Final = 4_096  # what covers more than this is looked at for every fix

_Edge = tuple[float, float, float, float, float]
"""From x, y by dx, dy, in metres of the frame; then 1 / length squared, 0 for no length."""


class Frame(NamedTuple):
    """A flat map around one point: metres per degree there."""

    lon: float
    lat: float
    east_m: float
    north_m: float


class Box(NamedTuple):
    """A rectangle in degrees."""

    west: float
    south: float
    east: float
    north: float


def frame_at(lon: float, lat: float) -> Frame:
    """Return the flat map around a point, after the usual series of the WGS-84 ellipsoid."""
    turn = radians(lat)
    north_m = 111_132.954 - 559.822 * cos(2 * turn) + 1.175 * cos(4 * turn)
    east_m = 111_412.84 * cos(turn) - 93.5 * cos(3 * turn) + 0.118 * cos(5 * turn)
    return Frame(lon, lat, east_m, north_m)


def apart_m(lon: float, lat: float, other_lon: float, other_lat: float) -> float:
    """Return the distance of two points in metres; far apart, where nobody asks, it is rough."""
    *_, east_m, north_m = frame_at(lon, (lat + other_lat) / 2)
    return hypot((other_lon - lon) * east_m, (other_lat - lat) * north_m)


def is_within(metres: float, lon: float, lat: float, other_lon: float, other_lat: float) -> bool:
    """Say whether two points are no farther apart; cheap where they are clearly closer."""
    if (abs(other_lon - lon) + abs(other_lat - lat)) * _MOST_M <= metres:
        return True
    return apart_m(lon, lat, other_lon, other_lat) <= metres


class Line:
    """A polyline, such as the route a truck may take."""

    def __init__(self, lines: Sequence[Sequence[Sequence[float]]]) -> None:
        """Prepare one or more lines of at least one point each; Invalid if there is none."""
        points = [point for line in lines for point in line]
        if not points:
            raise Invalid("A line needs points.")
        self._frame = _middle(_box(points))
        self._edges = [edge for line in lines for edge in _edges(line, self._frame)]

    def distance_m(self, lon: float, lat: float) -> float:
        """Return how far the point is from the nearest piece of the line."""
        return sqrt(_nearest(self._edges, *_metres(self._frame, lon, lat)))

    def edge_within(self, metres: float, lon: float, lat: float, last: int) -> int | None:
        """Return a piece of the line no farther away than that; the search starts at `last`."""
        x, y = _metres(self._frame, lon, lat)
        edges, square = self._edges, metres * abs(metres)
        start = max(0, min(last, len(edges)) - 1)
        for number in chain(range(start, len(edges)), range(start)):
            if _nearest((edges[number],), x, y) <= square:
                return number
        return None


class Place:
    """A polygon, or several, with holes: a site's ground or an area of a rule."""

    def __init__(self, place_id: str, name: str, geometry: Mapping[str, Any]) -> None:
        """Prepare a GeoJSON Polygon or MultiPolygon; Invalid where it is neither."""
        self.place_id = place_id
        self.name = name
        polygons = _polygons(geometry)
        self.box = _box([point for rings in polygons for ring in rings for point in ring])
        self._frame = _middle(self.box)
        self._polygons = [
            [edge for ring in rings for edge in _edges([*ring, ring[0]], self._frame)]
            for rings in polygons
        ]

    def signed_m(self, lon: float, lat: float) -> float:
        """Return the distance to the edge in metres: negative inside, 0 on it, positive outside."""
        x, y = _metres(self._frame, lon, lat)
        return min(_signed(edges, x, y) for edges in self._polygons)

    def reaches(self, margin_m: float) -> Box:
        """Return the box of all that is no farther away than `margin_m`."""
        (west, south, east, north), frame = self.box, self._frame
        lon, lat = margin_m / frame.east_m, margin_m / frame.north_m
        return Box(west - lon, south - lat, east + lon, north + lat)


class Near(NamedTuple):
    """The closest place and how far its edge is, negative inside."""

    metres: float
    place: Place


class PlaceIndex:
    """Finds the place around a point without looking at all of them."""

    def __init__(self, places: Iterable[Place], reach_m: float) -> None:
        """Sort the places into a grid; nothing farther away than `reach_m` is ever found."""
        self._cells: dict[tuple[int, int], list[tuple[Box, Place]]] = {}
        self._wide: list[tuple[Box, Place]] = []
        for place in places:
            self._add(place.reaches(reach_m), place)

    def _add(self, box: Box, place: Place) -> None:
        west, south = _cell(box.west, box.south)
        east, north = _cell(box.east, box.north)
        if (east - west + 1) * (north - south + 1) > _MOST_CELLS:
            self._wide.append((box, place))
            return
        for column in range(west, east + 1):
            for row in range(south, north + 1):
                self._cells.setdefault((column, row), []).append((box, place))

    def closest(self, lon: float, lat: float) -> Near | None:
        """Return the place whose edge is deepest around the point, or nearest to it."""
        found: Near | None = None
        candidates = self._cells.get(_cell(lon, lat), _NOBODY)
        for (west, south, east, north), place in (
            (*candidates, *self._wide) if self._wide else candidates
        ):
            if west <= lon <= east and south <= lat <= north:
                metres = place.signed_m(lon, lat)
                if found is None or metres < found.metres:
                    found = Near(metres, place)
        return found


_NOBODY: Final[list[tuple[Box, Place]]] = []


def ground_of(site: Site, radius_m: float = 0.0) -> Place | None:
    """Return the site's ground: its polygon, else a circle around it, else None for no radius."""
    try:
        return Place(site.site_id, site.name, site.geometry or {})
    except Invalid:
        if radius_m <= 0:
            return None
    return Place(site.site_id, site.name, _circle(site.lon, site.lat, radius_m))


def _circle(lon: float, lat: float, radius_m: float) -> dict[str, Any]:
    *_, east_m, north_m = frame_at(lon, lat)
    turns = [2 * pi * corner / _CORNERS for corner in range(_CORNERS)]
    ring = [
        [lon + radius_m * sin(turn) / east_m, lat + radius_m * cos(turn) / north_m]
        for turn in turns
    ]
    return {"type": "Polygon", "coordinates": [[*ring, ring[0]]]}


def read_lines(geometry: object) -> Line:
    """Prepare a GeoJSON LineString or MultiLineString, or a list of them; Invalid otherwise."""
    lines: list[Sequence[Sequence[float]]] = []
    for each in geometry if isinstance(geometry, list) else [geometry]:
        match each:
            case {"type": "LineString", "coordinates": [_, *_] as line}:
                lines.append(line)
            case {"type": "MultiLineString", "coordinates": [_, *_] as several}:
                lines += several
            case _:
                raise Invalid("A route is a GeoJSON LineString or MultiLineString.")
    _check(lines)
    return Line(lines)


def _polygons(geometry: Mapping[str, Any]) -> list[list[list[Sequence[float]]]]:
    match geometry:
        case {"type": "Polygon", "coordinates": [_, *_] as rings}:
            polygons = [rings]
        case {"type": "MultiPolygon", "coordinates": [_, *_] as several}:
            polygons = several
        case _:
            raise Invalid("An area is a GeoJSON Polygon or MultiPolygon.")
    for rings in polygons:
        _check(rings)
    return polygons


def _check(lines: Sequence[Sequence[Sequence[float]]]) -> None:
    try:
        sound = all(
            line and all(-180 <= point[0] <= 180 and -90 <= point[1] <= 90 for point in line)
            for line in lines
        )
    except (TypeError, IndexError, KeyError):
        sound = False
    if not (sound and lines):
        raise Invalid("Coordinates are lists of longitude and latitude in degrees.")


def _box(points: Sequence[Sequence[float]]) -> Box:
    lons, lats = [point[0] for point in points], [point[1] for point in points]
    return Box(min(lons), min(lats), max(lons), max(lats))


def _middle(box: Box) -> Frame:
    return frame_at((box.west + box.east) / 2, (box.south + box.north) / 2)


def _metres(frame: Frame, lon: float, lat: float) -> tuple[float, float]:
    return (lon - frame.lon) * frame.east_m, (lat - frame.lat) * frame.north_m


def _edges(points: Sequence[Sequence[float]], frame: Frame) -> list[_Edge]:
    flat = [_metres(frame, point[0], point[1]) for point in points]
    if len(flat) == 1:
        return [(*flat[0], 0.0, 0.0, 0.0)]
    edges = []
    for (x, y), (to_x, to_y) in pairwise(flat):
        square = (to_x - x) ** 2 + (to_y - y) ** 2
        edges.append((x, y, to_x - x, to_y - y, 1 / square if square else 0.0))
    return edges


def _nearest(edges: Sequence[_Edge], x: float, y: float) -> float:
    """Return the square of the distance to the nearest edge."""
    best = inf
    for from_x, from_y, dx, dy, inverse in edges:
        east, north = x - from_x, y - from_y
        share = (east * dx + north * dy) * inverse
        if share > 0:
            if share > 1:
                share = 1.0
            east -= share * dx
            north -= share * dy
        square = east * east + north * north
        if square < best:  # noqa: PLR1730 - a call for every edge costs more than the edge
            best = square
    return best


def _signed(edges: list[_Edge], x: float, y: float) -> float:
    inside = False
    for from_x, from_y, dx, dy, _ in edges:
        if (from_y > y) != (from_y + dy > y) and x < from_x + (y - from_y) * dx / dy:
            inside = not inside
    away = sqrt(_nearest(edges, x, y))
    return -away if inside else away


def _cell(lon: float, lat: float) -> tuple[int, int]:
    return floor(lon / _CELL_DEG), floor(lat / _CELL_DEG)
