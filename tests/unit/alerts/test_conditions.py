from typing import Any

import pytest

from alerts.board.alert import Began, Ended, Finding, Measure
from alerts.judging.conditions import Conditions, Key
from alerts.judging.lasting import Memory, Phase
from alerts.judging.rulebook import Rulebook
from devices.reading import Event, Position, Quality, Reading, Report
from devices.registry import Registry
from tests.unit.alerts.making import FIRE, HOT, NOW, RULES, SPEEDING, S, device, registry

CITY = registry(device("d"), device("replayed", attributes={"replay": True}))


@pytest.fixture
def conditions() -> Conditions:
    return fresh(CITY)


def fresh(city: Registry) -> Conditions:
    conditions = Conditions(late_us=300 * S, ahead_us=300 * S)
    conditions.adopt(city, Rulebook(RULES).index(city))
    return conditions


def measured(
    conditions: Conditions,
    value: float,
    at_s: float,
    *,
    quality: int = Quality.GOOD,
    late_s: float = 0,
    who: str = "d",
) -> list[Finding]:
    at_us = NOW + round(at_s * S)
    report = Report(1, at_us, None, [Reading(1, at_us, value, quality)])
    return conditions.judge(CITY.speakers[who], report, at_us + round(late_s * S))


def signalled(
    conditions: Conditions, active: bool, at_s: float, *, kind: str = "fire", late_s: float = 0
) -> list[Finding]:
    at_us = NOW + round(at_s * S)
    report = Report(1, at_us, None, events=(Event(at_us, kind, active),))
    return conditions.judge(CITY.speakers["d"], report, at_us + round(late_s * S))


def test_heat_that_lasts_begins_an_alert_with_what_was_measured(conditions: Conditions) -> None:
    assert measured(conditions, 51, 0) == []
    (began,) = measured(conditions, 52, 10)

    assert isinstance(began, Began)
    assert began.measure == Measure("temperature_c", 52, 50, "°C")
    assert (began.identity_us, began.at_us) == (NOW, NOW + 10 * S)
    assert (began.subject.source, began.subject.domain, began.late) == ("d", "fire", False)


def test_heat_that_goes_ends_it_after_the_off_delay(conditions: Conditions) -> None:
    measured(conditions, 51, 0)
    measured(conditions, 51, 10)

    assert measured(conditions, 46, 20) == []  # in the deadband
    assert measured(conditions, 45, 30) == []
    assert measured(conditions, 44, 35) == [Ended("hot", "d", NOW + 35 * S)]


def test_a_device_that_falls_silent_while_bad_is_raised_all_the_same(
    conditions: Conditions,
) -> None:
    measured(conditions, 51, 0)

    assert list(conditions.outlast(NOW + 20 * S - 1)) == []
    (began,) = conditions.outlast(NOW + 20 * S)  # on-delay and one expected interval
    assert isinstance(began, Began)
    assert (began.rule, began.at_us, began.measure.value) == (HOT, NOW + 10 * S, 51)
    assert list(conditions.outlast(NOW + 100 * S)) == []


def test_our_own_deafness_gives_a_pending_alert_one_more_interval(conditions: Conditions) -> None:
    measured(conditions, 51, 0)

    conditions.give_grace(NOW + 60 * S)

    assert list(conditions.outlast(NOW + 70 * S - 1)) == []
    assert len(list(conditions.outlast(NOW + 70 * S))) == 1


def test_a_pending_delay_survives_a_restart(conditions: Conditions) -> None:
    measured(conditions, 51, 0)
    restarted = fresh(CITY)

    restarted.restore(conditions.changed)

    (began,) = restarted.outlast(NOW + 20 * S)
    assert isinstance(began, Began)
    assert (began.identity_us, began.measure.limit) == (NOW, 50)


def test_a_pending_delay_of_a_device_that_is_gone_comes_to_nothing(conditions: Conditions) -> None:
    measured(conditions, 51, 0)
    conditions.adopt(registry(), {})

    assert list(conditions.outlast(NOW + 100 * S)) == []


