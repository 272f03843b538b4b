"""What noise control looks at: who an alert is about, and how it stands on the board."""

from collections.abc import Iterator
from typing import NamedTuple

from devices.model import Device
from devices.registry import Registry


class Facts(NamedTuple):
    """Who an alert is about, and how urgent it is: `rank` 0 is low, 3 is critical.

    `gateways` are those it speaks through, the nearest first.
    """

    rule_id: str
    domain: str
    device_id: str | None = None
    gateways: tuple[str, ...] = ()
    site_id: str | None = None
    district: str = ""
    grid_code: str | None = None
    cause: str | None = None
    life_safety: bool = False
    rank: int = 0


class Standing(NamedTuple):
    """How an alert stands after a transition; `since_us` is when it was raised, on our clock.

    `held_by` is officer, window or parent; `under` is the alert it is hidden under, whether
    suppressed by its parent or folded in a flood.
    """

    alert_id: str
    facts: Facts
    since_us: int = 0
    opened: bool = True
    active: bool = True
    held_by: str | None = None
    under: str | None = None
    drill: bool = False
    desk_id: str = ""


def gateways_of(device: Device, registry: Registry) -> Iterator[str]:
    """Yield the devices this one speaks through, the nearest first; a ring is walked once."""
    seen = {device.device_id}
    above = device.gateway_id
    while above is not None and above not in seen:
        seen.add(above)
        yield above
        speaker = registry.speakers.get(above)
        above = speaker.device.gateway_id if speaker else None


def grid_of(site_id: str | None, registry: Registry) -> str | None:
    """Return the grid cell of a site, None where it is not known."""
    site = registry.sites.get(site_id) if site_id else None
    return site.grid_code if site else None
