"""A small city in memory for the tests of the alert engine."""

import json
from typing import Any

import msgspec

from alerts.judging.rules import EventRule, Limit, OfflineRule, Rule, ThresholdRule
from core.broker import Delivery
from devices.model import Device, Metric, Profile, Site
from devices.registry import Registry, RegistryContent

S = 1_000_000
"""One second in microseconds."""

NOW = 1_790_000_000 * S
"""A moment in September 2026."""

DISTRICT = "620171"

WORDS: dict[str, Any] = {
    "version": 1,
    "title_zh": "题",
    "title_en": "title",
    "guidance_zh": "做",
    "guidance_en": "do",
    "owner": "值班室",
    "meaning": "意",
    "consequence": "果",
}

FIRE = EventRule(rule_id="fire", priority="critical", event="fire", latching=True, **WORDS)
FAULT = EventRule(rule_id="fault", priority="low", event="fault", **WORDS)
HOT = ThresholdRule(
    rule_id="hot",
    priority="high",
    metric="temperature_c",
    above=Limit(50, 45),
    on_delay_s=10,
    off_delay_s=5,
    **WORDS,
)
SPEEDING = ThresholdRule(
    rule_id="speeding", priority="low", metric="speed_kmh", above=Limit(60, 55), **WORDS
)
SILENT = OfflineRule(rule_id="silent", priority="low", cause="device", **WORDS)
DEAF = OfflineRule(rule_id="deaf", priority="high", cause="gateway", **WORDS)
INGEST = OfflineRule(rule_id="ingest", priority="high", cause="ingest", **WORDS)
BROKER = OfflineRule(rule_id="broker", priority="critical", cause="broker", **WORDS)
RULES: tuple[Rule, ...] = (FIRE, FAULT, HOT, SPEEDING, SILENT, DEAF, INGEST, BROKER)

SENSOR = Profile(
    profile_id="sensor",
    domain="fire",
    name_zh="探测器",
    name_en="sensor",
    expected_interval_s=10,
    offline_after_s=30,
    metrics=("temperature_c",),
    events=("fire", "fault"),
)
GATEWAY = Profile(
    profile_id="gateway",
    domain="fire",
    name_zh="网关",
    name_en="gateway",
    expected_interval_s=20,
    offline_after_s=60,
    gateway=True,
)


def device(device_id: str, *, profile: Profile = SENSOR, number: int = 1, **rest: Any) -> Device:
    return Device(
        device_id=device_id,
        profile_id=profile.profile_id,
        site_id="unit",
        district=DISTRICT,
        name=device_id,
        number=number,
        **rest,
    )


def registry(*devices: Device, version: int = 1) -> Registry:
    numbered = [
        msgspec.structs.replace(each, number=number) for number, each in enumerate(devices, 1)
    ]
    site = Site(site_id="unit", kind="fire_unit", name="楼", district=DISTRICT, lon=103, lat=36)
    temperature = Metric(
        name="temperature_c", unit="°C", low=-60, high=500, name_zh="温度", name_en="t", number=1
    )
    return Registry(
        RegistryContent(
            version=version,
            sites=(site,),
            metrics=(temperature,),
            profiles=(SENSOR, GATEWAY),
            devices=tuple(numbered),
        )
    )


def said(
    device_id: str, channel: str, document: dict[str, Any], *, at_us: int, retain: bool = False
) -> Delivery:
    """One message of a device, about the instant `at_us`."""
    payload = json.dumps({"ts": at_us // 1000, **document}).encode()
    topic = f"yiwang/v1/{DISTRICT}/fire/{device_id}/{channel}"
    return Delivery(topic, payload, received_us=at_us, retain=retain)
