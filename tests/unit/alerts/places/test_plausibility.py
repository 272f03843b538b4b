"""A receiver that jumps is not believed; a truck that really is elsewhere is, soon."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts.detectors.plausibility import Gate, Track, follow, is_on_earth
from alerts.judging.detecting import Fix
from tests.unit.alerts.places.city import NOW, S, fix

GATE = Gate()


def believed(*fixes: Fix, gate: Gate = GATE) -> list[bool]:
    track: Track | None = None
    answers = []
    for each in fixes:
        track, answer = follow(track, each, gate)
        answers.append(answer)
    return answers


def test_a_truck_that_drives_is_believed_all_the_way() -> None:
    drive = [fix(400 * n, 0, 30 * n) for n in range(10)]  # 48 km/h

    assert believed(*drive) == [True] * 10


def test_the_first_fix_is_believed_at_once() -> None:
    assert believed(fix(0, 0, 0)) == [True]


@given(st.floats(3_000, 100_000), st.floats(-3.1, 3.1))
def test_one_fix_far_away_is_never_believed(metres: float, turn: float) -> None:
    from math import cos, sin

    away = fix(metres * cos(turn), metres * sin(turn), 60)

    assert believed(fix(0, 0, 0), fix(100, 0, 30), away, fix(200, 0, 90)) == [
        True,
        True,
        False,
        True,
    ]


def test_what_two_receivers_in_turn_say_is_believed_of_one_only() -> None:
    flapping = [fix(9_000 * (n % 2), 0, 30 * n) for n in range(6)]

    assert believed(*flapping) == [True, False] * 3


def test_three_fixes_that_agree_are_believed_though_they_are_far_away() -> None:
    moved = [fix(30_000 + 200 * n, 0, 60 + 30 * n) for n in range(4)]

    assert believed(fix(0, 0, 0), fix(0, 0, 30), *moved) == [True, True, False, False, True, True]


def test_fixes_that_jump_about_confirm_nothing() -> None:
    wild = [fix(30_000 * n * (-1) ** n, 0, 30 * n) for n in range(1, 8)]

    assert believed(fix(0, 0, 0), *wild) == [True] + [False] * 7


def test_a_receivers_noise_is_no_speed() -> None:
    assert believed(fix(0, 0, 0), fix(40, 0, 0.1), fix(0, 10, 0.2)) == [True] * 3


def test_a_higher_limit_believes_more() -> None:
    fixes = fix(0, 0, 0), fix(2_000, 0, 30)  # 240 km/h

    assert believed(*fixes) == [True, False]
    assert believed(*fixes, gate=Gate(limit_kmh=260)) == [True, True]


@pytest.mark.parametrize(
    ("lon", "lat"),
    [
        pytest.param(0.0, 0.0, id="no-position"),
        pytest.param(36.48, 119.55, id="latitude-of-a-recorded-project"),
        pytest.param(181.0, 36.0, id="east-of-everything"),
        pytest.param(float("nan"), 36.0, id="not-a-number"),
    ],
)
def test_what_is_not_on_the_earth_is_refused_and_changes_nothing(lon: float, lat: float) -> None:
    track = Track(NOW, 103.62, 36.48)
    nowhere = Fix(NOW + 30 * S, lon, lat)

    assert not is_on_earth(lon, lat)
    assert follow(track, nowhere, GATE) == (track, False)
    assert follow(None, nowhere, GATE) == (None, False)
