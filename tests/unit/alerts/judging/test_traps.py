"""State words as the field sends them: domain notes 1.4.6, GB/T 26875.3-2011 figures 6 and 7."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts.board.alert import Began, Ended, Finding
from alerts.judging.conditions import Conditions
from alerts.judging.rulebook import SHIPPED, Rulebook, load_rulebook
from devices.catalogue import load_catalogue
from devices.model import Device, Metric, Site
from devices.reading import Event, Report
from devices.registry import Registry, RegistryContent
from tests.unit.alerts.making import DISTRICT, NOW, S

BITS = {1: "fire", 2: "fault", 3: "shielded", 4: "supervised", 6: "feedback"}
"""Bits of a component's state word that this device kind may signal; bit 0 unset means test."""

SHIPPED_RULES = load_rulebook(SHIPPED)


def city() -> Registry:
    catalogue = load_catalogue()
    numbered = [
        Metric(
            name=it.name,
            unit=it.unit,
            low=it.low,
            high=it.high,
            name_zh=it.name_zh,
            name_en=it.name_en,
            number=number,
        )
        for number, it in enumerate(catalogue.metrics, 1)
    ]
    smoke = Device(
        device_id="smoke",
        profile_id="smoke-detector",
        site_id="s",
        district=DISTRICT,
        name="烟感",
        number=1,
    )
    site = Site(site_id="s", kind="fire_unit", name="楼", district=DISTRICT, lon=103, lat=36)
    content = RegistryContent(
        version=1,
        sites=(site,),
        metrics=tuple(numbered),
        profiles=tuple(catalogue.profiles),
        devices=(smoke,),
    )
    return Registry(content)


CITY = city()


def judging(rulebook: Rulebook = SHIPPED_RULES) -> Conditions:
    conditions = Conditions(late_us=300 * S, ahead_us=300 * S)
    conditions.adopt(CITY, rulebook.index(CITY))
    return conditions


def said(conditions: Conditions, word: int, at_s: int) -> list[Finding]:
    """What comes of one state word: every signal it may carry, set or not, and test for bit 0."""
    at_us = NOW + at_s * S
    signals = [Event(at_us, kind, bool(word >> bit & 1)) for bit, kind in BITS.items()]
    test = Event(at_us, "test", not word & 1)
    report = Report(1, at_us, None, events=(test, *signals))
    return conditions.judge(CITY.speakers["smoke"], report, at_us)


def told(findings: list[Finding]) -> set[str]:
    return {it.rule.rule_id if isinstance(it, Began) else f"end of {it.rule_id}" for it in findings}


@pytest.mark.parametrize("word", [0x0002, 0x0003], ids=["marked-as-test", "normal-running"])
def test_fire_is_fire_whatever_the_test_bit_says(word: int) -> None:
    (began,) = said(judging(), word, 0)

    assert isinstance(began, Began)
    assert (began.rule.rule_id, began.rule.life_safety) == ("fire-event", True)


@pytest.mark.parametrize("word", [0x0000, 0x0001], ids=["nothing-set", "only-normal-running"])
def test_a_fault_is_over_when_its_bit_is_gone_whatever_bit_0_says(word: int) -> None:
    conditions = judging()

    assert told(said(conditions, 0x0004, 0)) == {"fire-detector-fault"}
    assert told(said(conditions, word, 10)) == {"end of fire-detector-fault"}


def test_a_fire_beside_a_fault_and_a_shield_is_told_with_them() -> None:
    assert told(said(judging(), 0x000E, 0)) == {
        "fire-event",
        "fire-detector-fault",
        "fire-device-shielded",
    }


def test_a_test_alone_is_nothing_and_ends_nothing() -> None:
    conditions = judging()
    said(conditions, 0x0003, 0)
    test = Report(1, NOW + S, None, events=(Event(NOW + S, "test", active=True),))

    assert conditions.judge(CITY.speakers["smoke"], test, NOW + S) == []


def test_no_shipped_rule_listens_to_the_test_bit() -> None:
    prepared = SHIPPED_RULES.index(CITY)

    assert all("test" not in rules.events for rules in prepared.values())


@given(st.lists(st.integers(0, 0xFFFF), min_size=1, max_size=30))
def test_fire_stands_exactly_as_long_as_its_bit(words: list[int]) -> None:
    conditions, burns = judging(), False
    for number, word in enumerate(words):
        found = said(conditions, word, number)
        begins = any(isinstance(it, Began) and it.rule.rule_id == "fire-event" for it in found)
        ends = any(isinstance(it, Ended) and it.rule_id == "fire-event" for it in found)
        is_fire = bool(word & 0b10)
        assert (begins, ends) == (is_fire and not burns, burns and not is_fire)
        burns = is_fire
