"""Geometry on the ground, against an independent way of measuring."""

from math import cos, radians, sin, sqrt
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from alerts.detectors.places import (
    Place,
    PlaceIndex,
    apart_m,
    frame_at,
    ground_of,
    is_within,
    read_lines,
)
from core.errors import Invalid
from devices.model import Site

LON, LAT = 103.62, 36.48
FRAME = frame_at(LON, LAT)

near_city = st.tuples(st.floats(-5_000, 5_000), st.floats(-5_000, 5_000))


def degrees(east_m: float, north_m: float) -> tuple[float, float]:
    return LON + east_m / FRAME.east_m, LAT + north_m / FRAME.north_m


def ring(*corners_m: tuple[float, float]) -> list[list[float]]:
    return [list(degrees(*corner)) for corner in (*corners_m, corners_m[0])]


def square(half_m: float, east_m: float = 0, north_m: float = 0) -> list[list[float]]:
    corners = ((-half_m, -half_m), (half_m, -half_m), (half_m, half_m), (-half_m, half_m))
    return ring(*((east_m + x, north_m + y) for x, y in corners))


def polygon(*rings: list[list[float]]) -> dict[str, Any]:
    return {"type": "Polygon", "coordinates": list(rings)}


def place(geometry: dict[str, Any], name: str = "p") -> Place:
    return Place(name, name, geometry)


def chord_m(one: tuple[float, float], other: tuple[float, float]) -> float:
    """The straight line through the WGS-84 ellipsoid, which over 10 km is as long as the arc."""
    return sqrt(sum((a - b) ** 2 for a, b in zip(_space(*one), _space(*other), strict=True)))


def _space(lon: float, lat: float) -> tuple[float, float, float]:
    axis, squared = 6_378_137.0, 0.00669437999014
    normal = axis / sqrt(1 - squared * sin(radians(lat)) ** 2)
    east, north = radians(lon), radians(lat)
    return (
        normal * cos(north) * cos(east),
        normal * cos(north) * sin(east),
        normal * (1 - squared) * sin(north),
    )


@given(st.floats(73, 135), st.floats(18, 54), st.floats(-0.05, 0.05), st.floats(-0.05, 0.05))
def test_distances_in_china_are_right_to_a_thousandth(
    lon: float, lat: float, east: float, north: float
) -> None:
    true_m = chord_m((lon, lat), (lon + east, lat + north))

    assert apart_m(lon, lat, lon + east, lat + north) == pytest.approx(true_m, rel=1e-3, abs=0.01)


@given(near_city)
def test_the_distance_to_a_square_is_that_of_plane_geometry(point: tuple[float, float]) -> None:
    east, north = abs(point[0]) - 100, abs(point[1]) - 100
    expected = (
        max(east, north) if max(east, north) < 0 else sqrt(max(east, 0) ** 2 + max(north, 0) ** 2)
    )

    assert place(polygon(square(100))).signed_m(*degrees(*point)) == pytest.approx(
        expected, rel=3e-3, abs=0.05
    )


@pytest.mark.parametrize(
    ("point", "metres"),
    [
        pytest.param((0, 0), 40, id="in-the-hole-is-outside"),
        pytest.param((60, 0), -20, id="between-hole-and-fence"),
        pytest.param((100, 0), 0, id="on-the-fence"),
        pytest.param((130, 0), 30, id="beyond-the-fence"),
    ],
)
def test_a_hole_is_not_part_of_a_place(point: tuple[float, float], metres: float) -> None:
    yard = place(polygon(square(100), square(40)))

    assert yard.signed_m(*degrees(*point)) == pytest.approx(metres, abs=0.1)


def test_a_place_may_be_several_polygons() -> None:
    both = place({"type": "MultiPolygon", "coordinates": [[square(50)], [square(50, 1_000)]]})

    inside = [both.signed_m(*degrees(east, 0)) <= 0 for east in (0, 500, 1_000)]

    assert inside == [True, False, True]


def test_a_concave_place_does_not_hold_its_bay() -> None:
    bay = place(polygon(ring((0, 0), (100, 0), (100, 100), (50, 20), (0, 100))))

    assert bay.signed_m(*degrees(50, 60)) > 0
    assert bay.signed_m(*degrees(50, 10)) < 0


def test_which_way_round_a_ring_is_drawn_does_not_matter() -> None:
    drawn, backwards = square(80), square(80)[::-1]
    inside = degrees(10, 10)

    assert place(polygon(drawn)).signed_m(*inside) == pytest.approx(
        place(polygon(backwards)).signed_m(*inside)
    )


