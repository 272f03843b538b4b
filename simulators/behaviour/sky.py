"""The sun over the city: where it stands, and when the lamps must burn.

Formulas: Meeus, "Astronomical Algorithms", 2nd ed., chapter 25 (low accuracy, 0.01 degree), and
chapter 12 for sidereal time. Instants are Unix seconds, angles degrees.
"""

import numpy as np

from simulators.arrays import Floats

SUNSET_DEG = -0.833
"""Elevation of the sun's centre at sunrise and sunset: refraction and half its disc."""
_J2000_UNIX = 946_728_000.0  # 2000-01-01 12:00 UTC in Unix seconds
_DAY_S = 86_400.0


def elevation_deg(t_s: Floats | float, lon: float, lat: float) -> Floats:
    """Return the height of the sun above the horizon in degrees, without refraction."""
    days = (np.asarray(t_s, dtype=np.float64) - _J2000_UNIX) / _DAY_S
    right_ascension, declination = _sun(days)
    sidereal = np.radians(280.46061837 + 360.98564736629 * days + lon)
    hour_angle = sidereal - right_ascension
    up = np.sin(np.radians(lat)) * np.sin(declination)
    around = np.cos(np.radians(lat)) * np.cos(declination) * np.cos(hour_angle)
    elevation: Floats = np.degrees(np.arcsin(up + around))
    return elevation


def _sun(days: Floats) -> tuple[Floats, Floats]:
    """Return right ascension and declination of the sun in radians, `days` from J2000."""
    anomaly = np.radians(357.52911 + 0.98560028 * days)
    centre = 1.914602 * np.sin(anomaly) + 0.019993 * np.sin(2 * anomaly)
    longitude = np.radians(280.46646 + 0.98564736 * days + centre)
    obliquity = np.radians(23.439291 - 3.6e-7 * days)
    right_ascension = np.arctan2(np.cos(obliquity) * np.sin(longitude), np.cos(longitude))
    return right_ascension, np.arcsin(np.sin(obliquity) * np.sin(longitude))
