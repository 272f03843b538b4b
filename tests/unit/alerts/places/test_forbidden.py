"""Tipping, loading and driving uncovered, where that is allowed and where it is not."""

from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts.detectors.forbidden import ForbiddenRule, ready
from tests.unit.alerts.places.city import (
    TRUCK,
    WORDS,
    Watched,
    fix,
    registry,
    site,
    square,
    truck,
)

DUMP = site("dump-1", "dump_site", square(160), "北山消纳场")
DIG = site("dig-1", "construction_site", square(80, 2_000), "某工地")
CITY = registry(truck(), sites=(DUMP, DIG))


def watched(act: str, **rest: Any) -> Watched:
    kinds = ("construction_site",) if act == "load" else ("dump_site",)
    rule = ForbiddenRule(**WORDS, act=act, **({"except_kinds": kinds} | rest))
    return Watched(ready(rule, TRUCK, CITY))


@pytest.mark.parametrize(
    ("east_m", "lifted", "is_bad"),
    [
        pytest.param(0, True, False, id="tipping-at-the-dump"),
        pytest.param(185, True, False, id="tipping-just-outside-in-the-benefit-of-the-doubt"),
        pytest.param(195, True, True, id="tipping-outside"),
        pytest.param(2_000, True, True, id="tipping-at-the-construction-site"),
        pytest.param(500, False, False, id="passing-by"),
    ],
)
def test_the_box_may_be_raised_at_a_dump_site_only(
    east_m: float, lifted: bool, is_bad: bool
) -> None:
    assert watched("lift").see(fix(east_m, 0, 0, lifted=lifted)) is is_bad


def test_suspected_dumping_ends_when_the_box_is_down() -> None:
    truck_1 = watched("lift")

    assert truck_1.see(fix(500, 0, 0, lifted=True))
    assert not truck_1.see(fix(500, 0, 30, lifted=False))


def test_a_raised_box_is_made_good_only_within_the_fence() -> None:
    truck_1 = watched("lift")

    seen = [
        truck_1.see(fix(east, 0, 60 * n, lifted=True)) for n, east in enumerate([500, 180, 150])
    ]

    assert seen == [True, True, False]


@given(st.lists(st.floats(160.5, 189.5), max_size=30))
def test_at_the_fence_nothing_ever_changes(drift: list[float]) -> None:
    for start in (100, 400):
        truck_1 = watched("lift")
        before = truck_1.see(fix(start, 0, 0, lifted=True))

        seen = [truck_1.see(fix(m, 0, 60 + 30 * n, lifted=True)) for n, m in enumerate(drift)]

        assert seen == [before] * len(drift)


def test_a_permitted_site_close_by_is_named() -> None:
    truck_1 = watched("lift")
    truck_1.see(fix(500, 0, 0, lifted=True))
    truck_1.see(fix(180, 0, 60, lifted=True))

    assert truck_1.verdict is not None
    assert truck_1.verdict.about == "北山消纳场"


@pytest.mark.parametrize(
    ("known", "is_bad"),
    [
        pytest.param({}, True, id="full-moving-open"),
        pytest.param({"loaded": False}, False, id="empty"),
        pytest.param({"cover_open": False}, False, id="covered"),
        pytest.param({"speed_kmh": 3.0}, False, id="standing"),
        pytest.param({"loaded": None, "cover_open": False}, False, id="covered-is-enough-to-know"),
    ],
)
def test_a_full_truck_must_not_move_uncovered(known: dict[str, Any], is_bad: bool) -> None:
    state = {"loaded": True, "cover_open": True, "speed_kmh": 30.0} | known

    assert watched("uncovered").see(fix(900, 0, 0, **state)) is is_bad


@pytest.mark.parametrize("unknown", ["loaded", "cover_open", "speed_kmh"])
def test_what_is_not_known_decides_nothing(unknown: str) -> None:
    truck_1 = watched("uncovered")
    known = {"loaded": True, "cover_open": True, "speed_kmh": 30.0} | {unknown: None}
    truck_1.see(fix(900, 0, 0, **known))

    assert truck_1.verdict is None


def loads(*steps: tuple[float, float, bool | None], act: str = "load") -> list[bool]:
    truck_1 = watched(act)
    return [truck_1.see(fix(east, 0, at_s, loaded=loaded)) for east, at_s, loaded in steps]


def test_a_load_that_comes_outside_a_site_is_suspected_until_it_is_gone() -> None:
    steps = (600, 0, False), (600, 60, True), (300, 90, True), (0, 120, False)

    assert loads(*steps) == [False, True, True, False]


def test_a_load_that_comes_at_a_site_is_nobodys_business() -> None:
    assert loads((2_000, 0, False), (2_000, 60, True), (1_500, 90, True)) == [False] * 3


def test_where_a_load_came_that_nobody_saw_coming_is_not_known() -> None:
    long_silence = (600, 0, False), (600, 3_600, True)
    from_the_site = (2_000, 0, False), (1_500, 60, True)
    first_seen_full = ((600, 0, True),)

    assert loads(*long_silence) == [False, False]
    assert loads(*from_the_site) == [False, False]
    assert loads(*first_seen_full) == [False]


def test_a_load_that_is_gone_outside_a_dump_site_was_tipped_there() -> None:
    steps = (900, 0, True), (900, 60, False), (900, 90, False), (900, 120, True)

    assert loads(*steps, act="unload") == [False, True, True, False]


def test_between_two_known_loads_an_unknown_one_changes_nothing() -> None:
    assert loads((600, 0, False), (600, 30, None), (600, 60, True)) == [False, False, True]


def test_a_rule_that_names_no_place_forbids_the_act_everywhere() -> None:
    assert watched("lift", except_kinds=()).see(fix(0, 0, 0, lifted=True))


def test_where_no_permitted_site_is_known_nobody_is_suspected() -> None:
    rule = ForbiddenRule(**WORDS, act="lift", except_kinds=("quarry",))

    assert ready(rule, TRUCK, CITY) is None


def test_suspicion_survives_a_restart() -> None:
    truck_1 = watched("load")
    truck_1.see(fix(600, 0, 0, loaded=False))
    truck_1.see(fix(600, 0, 60, loaded=True))

    saved = msgspec.json.encode(truck_1.state)
    truck_1.state = msgspec.json.decode(saved, type=truck_1.detector.state_type)

    assert truck_1.see(fix(700, 0, 90, loaded=True))


@pytest.mark.parametrize(
    ("act", "subject"),
    [("lift", "lift"), ("load", "load"), ("unload", "unload"), ("uncovered", "cover_open")],
)
def test_the_subject_tells_the_acts_apart(act: str, subject: str) -> None:
    assert ForbiddenRule(**WORDS, act=act).subject == subject


def test_an_act_nobody_knows_is_refused() -> None:
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert({"kind": "forbidden", **WORDS, "act": "honk"}, ForbiddenRule)