@pytest.mark.parametrize(
    "geometry",
    [
        pytest.param({}, id="nothing"),
        pytest.param({"type": "Point", "coordinates": [103, 36]}, id="a-point"),
        pytest.param({"type": "Polygon", "coordinates": []}, id="no-ring"),
        pytest.param({"type": "Polygon", "coordinates": [[]]}, id="an-empty-ring"),
        pytest.param({"type": "Polygon", "coordinates": [[[36, 103], [36, 104]]]}, id="swapped"),
        pytest.param({"type": "Polygon", "coordinates": [["x", "y"]]}, id="words"),
        pytest.param({"type": "MultiPolygon", "coordinates": [[[1, 2]]]}, id="too-shallow"),
    ],
)
def test_what_is_no_area_is_refused(geometry: dict[str, Any]) -> None:
    with pytest.raises(Invalid, match=r"\.$"):
        place(geometry)


def test_a_site_without_a_polygon_is_a_circle_or_nothing() -> None:
    site = Site(site_id="s", kind="dump_site", name="场", district="620171", lon=LON, lat=LAT)

    circle = ground_of(site, 200)

    assert ground_of(site) is None
    assert circle is not None
    assert circle.signed_m(*degrees(0, 150)) == pytest.approx(-50, abs=2)
    assert circle.signed_m(*degrees(260, 0)) == pytest.approx(60, abs=2)


@given(st.lists(near_city, min_size=1, max_size=40), near_city)
def test_the_index_finds_what_looking_at_every_place_finds(
    centres: list[tuple[float, float]], point: tuple[float, float]
) -> None:
    places = [place(polygon(square(90, *centre)), str(n)) for n, centre in enumerate(centres)]
    lon, lat = degrees(*point)
    best = min(each.signed_m(lon, lat) for each in places)

    near = PlaceIndex(places, reach_m=50).closest(lon, lat)

    if best <= 50:
        assert near is not None
        assert near.metres == best
    else:
        assert near is None or near.metres > 50


def test_a_place_as_large_as_a_province_is_found_too() -> None:
    province = polygon([[92, 32], [108, 32], [108, 42], [92, 42], [92, 32]])

    near = PlaceIndex([place(province)], reach_m=50).closest(LON, LAT)

    assert near is not None
    assert near.metres < 0


@given(near_city)
def test_the_distance_to_a_route_is_that_to_its_nearest_piece(point: tuple[float, float]) -> None:
    assume(-1_000 <= point[0] <= 1_000)
    ends = [list(degrees(-1_000, 0)), list(degrees(1_000, 0))]
    route = read_lines({"type": "LineString", "coordinates": ends})

    assert route.distance_m(*degrees(*point)) == pytest.approx(abs(point[1]), rel=3e-3, abs=0.05)


def test_a_route_may_be_several_lines() -> None:
    lines = [[list(degrees(0, y)), list(degrees(500, y))] for y in (0, 300)]
    together = read_lines({"type": "MultiLineString", "coordinates": lines})
    listed = read_lines([{"type": "LineString", "coordinates": line} for line in lines])

    point = degrees(250, 280)

    assert together.distance_m(*point) == pytest.approx(20, abs=0.1)
    assert listed.distance_m(*point) == together.distance_m(*point)


@given(st.lists(near_city, min_size=1, max_size=12), near_city, st.integers(0, 20))
def test_the_piece_found_within_a_distance_does_not_depend_on_where_the_search_starts(
    corners: list[tuple[float, float]], point: tuple[float, float], last: int
) -> None:
    route = read_lines(
        {"type": "LineString", "coordinates": [list(degrees(*each)) for each in corners]}
    )
    away = route.distance_m(*degrees(*point))

    assert route.edge_within(away + 0.001, *degrees(*point), last) is not None
    assert route.edge_within(away - 0.001, *degrees(*point), last) is None


@given(near_city, near_city, st.floats(0, 15_000))
def test_the_cheap_way_to_compare_distances_is_the_dear_one(
    one: tuple[float, float], other: tuple[float, float], metres: float
) -> None:
    points = (*degrees(*one), *degrees(*other))

    assert is_within(metres, *points) is (apart_m(*points) <= metres)


@pytest.mark.parametrize(
    "drawn",
    [None, "far", {"type": "LineString", "coordinates": []}, [], {"type": "Point"}],
)
def test_what_is_no_route_is_refused(drawn: object) -> None:
    with pytest.raises(Invalid, match=r"\.$"):
        read_lines(drawn)
