"""Choosing devices from the registry in memory: the same answer for a list, a map, an export."""

from collections.abc import Iterator

import msgspec

from devices.registry import Registry, Speaker


class DeviceFilter(msgspec.Struct, frozen=True, kw_only=True):
    """What a device must be like; None leaves the question open."""

    district: str | None = None
    domain: str | None = None
    site_id: str | None = None
    profile_id: str | None = None
    gateway_id: str | None = None
    in_service: bool | None = None
    text: str | None = None  # part of the id or the name, in any case

    def accepts(self, speaker: Speaker) -> bool:
        """Say whether the device answers every question asked."""
        device = speaker.device
        return (
            self.district in (None, device.district)
            and self.domain in (None, speaker.profile.domain)
            and self.site_id in (None, device.site_id)
            and self.profile_id in (None, device.profile_id)
            and self.gateway_id in (None, device.gateway_id)
            and self.in_service in (None, device.in_service)
            and _contains(f"{device.device_id}\n{device.name}", self.text)
        )


def select_devices(registry: Registry, wanted: DeviceFilter) -> Iterator[Speaker]:
    """Yield the devices the filter accepts, in the order of their ids."""
    for device_id in sorted(registry.speakers):
        if wanted.accepts(speaker := registry.speakers[device_id]):
            yield speaker


def _contains(text: str, part: str | None) -> bool:
    return part is None or part.casefold() in text.casefold()
