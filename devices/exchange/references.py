"""Whether what a file refers to exists, in the registry or in the file itself."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from devices.exchange.contents import Placed, Problem, ThingT
from devices.model import Device, Profile, Site
from devices.registry import Registry


def site_problems(placed: Sequence[Placed[Site]], registry: Registry) -> Iterator[Problem]:
    """Yield sites that stand twice, and grid cells nobody has drawn."""
    yield from _twice(placed, "site_id")
    grids = {grid.code for grid in registry.content.grids}
    for place, site in placed:
        if site.grid_code is not None and site.grid_code not in grids:
            yield _absent(place, "grid_code", site.grid_code, "grid cell")


def device_problems(placed: Sequence[Placed[Device]], registry: Registry) -> Iterator[Problem]:
    """Yield devices that stand twice or refer to what is not there."""
    yield from _twice(placed, "device_id")
    yield from _twice(placed, "identification_code")
    profiles = _profiles(placed, registry)
    for place, device in placed:
        if device.profile_id not in registry.profiles:
            yield _absent(place, "profile_id", device.profile_id, "profile")
        if device.site_id not in registry.sites:
            yield _absent(place, "site_id", device.site_id, "site")
        if device.gateway_id is not None:
            yield from _gateway_problems(place, device, profiles)


def _profiles(placed: Sequence[Placed[Device]], registry: Registry) -> Mapping[str, Profile]:
    """Return the profiles of all devices as they will be once the file is in."""
    kept = {name: speaker.profile for name, speaker in registry.speakers.items()}
    given = {
        device.device_id: registry.profiles[device.profile_id]
        for _, device in placed
        if device.profile_id in registry.profiles
    }
    return kept | given


def _gateway_problems(
    place: int, device: Device, profiles: Mapping[str, Profile]
) -> Iterator[Problem]:
    gateway_id = str(device.gateway_id)
    if gateway_id not in profiles:
        yield _absent(place, "gateway_id", gateway_id, "device")
    elif gateway_id == device.device_id or not profiles[gateway_id].gateway:
        message = f"{gateway_id!r} cannot speak for this device; name a gateway or nothing."
        yield Problem(place, "gateway_id", message)


def _twice(placed: Sequence[Placed[ThingT]], column: str) -> Iterator[Problem]:
    counts = Counter(getattr(thing, column) for _, thing in placed)
    for place, thing in placed:
        value = getattr(thing, column)
        if value is not None and counts[value] > 1:
            yield Problem(place, column, f"{value!r} stands {counts[value]} times; keep one.")


def _absent(place: int, column: str, value: str, thing: str) -> Problem:
    return Problem(place, column, f"There is no {thing} {value!r}; add it first or correct the id.")
