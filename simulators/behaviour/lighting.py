"""Street lamps and their cabinets: on from dusk to dawn, dimmed in the small hours."""

from collections.abc import Mapping

import numpy as np

from simulators.arrays import Floats
from simulators.behaviour import electricity
from simulators.behaviour.hardware import constant, counted
from simulators.behaviour.moment import Moment, Signal, Traits
from simulators.behaviour.noise import drift, mix, uniform
from simulators.behaviour.sky import SUNSET_DEG

_VOLTS = 220.0
_DIMMED_FROM, _DIMMED_UNTIL = 23.0, 5.0  # local hours
_DIMMED_PCT = 60.0
_BURNING_HOURS = 11.5  # a day, over the year
_STANDBY_W = 35.0  # of a cabinet with all lamps off


def dimming(moment: Moment) -> float:
    """Return the light all lamps are told to give, in percent: the schedule of the city."""
    if moment.sun_deg > SUNSET_DEG:
        return 0.0
    is_late = moment.hour >= _DIMMED_FROM or moment.hour < _DIMMED_UNTIL
    return _DIMMED_PCT if is_late else 100.0


def lamp_w(moment: Moment, traits: Traits) -> Floats:
    """Return a lamp's power: drivers lose some, the rest follows the light (TALQ: a curve)."""
    light = dimming(moment) / 100
    drawn = 0.06 * (light > 0) + 0.94 * light
    return traits.rated_power_w * drawn * (1 + 0.015 * drift(traits.seeds, moment.t_s, 60.0))


def power_factor(moment: Moment, traits: Traits) -> Floats:
    """Return the power factor: 0.65 when nearly dark to 0.98 at full light (TALQ 2.7.1, LampType).

    Without current nothing is out of phase: 1.
    """
    light = dimming(moment)
    factor = float(np.interp(light, [0.0, 100.0], [0.65, 0.98])) if light else 1.0
    return np.full(len(traits.seeds), factor)


def lamp_v(moment: Moment, traits: Traits) -> Floats:
    """Return the voltage at a pole: lower at the far end while the lamps burn."""
    sag = 6 * uniform(traits.seeds, 51) * dimming(moment) / 100
    return _VOLTS + 5 - sag + drift(traits.seeds, moment.t_s, 120.0)


def lamp_a(moment: Moment, traits: Traits) -> Floats:
    """Return a lamp's current."""
    return lamp_w(moment, traits) / (_VOLTS * power_factor(moment, traits))


def lamp_on(moment: Moment, traits: Traits) -> Floats:
    """Return 1 while the lamps burn."""
    return np.full(len(traits.seeds), float(dimming(moment) > 0))


def dimming_pct(moment: Moment, traits: Traits) -> Floats:
    """Return the light each lamp gives."""
    return np.full(len(traits.seeds), dimming(moment))


def energy_kwh(moment: Moment, traits: Traits) -> Floats:
    """Return the meter of a lamp or a cabinet: burning every night since it was installed."""
    return counted(moment, traits.rated_power_w / 1000 * 0.8 * _BURNING_HOURS / 24)


def lamp_c(moment: Moment, traits: Traits) -> Floats:
    """Return the temperature inside the luminaire."""
    return (
        moment.outdoor_c + 24 * dimming(moment) / 100 + 2 * drift(traits.seeds, moment.t_s, 900.0)
    )


def cabinet_w(moment: Moment, traits: Traits) -> Floats:
    """Return a cabinet's power: that of its lamps and a little of its own."""
    return lamp_w(moment, traits) + _STANDBY_W


def cabinet_c(moment: Moment, traits: Traits) -> Floats:
    """Return the temperature inside the cabinet: sun on steel by day."""
    sun = 9 * max(0.0, float(np.sin(np.radians(moment.sun_deg))))
    return moment.outdoor_c + 4 + sun + drift(traits.seeds, moment.t_s, 900.0)


def residual_current_ma(moment: Moment, traits: Traits) -> Floats:
    """Return a cabinet's leakage: long cables in wet ground, more while they carry current."""
    burning = dimming(moment) > 0
    own = 12 + 20 * uniform(traits.seeds, 52)
    return own + 10 * burning + 2 * drift(traits.seeds, moment.t_s, 60.0)


def phase_a(phase: int) -> Signal:
    """Return the signal of a cabinet's current on one phase: a third of the lamps each."""

    def signal(moment: Moment, traits: Traits) -> Floats:
        uneven = 0.97 + 0.06 * uniform(mix(traits.seeds, phase), 53)
        return cabinet_w(moment, traits) / 3 / (_VOLTS * power_factor(moment, traits)) * uneven

    return signal


LAMP: Mapping[str, Signal] = {
    "voltage_v": lamp_v,
    "current_a": lamp_a,
    "power_w": lamp_w,
    "power_factor": power_factor,
    "energy_kwh": energy_kwh,
    "dimming_pct": dimming_pct,
    "lamp_on": lamp_on,
    "temperature_c": lamp_c,
}
CABINET: Mapping[str, Signal] = {
    **{f"voltage_l{phase}_v": electricity.phase_voltage_v(phase) for phase in (1, 2, 3)},
    **{f"current_l{phase}_a": phase_a(phase) for phase in (1, 2, 3)},
    "power_w": cabinet_w,
    "power_factor": power_factor,
    "energy_kwh": energy_kwh,
    "residual_current_ma": residual_current_ma,
    "door_state": constant(0.0),
    "temperature_c": cabinet_c,
}
