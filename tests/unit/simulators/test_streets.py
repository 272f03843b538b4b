"""Streets and the ways along them."""

import numpy as np
import pytest

from simulators import naming
from simulators.parts import generator
from simulators.streets import Streets, along, beside, distances, lay_streets, route

CORNER = np.array([[0.0, 0.0], [100.0, 0.0], [100.0, 50.0]])


@pytest.fixture(scope="module")
def streets() -> Streets:
    return lay_streets(generator(1, 1), naming.words(generator(1, 0)))


def test_distances_add_up_along_the_line() -> None:
    assert distances(CORNER).tolist() == [0.0, 100.0, 150.0]


def test_points_along_a_line_are_held_at_its_ends() -> None:
    points = along(CORNER, np.array([-10.0, 30.0, 120.0, 999.0]))

    assert points.tolist() == [[0.0, 0.0], [30.0, 0.0], [100.0, 20.0], [100.0, 50.0]]


def test_left_of_a_street_going_east_is_north() -> None:
    points = beside(CORNER, np.array([50.0, 50.0]), np.array([9.0, -9.0]))

    assert np.allclose(points, [[50.0, 9.0], [50.0, -9.0]])


@pytest.mark.parametrize(
    ("start", "end"),
    [
        pytest.param((-3000, -2000), (2500, 3900), id="up-and-right"),
        pytest.param((2500, 2900), (-3900, -3900), id="down-and-left"),
        pytest.param((10, 10), (12, 12), id="round-the-same-corner"),
    ],
)
def test_a_route_runs_from_start_to_end_over_neighbouring_crossings(
    streets: Streets, start: tuple[float, float], end: tuple[float, float]
) -> None:
    line = route(streets, np.array(start), np.array(end))

    assert tuple(line[0]) == start
    assert tuple(line[-1]) == end
    assert np.diff(distances(line)[1:-1]).max(initial=0.0) < 750  # a block, a little crooked


def test_names_are_used_once_per_round() -> None:
    words = naming.words(generator(1, 0))

    first, second = [[next(words)[0] for _ in range(256)] for _ in range(2)]

    assert len(set(first)) == 256
    assert not set(first) & set(second)
