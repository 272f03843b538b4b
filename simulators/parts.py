"""What every builder of the city hands in: some sites, some devices, and how to make them."""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

import numpy as np

from devices.model import Device, Profile, Site
from simulators import cells, naming
from simulators.streets import Streets


class Plan(NamedTuple):
    """What the builders share: the ground, the names, the kinds of devices."""

    streets: Streets
    names: Iterator[naming.Word]
    profiles: Mapping[str, Profile]


class Part(NamedTuple):
    """The sites and devices one builder adds to the city."""

    sites: tuple[Site, ...] = ()
    devices: tuple[Device, ...] = ()


def device_at(
    site: Site,
    device_id: str,
    profile: Profile,
    *,
    place: str = "",
    gateway_id: str | None = None,
    **attributes: object,
) -> Device:
    """Mount a device of one profile at its site, named after where it hangs."""
    return Device(
        device_id=device_id,
        profile_id=profile.profile_id,
        site_id=site.site_id,
        district=cells.DISTRICT,
        name=f"{place}{profile.name_zh} {profile.name_en}",
        gateway_id=gateway_id,
        lon=site.lon,
        lat=site.lat,
        attributes=attributes,
    )


def scaled(count: int, scale: float, *, least: int = 1) -> int:
    """Return a default number of things multiplied by the scale, never below `least`."""
    return max(least, round(count * scale))


def generator(seed: int, part: int) -> np.random.Generator:
    """Return the random numbers of one part of the city: parts do not move each other."""
    return np.random.default_rng([seed, part])
