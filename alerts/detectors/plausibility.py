"""Is that where the vehicle is? Receivers in cities jump; one fix far away proves nothing."""

from typing import NamedTuple

from alerts.detectors.places import is_within
from alerts.judging.detecting import Fix

_M_PER_KMH_US = 1_000 / 3_600_000_000


class Gate(NamedTuple):
    """What is believed at once, and how many fixes in a row it takes to believe the rest.

    A receiver's own noise is `noise_m`: two fixes of one second need no speed at all for that.
    """

    limit_kmh: float = 150.0
    confirm: int = 3
    noise_m: float = 50.0


class Track(NamedTuple):
    """The last fix that was believed, and the last of `doubts` that agree with each other only."""

    at_us: int
    lon: float
    lat: float
    doubts: int = 0
    doubt_us: int = 0
    doubt_lon: float = 0.0
    doubt_lat: float = 0.0


def is_on_earth(lon: float, lat: float) -> bool:
    """Say whether the fix can be a place at all; 0, 0 is what a receiver says that has none."""
    return -180 <= lon <= 180 and -90 <= lat <= 90 and not (lon == 0 == lat)


def follow(track: Track | None, fix: Fix, gate: Gate) -> tuple[Track | None, bool]:
    """Take in a newer fix; say whether the vehicle is believed to be there.

    The first one is. One that needs more than the limit from the last believed is not, until
    `confirm` of them in a row agree with each other.
    """
    at_us, lon, lat, *_ = fix
    if not is_on_earth(lon, lat):
        return track, False
    if track is None:
        return Track(at_us, lon, lat), True
    was_us, was_lon, was_lat, doubts, doubt_us, doubt_lon, doubt_lat = track
    limit_kmh, confirm, noise_m = gate
    way_m = (at_us - was_us) * limit_kmh * _M_PER_KMH_US + noise_m
    if is_within(way_m, was_lon, was_lat, lon, lat):
        return Track(at_us, lon, lat), True
    way_m = (at_us - doubt_us) * limit_kmh * _M_PER_KMH_US + noise_m
    agrees = doubts > 0 and is_within(way_m, doubt_lon, doubt_lat, lon, lat)
    doubts = doubts + 1 if agrees else 1
    if doubts >= confirm:
        return Track(at_us, lon, lat), True
    return Track(was_us, was_lon, was_lat, doubts, at_us, lon, lat), False
