"""Utility stations: where the town's water, gas and heat are metered."""

from collections.abc import Iterator

import numpy as np

from devices.model import Device, Site
from simulators import naming, placing
from simulators.parts import Part, Plan, device_at

_METERS = ("water-meter", "gas-meter", "heat-meter", "environment-station")


def build_supply(plan: Plan, rng: np.random.Generator, count: int) -> Part:
    """Place `count` stations with a meter of each kind and a weather mast."""
    sites = tuple(
        placing.site_at(
            plot,
            f"utility-{number:02d}",
            "utility_station",
            naming.title(next(plan.names), "能源站", "Utility Station"),
        )
        for number, plot in enumerate(
            placing.plots_along(plan.streets.streets, rng, count), start=1
        )
    )
    return Part(sites, tuple(device for site in sites for device in _meters(site, plan)))


def _meters(site: Site, plan: Plan) -> Iterator[Device]:
    for profile_id in _METERS:
        yield device_at(site, f"{site.site_id}-{profile_id}", plan.profiles[profile_id])
