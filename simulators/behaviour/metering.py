"""Meters of water, gas and heat where a quarter is supplied."""

from collections.abc import Mapping

import numpy as np

from simulators.arrays import Floats
from simulators.behaviour import water
from simulators.behaviour.hardware import battery_pct, counted
from simulators.behaviour.moment import Moment, Signal, Traits
from simulators.behaviour.noise import drift, uniform

_HEATING_BELOW_C = 12.0  # outside
_WATER_WH_PER_M3_K = 1163.0  # heat that a cubic metre of water gives off per kelvin


def _size(traits: Traits) -> Floats:
    return 0.6 + 0.8 * uniform(traits.seeds, 61)


def water_m3_h(moment: Moment, traits: Traits) -> Floats:
    """Return the water a quarter draws."""
    return _size(traits) * (12 + 90 * moment.activity + 3 * drift(traits.seeds, moment.t_s, 60.0))


def gas_m3_h(moment: Moment, traits: Traits) -> Floats:
    """Return the gas a quarter burns: cooking, and heating when it is cold."""
    return _size(traits) * (20 + 110 * moment.activity + 6 * cold_k(moment))


def cold_k(moment: Moment) -> float:
    """Return by how many kelvin it is too cold to go without heating."""
    return max(0.0, _HEATING_BELOW_C - moment.outdoor_c)


def heat_m3_h(_moment: Moment, traits: Traits) -> Floats:
    """Return the water that circulates in the heat network, all year."""
    return 60 * _size(traits)


def supply_c(moment: Moment, traits: Traits) -> Floats:
    """Return the temperature of the water that comes: a heating curve."""
    return 32 + 1.3 * cold_k(moment) + 0.6 * drift(traits.seeds, moment.t_s, 1200.0)


def return_c(moment: Moment, traits: Traits) -> Floats:
    """Return the temperature of the water that goes back."""
    return supply_c(moment, traits) - 1.5 - 0.55 * cold_k(moment)


def heat_power_kw(moment: Moment, traits: Traits) -> Floats:
    """Return the heat that stays in the quarter."""
    spread = supply_c(moment, traits) - return_c(moment, traits)
    return heat_m3_h(moment, traits) * spread * _WATER_WH_PER_M3_K / 1000


def _gas_kpa(moment: Moment, traits: Traits) -> Floats:
    return 210 - 18 * moment.activity + 2 * drift(traits.seeds, moment.t_s, 120.0)


def _heat_mpa(moment: Moment, traits: Traits) -> Floats:
    return 0.6 + 0.01 * drift(traits.seeds, moment.t_s, 600.0)


def _gas_c(moment: Moment, traits: Traits) -> Floats:
    return np.full(len(traits.seeds), 6 + 0.5 * moment.outdoor_c)


def _counter(per_hour: float) -> Signal:
    return lambda moment, traits: counted(moment, per_hour * _size(traits))


WATER: Mapping[str, Signal] = {
    "volume_m3": _counter(45.0),
    "flow_m3_h": water_m3_h,
    "pressure_mpa": water.hydrant_mpa,
    "temperature_c": water.water_c,
    "battery_pct": battery_pct,
}
GAS: Mapping[str, Signal] = {
    "volume_m3": _counter(80.0),
    "flow_m3_h": gas_m3_h,
    "gas_pressure_kpa": _gas_kpa,
    "temperature_c": _gas_c,
    "battery_pct": battery_pct,
}
HEAT: Mapping[str, Signal] = {
    "heat_kwh": _counter(300.0),
    "heat_power_kw": heat_power_kw,
    "flow_m3_h": heat_m3_h,
    "supply_temperature_c": supply_c,
    "return_temperature_c": return_c,
    "pressure_mpa": _heat_mpa,
}
