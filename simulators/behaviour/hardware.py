"""What every small field device has: a battery and a radio; and counters that only go up."""

import numpy as np

from simulators.arrays import Floats
from simulators.behaviour.moment import Moment, Signal, Traits
from simulators.behaviour.noise import drift, uniform

_BATTERY_LIFE_S = 3.5 * 365.25 * 86_400  # at least three years are asked for (domain 1.5)
COUNTING_SINCE_S = 1_735_660_800.0
"""2025-01-01 in Beijing, as a Unix second: when all counters stood at zero."""


def battery_pct(moment: Moment, traits: Traits) -> Floats:
    """Return the charge: down over the years to 30 %, when somebody changes the battery."""
    age = (moment.t_s / _BATTERY_LIFE_S + uniform(traits.seeds, 11)) % 1.0
    return 100 - 70 * age


def rssi_dbm(moment: Moment, traits: Traits) -> Floats:
    """Return the signal strength: a place of its own for each device, fading a little."""
    return -65 - 28 * uniform(traits.seeds, 12) + 3 * drift(traits.seeds, moment.t_s, 240.0)


def counted(moment: Moment, per_hour: Floats) -> Floats:
    """Return a counter that has gone up by `per_hour` ever since it was installed."""
    return per_hour * (moment.t_s - COUNTING_SINCE_S) / 3600


def constant(value: float) -> Signal:
    """Return the signal of a state that changes only when something happens."""
    return lambda _moment, traits: np.full(len(traits.seeds), value)
