"""Detectors inside buildings: smoke, heat, gas, doors; quiet unless something happens."""

from collections.abc import Mapping

from simulators.arrays import Floats
from simulators.behaviour.hardware import battery_pct, constant, rssi_dbm
from simulators.behaviour.moment import Moment, Signal, Traits
from simulators.behaviour.noise import drift, uniform


def room_c(moment: Moment, traits: Traits) -> Floats:
    """Return the room's temperature: heated, a little of the weather, warmer when people are in."""
    own = 20 + 3 * uniform(traits.seeds, 21)
    weather = 0.12 * (moment.outdoor_c - 15)
    return own + weather + 1.5 * moment.activity + 0.5 * drift(traits.seeds, moment.t_s, 1800.0)


def humidity_pct(moment: Moment, traits: Traits) -> Floats:
    """Return the room's relative humidity: drier than outside in the heated months."""
    own = 10 * uniform(traits.seeds, 22)
    return 20 + 0.4 * moment.humidity_percent + own + 2 * drift(traits.seeds, moment.t_s, 2400.0)


def smoke_db_m(moment: Moment, traits: Traits) -> Floats:
    """Return the obscuration of clean air with some dust: far below 0.05 dB/m."""
    return 0.008 + 0.004 * uniform(traits.seeds, 23) + 0.004 * drift(traits.seeds, moment.t_s, 90.0)


def contamination_pct(moment: Moment, traits: Traits) -> Floats:
    """Return the dirt in the chamber: it grows over a year until somebody cleans it."""
    return 5 + 35 * ((moment.t_s / (365.25 * 86_400) + uniform(traits.seeds, 24)) % 1.0)


def gas_lel_pct(moment: Moment, traits: Traits) -> Floats:
    """Return the gas of a well-aired kitchen: a whiff when it is busy."""
    return 0.4 + 0.8 * moment.activity + 0.4 * drift(traits.seeds, moment.t_s, 60.0)


SMOKE: Mapping[str, Signal] = {
    "smoke_db_m": smoke_db_m,
    "contamination_pct": contamination_pct,
    "temperature_c": room_c,
    "humidity_pct": humidity_pct,
    "battery_pct": battery_pct,
    "rssi_dbm": rssi_dbm,
}
HEAT: Mapping[str, Signal] = {
    "temperature_c": room_c,
    "battery_pct": battery_pct,
    "rssi_dbm": rssi_dbm,
}
GAS: Mapping[str, Signal] = {
    "gas_lel_pct": gas_lel_pct,
    "temperature_c": room_c,
    "rssi_dbm": rssi_dbm,
}
DOOR: Mapping[str, Signal] = {
    "door_state": constant(0.0),
    "battery_pct": battery_pct,
    "rssi_dbm": rssi_dbm,
}
