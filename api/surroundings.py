"""What is near a place: for the map's ground, and for whoever commands at a fire."""

from collections.abc import Callable, Iterable
from math import asin, cos, radians, sin, sqrt
from typing import NamedTuple, TypeVar

from devices.model import Site
from devices.registry import Registry, Speaker

T = TypeVar("T")

EARTH_M = 6_371_008.8  # mean radius of the Earth, IUGG

# Profiles that say whether there is water for fire-fighting: hydrants, mains, tanks.
WATER = frozenset({"hydrant-pressure", "hydrant-pressure-meokon", "pipe-pressure", "tank-level"})


class Place(NamedTuple):
    """Degrees, WGS-84."""

    lon: float
    lat: float


def distance_m(a: Place, b: Place) -> float:
    """Return the great-circle distance (haversine), metres."""
    north, east = radians(b.lat - a.lat) / 2, radians(b.lon - a.lon) / 2
    chord = sin(north) ** 2 + cos(radians(a.lat)) * cos(radians(b.lat)) * sin(east) ** 2
    return 2 * EARTH_M * asin(sqrt(chord))


def nearest(
    things: Iterable[T], to: Place, place_of: Callable[[T], Place], at_most: int
) -> list[tuple[float, T]]:
    """Return the nearest things with their distances in metres, the nearest first."""
    found = [(distance_m(to, place_of(thing)), thing) for thing in things]
    return sorted(found, key=lambda pair: pair[0])[:at_most]


def place_of_site(site: Site) -> Place:
    """Return where a site is."""
    return Place(site.lon, site.lat)


def place_of_device(speaker: Speaker, registry: Registry) -> Place:
    """Return where a device is: where it says, else where its site is."""
    device = speaker.device
    if device.lon is not None and device.lat is not None:
        return Place(device.lon, device.lat)
    return place_of_site(registry.sites[device.site_id])


def bounds(places: Iterable[Place]) -> tuple[float, float, float, float] | None:
    """Return west, south, east and north of all places; None of none."""
    every = list(places)
    if not every:
        return None
    lons, lats = [place.lon for place in every], [place.lat for place in every]
    return min(lons), min(lats), max(lons), max(lats)
