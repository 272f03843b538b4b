"""Entering, leaving, and standing at the fence."""

from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts.detectors.geofence import GeofenceRule, ready
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
FAR_DUMP = site("dump-2", "dump_site", square(160, 3_000), "南山消纳场")
CITY = registry(truck(), sites=(DUMP, FAR_DUMP, site("dump-3", "dump_site", None)))


def watched(bad: str = "inside", **rest: Any) -> Watched:
    rule = GeofenceRule(**WORDS, bad=bad, **({"site_kinds": ("dump_site",)} | rest))
    return Watched(ready(rule, TRUCK, CITY))


@pytest.mark.parametrize(
    ("east_m", "is_bad"),
    [
        pytest.param(0, True, id="in-the-middle"),
        pytest.param(159, True, id="just-inside"),
        pytest.param(162, False, id="just-outside"),
        pytest.param(1_000, False, id="far-away"),
        pytest.param(3_000, True, id="in-the-other-one"),
    ],
)
def test_the_first_fix_decides_the_side(east_m: float, is_bad: bool) -> None:
    assert watched("inside").see(fix(east_m, 0, 0)) is is_bad
    assert watched("outside").see(fix(east_m, 0, 0)) is (not is_bad and east_m > 190)


def test_in_doubt_the_first_fix_after_a_restart_is_judged_as_before() -> None:
    inside, outside = watched("inside"), watched("outside")
    inside.bad = outside.bad = True

    assert inside.see(fix(175, 0, 0))
    assert outside.see(fix(175, 0, 0))


def test_a_truck_enters_at_the_edge_and_leaves_beyond_the_buffer() -> None:
    truck_1 = watched("inside", buffer_m=30)
    drive = [250, 180, 155, 170, 185, 195, 175]

    seen = [truck_1.see(fix(east, 0, 10 * n)) for n, east in enumerate(drive)]

    assert seen == [False, False, True, True, True, False, False]


@given(st.lists(st.tuples(st.floats(160.5, 189.5), st.floats(-100, 100)), max_size=30))
def test_between_edge_and_buffer_nothing_ever_changes(
    drift: list[tuple[float, float]],
) -> None:
    for start, is_bad in ((100, True), (250, False)):
        parked = watched("inside", buffer_m=30)
        parked.see(fix(start, 0, 0))

        seen = [parked.see(fix(*each, 60 + 30 * n)) for n, each in enumerate(drift)]

        assert seen == [is_bad] * len(drift)


@given(st.lists(st.tuples(st.floats(-400, 400), st.floats(-400, 400)), max_size=40))
def test_inside_and_outside_are_each_others_opposite_once_the_side_is_known(
    drive: list[tuple[float, float]],
) -> None:
    inside, outside = watched("inside"), watched("outside")
    for n, (east, north) in enumerate([(0.0, 0.0), *drive]):
        here = fix(east, north, 60 * n)

        assert inside.see(here) is not outside.see(here)


def test_the_alert_names_the_place() -> None:
    truck_1 = watched("inside")
    truck_1.see(fix(0, 0, 0))

    assert truck_1.verdict is not None
    assert truck_1.verdict.about == "北山消纳场"


def test_what_lies_outside_names_the_place_it_left() -> None:
    truck_1 = watched("outside")
    truck_1.see(fix(0, 0, 0))
    truck_1.see(fix(400, 0, 60))

    assert truck_1.verdict is not None
    assert truck_1.verdict.bad
    assert truck_1.verdict.about == "北山消纳场"


def test_one_jump_into_a_place_is_no_entry() -> None:
    truck_1 = watched("inside", sites=("dump-2",), site_kinds=())
    for n in range(3):
        truck_1.see(fix(0, 0, 30 * n))

    assert not truck_1.see(fix(3_000, 0, 90))
    assert truck_1.verdict is None
    assert not truck_1.see(fix(10, 0, 120))


def test_an_area_may_be_drawn_in_the_rule() -> None:
    truck_1 = watched("inside", site_kinds=(), area=square(50, 1_000))

    assert truck_1.see(fix(1_000, 10, 0))
    assert truck_1.verdict is not None
    assert truck_1.verdict.about == "题"


def test_a_site_without_polygon_counts_where_the_rule_gives_a_radius() -> None:
    alone = registry(truck(), sites=(site("dump-3", "dump_site", None),))
    rule = GeofenceRule(**WORDS, bad="inside", site_kinds=("dump_site",))
    round_it = msgspec.structs.replace(rule, radius_m=100)

    assert ready(rule, TRUCK, alone) is None
    assert Watched(ready(round_it, TRUCK, alone)).see(fix(80, 0, 0))


def test_the_state_survives_as_json() -> None:
    truck_1 = watched("inside")
    truck_1.see(fix(0, 0, 0))

    saved = msgspec.json.encode(truck_1.state)
    truck_1.state = msgspec.json.decode(saved, type=truck_1.detector.state_type)

    assert truck_1.see(fix(175, 0, 30))
    assert truck_1.verdict is not None
    assert truck_1.verdict.about == "北山消纳场"


@pytest.mark.parametrize(
    "fields",
    [
        pytest.param({"bad": "inside"}, id="no-places"),
        pytest.param({"bad": "near", "sites": ["a"]}, id="neither-in-nor-out"),
        pytest.param({"bad": "inside", "area": {"type": "Point"}}, id="area-is-a-point"),
        pytest.param({"bad": "inside", "sites": ["a"], "bufer_m": 3}, id="misspelt"),
        pytest.param({"bad": "inside", "sites": ["a"], "gate_kmh": 0}, id="nobody-may-move"),
    ],
)
def test_a_geofence_that_means_nothing_is_refused(fields: dict[str, Any]) -> None:
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert({"kind": "geofence", **WORDS, **fields}, GeofenceRule)


def test_a_rule_for_others_is_not_made_ready() -> None:
    rule = GeofenceRule(**WORDS, bad="inside", site_kinds=("dump_site",), domains=("fire",))

    assert ready(rule, TRUCK, CITY) is None


@given(
    st.lists(st.tuples(st.floats(-300, 300), st.floats(-300, 300)), min_size=4, max_size=20),
    st.integers(1, 18),
    st.tuples(st.floats(5_000, 80_000), st.floats(-80_000, 80_000)),
)
def test_one_wild_fix_anywhere_changes_nothing_that_is_said(
    drive: list[tuple[float, float]], when: int, wild: tuple[float, float]
) -> None:
    calm, shaken = watched("inside"), watched("inside")
    for n, (east, north) in enumerate(drive):
        if n == when:
            before = shaken.bad
            assert shaken.see(fix(*wild, 60 * n - 30)) is before

        assert calm.see(fix(east, north, 60 * n)) is shaken.see(fix(east, north, 60 * n))
