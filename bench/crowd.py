"""A city in memory, for benchmarks of the engine's mind alone: no broker, no database."""

from collections.abc import Iterator

import msgspec

from bench.publishing import DISTRICT, DOMAIN, device_id
from devices.model import Device, Metric, Profile, Site
from devices.registry import Registry, RegistryContent

METRICS = tuple(f"bench_{letter}" for letter in "abcd")
"""What each device reports in every message."""

INTERVAL_S = 10
"""How often a device speaks, in seconds."""

_BEHIND_EACH = 40
_SITES = 1_000


def crowd(count: int) -> Registry:
    """Return a city of `count` devices, some of them gateways with others behind them."""
    content = RegistryContent(
        version=1,
        sites=tuple(_site(number) for number in range(_SITES)),
        metrics=tuple(_metric(number, name) for number, name in enumerate(METRICS, 1)),
        profiles=(_profile(DOMAIN, gateway=False), _profile("bench-gateway", gateway=True)),
        devices=tuple(map(_as_read, _devices(count))),
    )
    return Registry(content)


def _devices(count: int) -> Iterator[Device]:
    for number in range(count):
        is_gateway = number % (_BEHIND_EACH + 1) == 0
        gateway = device_id(number - number % (_BEHIND_EACH + 1))
        yield Device(
            device_id=device_id(number),
            profile_id="bench-gateway" if is_gateway else DOMAIN,
            site_id=f"bench-{number % _SITES}",
            district=DISTRICT,
            name=f"测试设备{number:07d}号",
            gateway_id=None if is_gateway else gateway,
            identification_code=f"{number:016d}",
            lon=103.0 + number / 1e7,
            lat=36.0 + number / 1e7,
            number=number + 1,
        )


def _as_read(device: Device) -> Device:
    """Return the device as the engine has it after a start: every text an object of its own."""
    return msgspec.json.decode(msgspec.json.encode(device), type=Device)


def _site(number: int) -> Site:
    return Site(
        site_id=f"bench-{number}",
        kind="bench",
        name=f"测试场{number}",
        district=DISTRICT,
        lon=103.66,
        lat=36.51,
    )


def _metric(number: int, name: str) -> Metric:
    return Metric(name=name, unit="1", low=-50, high=150, name_zh=name, name_en=name, number=number)


def _profile(profile_id: str, *, gateway: bool) -> Profile:
    return Profile(
        profile_id=profile_id,
        domain=DOMAIN,
        name_zh="测试设备",
        name_en="Bench device",
        expected_interval_s=INTERVAL_S,
        offline_after_s=6 * INTERVAL_S,
        metrics=METRICS,
        gateway=gateway,
    )
