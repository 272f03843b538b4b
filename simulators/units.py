"""Networked fire units (联网单位): buildings, their sensors and transmission devices."""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from devices.model import Device, Profile, Site
from simulators import naming, placing
from simulators.parts import Part, Plan, device_at
from simulators.people import contacts_of

GATEWAY = "user-information-transmission-device"

_EVERYWHERE = (
    *("smoke-detector",) * 4,
    "heat-detector",
    "residual-current",
    "cable-temperature",
    "pipe-pressure",
    "fire-door",
    "fire-power-supply",
)


class Use(NamedTuple):
    """What a building is used for, how high it is, and what it has beside the usual sensors."""

    name_zh: str
    name_en: str
    floors: int
    extras: tuple[str, ...]


USES = (
    Use("购物中心", "Mall", 6, ("gas-detector", "three-phase-supply", "pump-cabinet")),
    Use("医院", "Hospital", 12, ("three-phase-supply", "pump-cabinet", "tank-level")),
    Use("中学", "School", 5, ("gas-detector", "hydrant-pressure")),
    Use("酒店", "Hotel", 14, ("gas-detector", "tank-level")),
    Use("机械厂", "Works", 2, ("three-phase-supply", "hydrant-pressure")),
    Use("仓储中心", "Warehouse", 1, ("hydrant-pressure", "tank-level")),
    Use("写字楼", "Offices", 18, ("three-phase-supply", "pump-cabinet")),
    Use("公寓", "Apartments", 24, ("gas-detector", "hydrant-pressure")),
)


def build_units(plan: Plan, rng: np.random.Generator, count: int) -> Part:
    """Place `count` units along the streets and fit each with its sensors."""
    plots = placing.plots_along(plan.streets.streets, rng, count)
    sites = tuple(_site(number, plot, plan.names) for number, plot in enumerate(plots, start=1))
    devices = tuple(device for site in sites for device in _devices(site, plan, rng))
    return Part(sites, devices)


def _use(number: int) -> Use:
    return USES[number % len(USES)]


def _site(number: int, plot: placing.Plot, names: Iterator[naming.Word]) -> Site:
    use = _use(number)
    name = naming.title(next(names), use.name_zh, use.name_en)
    return placing.site_at(
        plot,
        f"unit-{number:03d}",
        "fire_unit",
        name,
        use=use.name_zh,
        floors=use.floors,
        contacts=contacts_of(number),
    )


def _devices(site: Site, plan: Plan, rng: np.random.Generator) -> Iterator[Device]:
    use = _use(int(site.site_id.removeprefix("unit-")))
    gateway = f"{site.site_id}-gateway"
    yield device_at(site, gateway, plan.profiles[GATEWAY], place="消控室")
    for number, profile_id in enumerate(_EVERYWHERE + use.extras, start=1):
        floor = int(rng.integers(1, use.floors + 1))
        yield _sensor(site, plan.profiles[profile_id], gateway, number, floor)


def _sensor(site: Site, profile: Profile, gateway: str, number: int, floor: int) -> Device:
    device_id = f"{site.site_id}-{number:02d}-{profile.profile_id}"
    return device_at(site, device_id, profile, place=f"{floor}层", gateway_id=gateway, floor=floor)
