"""Street lighting: cabinets along the streets, each the gateway of the lamps on its stretch."""

from collections.abc import Iterator
from itertools import islice

import numpy as np
from msgspec.structs import replace

from devices.model import Device, Site
from simulators import naming, placing, plane
from simulators.arrays import Floats
from simulators.parts import Part, Plan, device_at
from simulators.streets import Street, beside, distances

LAMPS_PER_CABINET = 40
_SPACING_M = 36.0  # between poles on one side
_KERB_M = 9.0  # from the middle of the street to a pole
_STRETCH_M = _SPACING_M * LAMPS_PER_CABINET / 2
_WATTS = (120.0, 180.0, 240.0)
"""Rated power of the lamps of a stretch; LED road lamps of today."""

Stretch = tuple[Street, float]
"""A street and the metres along it at which a cabinet's stretch begins."""


def build_lighting(plan: Plan, rng: np.random.Generator, count: int) -> Part:
    """Give `count` stretches of street a cabinet with its lamps."""
    parts = [
        _cabinet(number, stretch, plan, watts=float(rng.choice(_WATTS)))
        for number, stretch in enumerate(islice(_stretches(plan, rng), count), start=1)
    ]
    return Part(
        tuple(site for part in parts for site in part.sites),
        tuple(device for part in parts for device in part.devices),
    )


def _stretches(plan: Plan, rng: np.random.Generator) -> Iterator[Stretch]:
    every = [
        (street, start)
        for street in plan.streets.streets
        for start in np.arange(0.0, distances(street.line)[-1] - _STRETCH_M, _STRETCH_M).tolist()
    ]
    shift = 0.0
    while True:  # a second round of cabinets stands between the first
        for number in rng.permutation(len(every)):
            street, start = every[number]
            yield street, start + shift
        shift = (shift + _SPACING_M / 3) % _SPACING_M


def _cabinet(number: int, stretch: Stretch, plan: Plan, *, watts: float) -> Part:
    street, start = stretch
    name = naming.title((f"{number:03d}号", f"{number:03d}"), "照明配电柜", "Lighting Cabinet")
    plot = placing.Plot(beside(street.line, np.array(start), np.array(_KERB_M)), street.name)
    site = placing.site_at(plot, f"lighting-{number:03d}", "lighting_cabinet", name)
    cabinet = device_at(
        site, f"{site.site_id}-cabinet", plan.profiles["lighting-cabinet"],
        lamps=LAMPS_PER_CABINET, rated_power_w=watts * LAMPS_PER_CABINET,
    )  # fmt: skip
    return Part((site,), (cabinet, *_lamps(site, cabinet, stretch, plan, watts)))


def _lamps(
    site: Site, cabinet: Device, stretch: Stretch, plan: Plan, watts: float
) -> Iterator[Device]:
    places = plane.to_degrees(_poles(stretch)).tolist()
    for number, (lon, lat) in enumerate(places, start=1):
        lamp = device_at(
            site, f"{site.site_id}-lamp-{number:02d}", plan.profiles["lamp-controller"],
            place=f"{number:02d}号", gateway_id=cabinet.device_id, rated_power_w=watts,
        )  # fmt: skip
        yield replace(lamp, lon=lon, lat=lat)


def _poles(stretch: Stretch) -> Floats:
    street, start = stretch
    order = np.arange(LAMPS_PER_CABINET)
    side = np.where(order % 2, -_KERB_M, _KERB_M)
    return beside(street.line, start + (order // 2).astype(np.float64) * _SPACING_M, side)
