"""Mains, loads and what they warm: voltage sags under load, cables and leakage follow it."""

from collections.abc import Callable, Mapping

from simulators.arrays import Floats
from simulators.behaviour.hardware import constant, counted, rssi_dbm
from simulators.behaviour.moment import Moment, Signal, Traits
from simulators.behaviour.noise import drift, mix, uniform

_NOMINAL_V = 220.0
_POWER_FACTOR = 0.92
_RATED_A = 160.0  # of the largest building's main switch, per phase


def load(moment: Moment, traits: Traits) -> Floats:
    """Return the load as a share of the rated one: the town's day, and the building's own way."""
    own = 0.5 + 0.4 * uniform(traits.seeds, 31)
    return own * (0.25 + 0.55 * moment.activity) + 0.03 * drift(traits.seeds, moment.t_s, 300.0)


def phase_load(phase: int) -> Signal:
    """Return the signal of one phase's load: phases are never quite even."""

    def signal(moment: Moment, traits: Traits) -> Floats:
        uneven = 0.9 + 0.2 * uniform(traits.seeds, 32 + phase)
        return load(moment, traits) * uneven

    return signal


def voltage_v(moment: Moment, traits: Traits) -> Floats:
    """Return the mains voltage: up to 3 % high at night, sagging with the load."""
    wander = 1.2 * drift(traits.seeds, moment.t_s, 120.0)
    return _NOMINAL_V + 6 - 14 * load(moment, traits) + wander


def phase_voltage_v(phase: int) -> Signal:
    """Return the signal of one phase's voltage."""
    return lambda moment, traits: voltage_v(moment, traits._replace(seeds=mix(traits.seeds, phase)))


def phase_current_a(phase: int) -> Signal:
    """Return the signal of one phase's current."""
    share = phase_load(phase)
    return lambda moment, traits: _rated_a(traits) * share(moment, traits)


def _rated_a(traits: Traits) -> Floats:
    return _RATED_A * (0.4 + 0.6 * uniform(traits.seeds, 35))


def power_w(moment: Moment, traits: Traits) -> Floats:
    """Return the power of all three phases."""
    return 3 * _NOMINAL_V * _POWER_FACTOR * _rated_a(traits) * load(moment, traits)


def energy_kwh(moment: Moment, traits: Traits) -> Floats:
    """Return the meter: the building's mean load ever since it was installed."""
    return counted(moment, 0.3 * 3 * _NOMINAL_V * _rated_a(traits) / 1000)


def residual_current_ma(moment: Moment, traits: Traits) -> Floats:
    """Return the leakage of healthy wiring: some tens of milliamperes, more under load."""
    own = 18 + 30 * uniform(traits.seeds, 36)
    return own * (0.7 + 0.6 * load(moment, traits)) + 2 * drift(traits.seeds, moment.t_s, 45.0)


def cable_c(cable: int) -> Signal:
    """Return the signal of a cable's temperature: the switch room's, and the square of the load."""

    def signal(moment: Moment, traits: Traits) -> Floats:
        room = 19 + 0.15 * moment.outdoor_c
        return room + 22 * phase_load(cable)(moment, traits) ** 2 + uniform(traits.seeds, 37)

    return signal


def _wobbling(value: float, by: float) -> Signal:
    def signal(moment: Moment, traits: Traits) -> Floats:
        return value + by * drift(traits.seeds, moment.t_s, 75.0)

    return signal


def _on_phases(metric: str, signal: Callable[[int], Signal]) -> dict[str, Signal]:
    return {metric.format(phase): signal(phase) for phase in (1, 2, 3)}


RESIDUAL_CURRENT: Mapping[str, Signal] = {
    "residual_current_ma": residual_current_ma,
    "rssi_dbm": rssi_dbm,
}
CABLE: Mapping[str, Signal] = {
    "cable_temperature_c": cable_c(0),
    **_on_phases("cable_l{}_temperature_c", cable_c),
    "rssi_dbm": rssi_dbm,
}
THREE_PHASE: Mapping[str, Signal] = {
    **_on_phases("voltage_l{}_v", phase_voltage_v),
    **_on_phases("current_l{}_a", phase_current_a),
    "power_w": power_w,
    "power_factor": _wobbling(_POWER_FACTOR, 0.02),
    "energy_kwh": energy_kwh,
    "frequency_hz": _wobbling(50.0, 0.03),
    "residual_current_ma": residual_current_ma,
    "cable_temperature_c": cable_c(0),
}
PUMP_CABINET: Mapping[str, Signal] = {
    "pump_state": constant(0.0),
    "manual_state": constant(0.0),
    "voltage_v": voltage_v,
    "current_a": constant(0.0),
    "power_w": constant(0.0),
}
FIRE_POWER: Mapping[str, Signal] = {
    "voltage_v": voltage_v,
    "current_a": _wobbling(2.4, 0.3),
    "backup_voltage_v": _wobbling(27.2, 0.2),
    "power_w": _wobbling(480.0, 60.0),
}
GATEWAY: Mapping[str, Signal] = {
    "voltage_v": voltage_v,
    "backup_voltage_v": _wobbling(27.0, 0.2),
    "rssi_dbm": rssi_dbm,
}
