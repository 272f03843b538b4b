"""Air and noise at construction sites and masts."""

from collections.abc import Mapping

import numpy as np

from simulators.arrays import Floats
from simulators.behaviour.moment import Moment, Signal, Traits
from simulators.behaviour.noise import drift, uniform
from simulators.behaviour.weather import wind_m_s


def temperature_c(moment: Moment, traits: Traits) -> Floats:
    """Return the air's temperature at the mast."""
    own = 0.6 * uniform(traits.seeds, 71)
    return moment.outdoor_c + own + 0.15 * drift(traits.seeds, moment.t_s, 20.0)


def humidity_pct(moment: Moment, traits: Traits) -> Floats:
    """Return the relative humidity at the mast."""
    return np.clip(moment.humidity_percent + drift(traits.seeds, moment.t_s, 60.0), 5, 99)


def eco2_ppm(moment: Moment, traits: Traits) -> Floats:
    """Return the equivalent CO2 of open air beside traffic; the sensor starts at 400."""
    return 405 + 60 * moment.activity + 4 * drift(traits.seeds, moment.t_s, 30.0)


def pm2_5_ug_m3(moment: Moment, traits: Traits) -> Floats:
    """Return the fine dust: weather, and the site's own work."""
    return 22 + 18 * moment.activity + 8 * (1 + drift(traits.seeds, moment.t_s, 900.0))


def pm10_ug_m3(moment: Moment, traits: Traits) -> Floats:
    """Return the coarse dust: about twice the fine one, on loess."""
    return 2.2 * pm2_5_ug_m3(moment, traits) + 3 * drift(traits.seeds, moment.t_s, 15.0)


def noise_db(moment: Moment, traits: Traits) -> Floats:
    """Return the sound level: quiet by night, machines by day."""
    return 38 + 20 * moment.activity + 3 * drift(traits.seeds, moment.t_s, 8.0)


def wind_speed_m_s(moment: Moment, traits: Traits) -> Floats:
    """Return the wind at the mast."""
    return wind_m_s(traits.seeds, moment.t_s)


STATION: Mapping[str, Signal] = {
    "temperature_c": temperature_c,
    "humidity_pct": humidity_pct,
    "eco2_ppm": eco2_ppm,
    "pm2_5_ug_m3": pm2_5_ug_m3,
    "pm10_ug_m3": pm10_ug_m3,
    "noise_db": noise_db,
    "wind_speed_m_s": wind_speed_m_s,
}
