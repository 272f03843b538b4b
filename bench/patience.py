"""A city in memory whose devices talk, burn or fall silent, for the measuring of deadlines."""

from collections.abc import Iterator
from typing import Any, Final

import msgspec

from alerts.judging.rules import EventRule, OfflineRule
from alerts.people.desks import Desk, Scope, Step
from core.broker import Delivery
from devices.model import Device, Metric, Profile, Site
from devices.registry import Registry, RegistryContent

DEADLINES: Final = 100_000
FIRES: Final = 200
STEPS: Final = 10
OFFLINE_AFTER_S: Final = 4

_S: Final = 1_000_000
_TURN: Final = 1000  # messages between two commits at most, as the engine has it
_TALKERS: Final = 10_000
_DISTRICT: Final = "620171"
_WORDS: Final[dict[str, Any]] = {
    "version": 1,
    "title_zh": "题",
    "title_en": "title",
    "guidance_zh": "做",
    "guidance_en": "do",
    "owner": "bench",
    "meaning": "meaning",
    "consequence": "consequence",
}
FIRE: Final = EventRule(
    rule_id="fire", priority="critical", event="fire", latching=True, life_safety=True, **_WORDS
)
SILENT: Final = OfflineRule(rule_id="silent", priority="low", cause="device", **_WORDS)
DESK: Final = Desk(
    desk_id="fire",
    name_zh="消防",
    name_en="Fire",
    scope=Scope(domains=("fire",)),
    members=("one", "two"),
    chains={"critical": tuple(Step(after_s=number) for number in range(STEPS + 1))},
)


class Speech:
    """What devices say: talkers at a steady rate, and each burning detector once."""

    def __init__(self, begin_us: int, *, rate: int, burn_over_us: int) -> None:
        """Begin to speak at this instant."""
        self._begin_us = begin_us
        self._rate = rate
        self._burn_over_us = burn_over_us
        self._said = 0
        self._burnt = 0

    def until(self, now_us: int) -> Iterator[Delivery]:
        """Yield what has been said by now; at most a turn of it."""
        passed_us = now_us - self._begin_us
        burning = min(FIRES, passed_us * FIRES // self._burn_over_us)
        for number in range(self._burnt, burning):
            yield _said("fire", number, "event", b'"event":"fire","active":true', now_us)
        self._burnt = max(self._burnt, burning)
        due = min(passed_us * self._rate // _S, self._said + _TURN)
        for number in range(self._said, due):
            yield _said("talker", number % _TALKERS, "telemetry", b'"values":{"level_m":1}', now_us)
        self._said = max(self._said, due)


def registry(silent: int) -> Registry:
    """Make a city: those who will fall silent, talk, burn, and the patient rest."""
    site = Site(site_id="unit", kind="fire_unit", name="楼", district=_DISTRICT, lon=103, lat=36)
    level = Metric(name="level_m", unit="m", low=0, high=9, name_zh="位", name_en="l", number=1)
    return Registry(
        RegistryContent(
            version=1,
            sites=(site,),
            metrics=(level,),
            profiles=_profiles(),
            devices=tuple(_devices(silent)),
        )
    )


def _devices(silent: int) -> Iterator[Device]:
    rest = DEADLINES - silent - _TALKERS - FIRES
    crowds = (("silent", silent), ("talker", _TALKERS), ("fire", FIRES), ("rest", rest))
    names = [(kind, f"{kind}-{number}") for kind, count in crowds for number in range(count)]
    for number, (kind, name) in enumerate(names, 1):
        yield Device(
            device_id=name,
            profile_id="hasty" if kind == "silent" else "patient",
            site_id="unit",
            district=_DISTRICT,
            name=name,
            number=number,
        )


def _profiles() -> tuple[Profile, Profile]:
    patient = Profile(
        profile_id="patient",
        domain="fire",
        name_zh="探测器",
        name_en="detector",
        expected_interval_s=600,
        offline_after_s=3600,
        metrics=("level_m",),
        events=("fire",),
    )
    hasty = msgspec.structs.replace(
        patient, profile_id="hasty", expected_interval_s=2, offline_after_s=OFFLINE_AFTER_S
    )
    return patient, hasty


def _said(kind: str, number: int, channel: str, content: bytes, now_us: int) -> Delivery:
    topic = f"yiwang/v1/{_DISTRICT}/fire/{kind}-{number}/{channel}"
    return Delivery(topic, b'{"ts":%d,%b}' % (now_us // 1000, content), received_us=now_us)
