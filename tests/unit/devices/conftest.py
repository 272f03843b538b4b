"""A small city made of the shipped catalogue: one device of every kind, all at one site."""

from collections.abc import Callable

import pytest
from msgspec.structs import replace

from devices.catalogue import load_catalogue
from devices.model import Device, Site
from devices.payload import decode
from devices.reading import Report
from devices.registry import Registry, RegistryContent, Speaker
from devices.topic import parse_topic

DISTRICT = "620171"
GATEWAYS = {"fire": "user-information-transmission-device", "lighting": "lighting-cabinet"}

Decode = Callable[..., Report]


def _device(number: int, profile_id: str, domain: str) -> Device:
    gateway = GATEWAYS.get(domain)
    return Device(
        device_id=profile_id,
        profile_id=profile_id,
        site_id="site-1",
        district=DISTRICT,
        name=profile_id,
        gateway_id=None if gateway == profile_id else gateway,
        number=number,
    )


@pytest.fixture(scope="session")
def registry() -> Registry:
    catalogue = load_catalogue()
    site = Site(site_id="site-1", kind="unit", name="一号", district=DISTRICT, lon=103.6, lat=36.5)
    metrics = (replace(it, number=n) for n, it in enumerate(catalogue.metrics, start=1))
    devices = (
        _device(number, profile.profile_id, profile.domain)
        for number, profile in enumerate(catalogue.profiles, start=1)
    )
    return Registry(
        RegistryContent(
            version=1,
            sites=(site,),
            metrics=tuple(metrics),
            profiles=catalogue.profiles,
            devices=tuple(devices),
        )
    )


@pytest.fixture(scope="session")
def lamp(registry: Registry) -> Speaker:
    return registry.speaker("lamp-controller")


@pytest.fixture(scope="session")
def say(registry: Registry) -> Decode:
    """Let a device (the lamp, if no other is named) say some bytes on a channel."""

    def decoded(
        payload: bytes, *, channel: str = "telemetry", device_id: str = "lamp-controller"
    ) -> Report:
        speaker = registry.speaker(device_id)
        topic = f"yiwang/v1/{DISTRICT}/{speaker.profile.domain}/{device_id}/{channel}"
        return decode(parse_topic(topic), payload, speaker, registry)

    return decoded
