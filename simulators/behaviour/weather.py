"""Weather on the plain: seasons, days, and a wander that all sensors of the city share.

Figures are set to a loess plain at 1,900 m near Lanzhou (dry, cold winters): illustrative only.
"""

import numpy as np

from simulators.arrays import Floats, Seeds
from simulators.behaviour.noise import drift

_DAY_S = 86_400.0
_YEAR_S = 365.2425 * _DAY_S
_MEAN_C, _SEASON_C, _DAILY_C, _FRONT_C = 7.0, 15.0, 6.5, 4.0
_COLDEST_DAY = 20.0  # of the year
_HOTTEST_HOUR = 15.0
LOCAL_OFFSET_S = 8 * 3600.0
"""Beijing time; the city's solar noon comes about an hour after its clock noon."""
_SKY = np.array([0x5EA50], dtype=np.uint64)  # the seed all sensors share


def hour_of_day(t_s: float) -> float:
    """Return the local hour, 0 to 24, of a Unix second."""
    return (t_s + LOCAL_OFFSET_S) % _DAY_S / 3600


def outdoor_c(t_s: float) -> float:
    """Return the temperature of the outside air in degrees Celsius."""
    season = -np.cos(2 * np.pi * (t_s / _YEAR_S - _COLDEST_DAY / 365.2425))
    daily = np.cos(2 * np.pi * (hour_of_day(t_s) - _HOTTEST_HOUR) / 24)
    front = drift(_SKY, t_s, 2.5 * _DAY_S)[0]
    return float(_MEAN_C + _SEASON_C * season + _DAILY_C * daily + _FRONT_C * front)


def humidity_percent(t_s: float) -> float:
    """Return the relative humidity outside: dry by day, damper before dawn."""
    daily = np.cos(2 * np.pi * (hour_of_day(t_s) - _HOTTEST_HOUR) / 24)
    return float(np.clip(48 - 14 * daily + 12 * drift(_SKY + np.uint64(1), t_s, _DAY_S)[0], 8, 95))


def activity(hour: Floats | float) -> Floats:
    """Return how busy the town is, 0 to 1: two humps, morning and evening, and a quiet night."""
    hours = np.asarray(hour, dtype=np.float64)
    return 0.12 + 0.7 * _hump(hours, 8.5, 3.0) + 0.75 * _hump(hours, 18.5, 3.5)


def _hump(hours: Floats, centre: float, width: float) -> Floats:
    away = (hours - centre + 12) % 24 - 12
    hump: Floats = np.exp(-((away / width) ** 2))
    return hump


def wind_m_s(seeds: Seeds, t_s: float) -> Floats:
    """Return the wind at each mast in metres a second."""
    steady = 2.4 + 1.6 * drift(_SKY, t_s, 3 * 3600.0)[0]
    wind: Floats = np.abs(steady + 0.9 * drift(seeds, t_s, 40.0))
    return wind


def at_local_time(t_s: float, clock: str) -> float:
    """Return the Unix second of the same local day at which the clock shows `HH:MM`."""
    hours, minutes = clock.split(":")
    midnight = t_s - (t_s + LOCAL_OFFSET_S) % _DAY_S
    return midnight + int(hours) * 3600 + int(minutes) * 60
