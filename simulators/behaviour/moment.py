"""What a signal may look at: the moment, and the lasting traits of the devices that report."""

from collections.abc import Callable
from typing import NamedTuple

from simulators.arrays import Floats, Integers, Seeds
from simulators.behaviour import sky, weather
from simulators.plane import ORIGIN_LAT, ORIGIN_LON


class Moment(NamedTuple):
    """One second of the city: its Unix time and what all devices share."""

    t_s: float
    hour: float  # local, 0 to 24
    activity: float  # of the town, 0 to 1
    outdoor_c: float
    humidity_percent: float
    sun_deg: float  # above the horizon


class Traits(NamedTuple):
    """What tells devices of one kind apart, one row each."""

    rows: Integers  # which devices of the kind
    seeds: Seeds
    rated_power_w: Floats


Signal = Callable[[Moment, Traits], Floats]
"""What one metric reads at a moment, one value per row of traits."""


def moment_at(t_s: float) -> Moment:
    """Look at the city at one Unix second."""
    hour = weather.hour_of_day(t_s)
    return Moment(
        t_s,
        hour,
        float(weather.activity(hour)),
        weather.outdoor_c(t_s),
        weather.humidity_percent(t_s),
        float(sky.elevation_deg(t_s, ORIGIN_LON, ORIGIN_LAT)),
    )


def take(traits: Traits, rows: Integers) -> Traits:
    """Return the traits of some rows."""
    return Traits(traits.rows[rows], traits.seeds[rows], traits.rated_power_w[rows])
