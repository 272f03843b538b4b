"""The sun over the city, against the sunrise equation for 36.48 degrees north."""

from datetime import UTC, datetime

import numpy as np
import pytest

from simulators.behaviour.sky import SUNSET_DEG, elevation_deg
from simulators.behaviour.weather import at_local_time, hour_of_day
from simulators.plane import ORIGIN_LAT, ORIGIN_LON


def local_midnight(year: int, month: int, day: int) -> float:
    return datetime(year, month, day, tzinfo=UTC).timestamp() - 8 * 3600


def crossings(day_s: float) -> tuple[float, float]:
    """Return sunrise and sunset, to a minute, of the 24 hours that begin at `day_s`."""
    minutes = day_s + np.arange(0.0, 86_400.0, 60.0)
    is_up = elevation_deg(minutes, ORIGIN_LON, ORIGIN_LAT) > SUNSET_DEG
    change = np.diff(is_up.astype(np.int8))
    return float(minutes[1:][change > 0][0]), float(minutes[1:][change < 0][0])


@pytest.mark.parametrize(
    ("month", "day", "hours"),
    [
        pytest.param(3, 20, 12.14, id="equinox"),
        pytest.param(6, 21, 14.65, id="longest-day"),
        pytest.param(12, 21, 9.67, id="shortest-day"),
    ],
)
def test_days_are_as_long_as_the_sunrise_equation_says(month: int, day: int, hours: float) -> None:
    rise, fall = crossings(local_midnight(2026, month, day))

    assert (fall - rise) / 3600 == pytest.approx(hours, abs=0.04)


def test_solar_noon_comes_an_hour_after_clock_noon_so_far_west() -> None:
    rise, fall = crossings(local_midnight(2026, 4, 15))

    assert hour_of_day((rise + fall) / 2) == pytest.approx(13.09, abs=0.03)


@pytest.mark.parametrize(
    ("month", "day", "height"),
    [
        pytest.param(6, 21, 90 - ORIGIN_LAT + 23.44, id="midsummer"),
        pytest.param(12, 21, 90 - ORIGIN_LAT - 23.44, id="midwinter"),
    ],
)
def test_the_noon_sun_stands_as_high_as_the_latitude_allows(
    month: int, day: int, height: float
) -> None:
    day_s = local_midnight(2026, month, day) + np.arange(0.0, 86_400.0, 60.0)

    assert elevation_deg(day_s, ORIGIN_LON, ORIGIN_LAT).max() == pytest.approx(height, abs=0.02)


def test_a_local_time_is_found_on_the_same_local_day() -> None:
    late_s = local_midnight(2026, 5, 1) + 23 * 3600

    assert at_local_time(late_s, "12:30") == local_midnight(2026, 5, 1) + 12.5 * 3600
