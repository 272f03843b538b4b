"""Who speaks in a benchmark: devices of a plain kind, and smoke detectors to raise alarms."""

import asyncio

from pydantic import SecretStr

from bench.publishing import DISTRICT, DOMAIN, device_id
from bench.systems import System
from core.database import connect
from devices import store
from devices.model import Device, Metric, Profile, Site

FIRE_KIND = "smoke-detector"
"""The shipped kind whose alarms are timed; there once the api has prepared the catalogue."""

_METRICS = tuple(f"bench_{letter}" for letter in "abcd")
_SITE = "bench"


def seed(system: System, *, devices: int, detectors: int = 0) -> None:
    """Register them all, as the api would."""
    asyncio.run(_seed(system, [*_plain(devices), *_detectors(detectors)]))


def detector_id(number: int) -> str:
    """Return the id of smoke detector `number`."""
    return f"bench-fire-{number:05d}"


def _plain(count: int) -> list[Device]:
    return [_device(device_id(number), DOMAIN) for number in range(count)]


def _detectors(count: int) -> list[Device]:
    return [_device(detector_id(number), FIRE_KIND) for number in range(count)]


async def _seed(system: System, devices: list[Device]) -> None:
    url = SecretStr(system.deployment.database_url("yiwang_api"))
    async with await connect(url, program="bench") as conn:
        await store.put_metrics(conn, [_metric(name) for name in _METRICS])
        await store.put_profile(conn, _profile())
        await store.put_site(conn, _site())
        await store.put_devices(conn, devices)


def _metric(name: str) -> Metric:
    return Metric(name=name, unit="1", low=-50, high=100, name_zh=name, name_en=name)


def _profile() -> Profile:
    return Profile(
        profile_id=DOMAIN,
        domain=DOMAIN,
        name_zh="测试设备",
        name_en="Bench device",
        expected_interval_s=60,
        offline_after_s=86_400,
        metrics=_METRICS,
    )


def _site() -> Site:
    return Site(
        site_id=_SITE, kind="bench", name="测试场", district=DISTRICT, lon=103.66, lat=36.51
    )


def _device(name: str, kind: str) -> Device:
    return Device(device_id=name, profile_id=kind, site_id=_SITE, district=DISTRICT, name=name)
