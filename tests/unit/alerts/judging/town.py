"""A town of three device kinds for the tests of the judgement: a meter, a truck, a detector."""

from collections.abc import Iterable
from typing import Any

from alerts.board.alert import Finding
from alerts.judging.conditions import Conditions
from alerts.judging.rulebook import Rulebook
from alerts.judging.rules import Limit, Rule
from devices.model import Device, Metric, Profile, Site
from devices.reading import Quality, Reading, Report
from devices.registry import Registry, RegistryContent
from tests.unit.alerts.making import DISTRICT, NOW, S

METRICS = ("pressure_mpa", "flow_m3_h", "load_state", "lift_state", "cover_state")
PRESSURE, FLOW, LOAD, LIFT, COVER = range(1, 6)
LIMITS_S = 300


def _profile(profile_id: str, metrics: tuple[str, ...], events: tuple[str, ...] = ()) -> Profile:
    return Profile(
        profile_id=profile_id,
        domain=profile_id,
        name_zh="类",
        name_en="kind",
        expected_interval_s=10,
        offline_after_s=30,
        metrics=metrics,
        events=events,
    )


METER = _profile("meter", METRICS[:2])
TRUCK = _profile("truck", METRICS[2:], ("lift", "cover_open"))
DETECTOR = _profile("detector", (), ("fire", "fault", "shielded", "supervised"))


def town(*others: Device) -> Registry:
    """One device of each kind, and a second meter."""
    kinds = {"meter": "meter", "other": "meter", "truck": "truck", "detector": "detector"}
    devices = [
        Device(
            device_id=name,
            profile_id=kind,
            site_id="s",
            district=DISTRICT,
            name=name,
            number=number,
        )
        for number, (name, kind) in enumerate(kinds.items(), 1)
    ]
    content = RegistryContent(
        version=1,
        sites=(Site(site_id="s", kind="k", name="地", district=DISTRICT, lon=103, lat=36),),
        metrics=tuple(_metric(number, name) for number, name in enumerate(METRICS, 1)),
        profiles=(METER, TRUCK, DETECTOR),
        devices=(*devices, *others),
    )
    return Registry(content)


def _metric(number: int, name: str) -> Metric:
    return Metric(
        name=name, unit="u", low=-100, high=100, name_zh=name, name_en=name, number=number
    )


TOWN = town()


def judging(*rules: Rule) -> Conditions:
    """Everything ready to judge by these rules."""
    conditions = Conditions(late_us=LIMITS_S * S, ahead_us=LIMITS_S * S)
    conditions.adopt(TOWN, Rulebook(rules).index(TOWN))
    return conditions


def measured(
    conditions: Conditions,
    values: dict[int, float],
    at_s: float,
    *,
    who: str = "meter",
    quality: int = Quality.GOOD,
) -> list[Finding]:
    """What comes of one message, heard at once."""
    at_us = NOW + round(at_s * S)
    readings = [Reading(metric, at_us, value, quality) for metric, value in values.items()]
    speaker = TOWN.speakers[who]
    return conditions.judge(speaker, Report(speaker.number, at_us, None, readings), at_us)


def all_measured(
    conditions: Conditions, values: Iterable[float], *, every_s: float = 10, **rest: Any
) -> list[Finding]:
    """What comes of a series of pressures."""
    return [
        finding
        for number, value in enumerate(values)
        for finding in measured(conditions, {PRESSURE: value}, number * every_s, **rest)
    ]


def passed(
    above: Limit | None, below: Limit | None, value: float, *, was_bad: bool
) -> float | None:
    """The limit that makes a value bad, as plainly as it can be said; None for a good one."""
    if above is not None and (value > above.clear_at if was_bad else value >= above.limit):
        return above.limit
    if below is not None and (value < below.clear_at if was_bad else value < below.limit):
        return below.limit
    return None
