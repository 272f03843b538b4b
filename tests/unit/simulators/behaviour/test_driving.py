"""Trucks on their rounds."""

import numpy as np
import pytest

from simulators.behaviour import driving
from simulators.behaviour.driving import Drive, Rounds, drive, plan_rounds
from simulators.behaviour.noise import mix
from simulators.city import City

ALL = np.arange(60)
START_S = 1_790_000_000.0


@pytest.fixture(scope="module")
def rounds(city: City) -> Rounds:
    return plan_rounds(city.trips, mix(np.arange(60, dtype=np.uint64), 1))


@pytest.fixture(scope="module")
def film(rounds: Rounds) -> list[Drive]:
    """Two hours of all trucks, a picture every ten seconds."""
    return [drive(rounds, ALL, START_S + t) for t in range(0, 7200, 10)]


def column(film: list[Drive], name: str) -> np.ndarray:
    return np.array([getattr(picture, name) for picture in film])


def test_trucks_stay_on_their_own_line(rounds: Rounds, film: list[Drive], city: City) -> None:
    for truck in (0, 30, 59):
        line = city.trips[truck].line
        steps = np.linspace(line[:-1], line[1:], 400).reshape(-1, 2)
        for picture in film[::40]:
            away = np.hypot(*(steps - picture.points[truck]).T).min()
            assert away < 5


def test_the_speed_told_is_the_speed_driven(rounds: Rounds) -> None:
    before, now, after = (drive(rounds, ALL, START_S + t) for t in (-0.05, 0, 0.05))

    driven_kmh = np.hypot(*(after.points - before.points).T) / 0.1 * 3.6
    on_the_way = (before.speed_kmh > 0) & (after.speed_kmh > 0)
    agree = np.abs(driven_kmh - now.speed_kmh)[on_the_way] < 1.5
    assert agree.mean() > 0.95  # round a corner, the chord is shorter than the way


def test_nobody_drives_faster_than_allowed(film: list[Drive]) -> None:
    speed, load = column(film, "speed_kmh"), column(film, "load")

    assert speed[load >= 0.5].max() < 40
    assert speed.max() < 60
    assert speed.min() >= 0


def test_load_is_taken_and_tipped_standing(film: list[Drive]) -> None:
    speed, load = column(film, "speed_kmh"), column(film, "load")
    lifted, uncovered = column(film, "lifted"), column(film, "uncovered")

    assert not speed[(load > 0) & (load < 1)].any()
    assert not speed[lifted].any()
    assert not speed[uncovered].any()
    assert uncovered[lifted].all()


def test_the_box_is_lifted_only_at_the_dump_site(film: list[Drive], city: City) -> None:
    ends = np.array([trip.line[-1] for trip in city.trips])
    points, lifted = column(film, "points"), column(film, "lifted")

    away = np.hypot(*np.moveaxis(points - ends, -1, 0))
    assert lifted.any()
    assert away[lifted].max() < 1


def test_the_mileage_only_goes_up_and_counts_what_was_driven(film: list[Drive]) -> None:
    driven_km, speed = column(film, "driven_km"), column(film, "speed_kmh")

    assert np.diff(driven_km, axis=0).min() >= 0
    assert (driven_km[-1] - driven_km[0]) == pytest.approx(speed.mean(axis=0) * 2, rel=0.05)


def test_the_direction_turns_round_on_the_way_back(rounds: Rounds, film: list[Drive]) -> None:
    points, direction = column(film, "points"), column(film, "direction_deg")
    moved = np.diff(points, axis=0)
    far = np.hypot(*np.moveaxis(moved, -1, 0)) > 60

    driven_deg = np.degrees(np.arctan2(moved[..., 0], moved[..., 1]))
    apart = np.abs((driven_deg - direction[:-1] + 180) % 360 - 180)
    assert np.median(apart[far]) < 5


def test_a_truck_that_lost_its_permit_stands_empty_and_covered_where_it_would_load(
    film: list[Drive], city: City
) -> None:
    banned = [trip.device_id for trip in city.trips if trip.stands]
    permits = [each.attributes for each in city.devices if each.device_id in banned]

    assert banned == ["truck-060"]
    assert [permit["approved_hours"] for permit in permits] == [[]]
    for name in ("speed_kmh", "load", "lifted", "uncovered"):
        assert not column(film, name)[:, 59].any(), name
    assert np.ptp(column(film, "points")[:, 59], axis=0).max() == 0


def test_signals_cover_what_the_terminal_reports(rounds: Rounds) -> None:
    names = set(driving.signals(rounds))

    assert {"lon", "lat", "speed_kmh", "direction_deg", "mileage_km", "load_state"} <= names