@pytest.mark.parametrize(
    ("case", "judged"),
    [
        pytest.param({}, True, id="a-good-value-in-time"),
        pytest.param({"quality": Quality.UNCERTAIN_RANGE}, False, id="implausible"),
        pytest.param({"quality": Quality.UNCERTAIN_CLOCK}, False, id="dated-by-us"),
        pytest.param({"quality": Quality.BAD_SENSOR}, False, id="sensor-broken"),
        pytest.param({"quality": Quality.GOOD_LATE}, True, id="good-as-far-as-quality-goes"),
        pytest.param({"at_s": -1}, False, id="older-than-the-last"),
        pytest.param({"at_s": 0}, False, id="the-last-one-again"),
        pytest.param({"at_s": 0.001}, True, id="just-newer-than-the-last"),
        pytest.param({"late_s": 300}, True, id="at-the-limit-of-lateness"),
        pytest.param({"late_s": 300.001}, False, id="just-too-late"),
        pytest.param({"late_s": -300}, True, id="at-the-limit-of-running-ahead"),
        pytest.param({"late_s": -300.001}, False, id="just-too-far-ahead"),
    ],
)
@pytest.mark.parametrize("value", [20, 99], ids=["well", "hot"])
def test_what_is_not_of_the_present_or_not_good_is_history_only(
    conditions: Conditions, value: float, case: dict[str, Any], judged: bool
) -> None:
    measured(conditions, 20, 0)
    measured(conditions, value, **{"at_s": 10, **case})

    assert (conditions.judged, conditions.unjudged) == ((2, 0) if judged else (1, 1))
    assert bool(conditions.changed) == (judged and value == 99)


def test_values_out_of_order_change_nothing(conditions: Conditions) -> None:
    measured(conditions, 51, 10)
    assert measured(conditions, 20, 5) == []

    assert len(measured(conditions, 51, 20)) == 1


def test_recorded_data_is_judged_by_its_own_time_and_marked(conditions: Conditions) -> None:
    measured(conditions, 51, 0, who="replayed", late_s=1e6)
    (began,) = measured(conditions, 51, 10, who="replayed", late_s=1e6)

    assert isinstance(began, Began)
    assert began.late


def test_a_late_fire_is_raised_and_marked(conditions: Conditions) -> None:
    (began,) = signalled(conditions, True, 0, late_s=1020)

    assert isinstance(began, Began)
    assert (began.rule, began.late, began.at_us) == (FIRE, True, NOW)


def test_a_fire_that_was_over_before_we_heard_of_it_is_told_as_such(
    conditions: Conditions,
) -> None:
    signalled(conditions, False, 60)

    began, ended = signalled(conditions, True, 0)

    assert isinstance(began, Began)
    assert ended == Ended("fire", "d", NOW + 60 * S)


def test_a_fire_by_a_clock_ahead_is_raised_at_our_time(conditions: Conditions) -> None:
    (began,) = signalled(conditions, True, 3600, late_s=-3600)

    assert isinstance(began, Began)
    assert (began.at_us, began.identity_us, began.late) == (NOW, NOW + 3600 * S, False)


def test_a_test_signal_beside_it_hides_no_fire(conditions: Conditions) -> None:
    events = (Event(NOW, "test", active=True), Event(NOW, "fire", active=True))

    findings = conditions.judge(CITY.speakers["d"], Report(1, NOW, None, events=events), NOW)

    assert [finding.rule for finding in findings if isinstance(finding, Began)] == [FIRE]


def test_speed_is_judged_from_positions(conditions: Conditions) -> None:
    places = (Position(NOW, 103.0, 36.0), Position(NOW + S, 103.0, 36.0, 61.0))

    findings = conditions.judge(CITY.speakers["d"], Report(1, NOW, None, positions=places), NOW)

    (began,) = findings
    assert isinstance(began, Began)
    assert (began.rule, began.measure.unit) == (SPEEDING, "km/h")


def test_only_what_moved_is_written(conditions: Conditions) -> None:
    measured(conditions, 20, 0)
    measured(conditions, 21, 1)
    assert conditions.changed == {}

    measured(conditions, 51, 2)

    assert conditions.changed.keys() == {Key("d", "hot")}
    assert conditions.changed[Key("d", "hot")].phase is Phase.RISING


def test_a_memory_from_disk_keeps_old_values_out(conditions: Conditions) -> None:
    conditions.restore({Key("d", "hot"): Memory(Phase.BAD, NOW + 10 * S, NOW)})

    assert measured(conditions, 20, 5) == []
    assert measured(conditions, 20, 15) == []
    assert measured(conditions, 20, 20) == [Ended("hot", "d", NOW + 20 * S)]


def test_a_device_of_a_kind_without_rules_is_not_judged() -> None:
    conditions = Conditions(late_us=S, ahead_us=S)

    assert measured(conditions, 99, 0) == []
