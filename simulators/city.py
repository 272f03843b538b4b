"""The city as a whole: the same seed and scale give the same city, byte for byte."""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

import msgspec

from devices.model import Device, Grid, Profile, Site
from simulators import cells, naming, streets
from simulators.haulage import Trip, build_haulage
from simulators.lamps import build_lighting
from simulators.parts import Plan, generator, scaled
from simulators.supply import build_supply
from simulators.units import build_units

FIRE_UNITS = 107
"""Networked fire units of the Lanzhou New Area (work plan of 2023)."""
CABINETS = 40
TRUCKS = 60
UTILITY_STATIONS = 20
_DEVICES_PER_IMPORT = 5_000  # under 2 MB of JSON: far below what the api takes at once


class City(NamedTuple):
    """Everything that exists: what is registered, the streets, and where the trucks drive."""

    seed: int
    grids: tuple[Grid, ...]
    sites: tuple[Site, ...]
    devices: tuple[Device, ...]
    streets: streets.Streets
    trips: tuple[Trip, ...]


def build_city(profiles: Mapping[str, Profile], *, seed: int = 1, scale: float = 1.0) -> City:
    """Build the city of one seed; `scale` multiplies units, lamps and trucks."""
    names = naming.words(generator(seed, 0))
    grids = cells.build_grids(names)
    plan = Plan(streets.lay_streets(generator(seed, 1), names), names, profiles)
    parts = [
        build_units(plan, generator(seed, 2), scaled(FIRE_UNITS, scale)),
        build_lighting(plan, generator(seed, 3), scaled(CABINETS, scale)),
        build_supply(plan, generator(seed, 4), scaled(UTILITY_STATIONS, scale)),
    ]
    haulage = build_haulage(plan, generator(seed, 5), scaled(TRUCKS, scale))
    parts.append(haulage.part)
    sites = tuple(site for part in parts for site in part.sites)
    devices = tuple(device for part in parts for device in part.devices)
    return City(seed, grids, sites, devices, plan.streets, haulage.trips)


def scale_for(profiles: Mapping[str, Profile], devices: int) -> float:
    """Return the scale at which the city has about `devices` devices."""
    return devices / len(build_city(profiles).devices)


def registry_documents(city: City) -> Iterator[bytes]:
    """Yield what the api imports; one JSON document, or several if there are many devices.

    They are cut in the city's order, in which a gateway stands before those behind it.
    """
    first = {"grids": city.grids, "sites": city.sites}
    for start in range(0, len(city.devices), _DEVICES_PER_IMPORT):
        devices = city.devices[start : start + _DEVICES_PER_IMPORT]
        yield msgspec.json.encode(first | {"devices": devices})
        first = {}
