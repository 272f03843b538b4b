"""Water for fire-fighting: pressure falls when the town draws water, tanks stand nearly full."""

from collections.abc import Mapping

from simulators.arrays import Floats
from simulators.behaviour.hardware import battery_pct, rssi_dbm
from simulators.behaviour.moment import Moment, Signal, Traits
from simulators.behaviour.noise import drift, uniform

_NOISE_MPA = 0.004


def hydrant_mpa(moment: Moment, traits: Traits) -> Floats:
    """Return a municipal hydrant's pressure: static head less a loss with the square of demand.

    Stays well above the 0.14 MPa of GB 55036-2022 clause 3.0.3 (secondary source).
    """
    head = 0.30 + 0.08 * uniform(traits.seeds, 41)
    noise = _NOISE_MPA * drift(traits.seeds, moment.t_s, 30.0)
    return head - 0.06 * moment.activity**2 + noise


def pipe_mpa(moment: Moment, traits: Traits) -> Floats:
    """Return the pressure of a building's own fire main: held by a stabilising pump."""
    head = 0.45 + 0.12 * uniform(traits.seeds, 42)
    return head + 0.012 * drift(traits.seeds, moment.t_s, 900.0)


def level_m(moment: Moment, traits: Traits) -> Floats:
    """Return a fire tank's level: evaporates a little, is topped up by a float valve."""
    full = 2.4 + 1.2 * uniform(traits.seeds, 43)
    return full - 0.06 * ((moment.t_s / 86_400 + uniform(traits.seeds, 44)) % 1.0)


def water_c(moment: Moment, traits: Traits) -> Floats:
    """Return the temperature at a sensor in a pit or plant room: the season's, never freezing."""
    wander = 0.4 * drift(traits.seeds, moment.t_s, 3600.0)
    return max(5.0, 9 + 0.3 * moment.outdoor_c) + wander


HYDRANT: Mapping[str, Signal] = {
    "pressure_mpa": hydrant_mpa,
    "temperature_c": water_c,
    "battery_pct": battery_pct,
    "rssi_dbm": rssi_dbm,
}
PIPE: Mapping[str, Signal] = {**HYDRANT, "pressure_mpa": pipe_mpa}
TANK: Mapping[str, Signal] = {
    "level_m": level_m,
    "temperature_c": water_c,
    "battery_pct": battery_pct,
    "rssi_dbm": rssi_dbm,
}
