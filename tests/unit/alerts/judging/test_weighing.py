import math
from collections.abc import Mapping
from typing import Any

import msgspec
import pytest

from alerts.board.alert import Began, Ended, Finding
from alerts.detectors.baseline import BaselineRule
from alerts.detectors.change import RateRule
from alerts.detectors.expression import ExpressionRule
from alerts.detectors.forbidden import ForbiddenRule
from alerts.detectors.sliding import Past
from alerts.detectors.stuck import StuckRule
from alerts.judging.conditions import KNOWN, Conditions
from alerts.judging.detecting import Fix, Known
from alerts.judging.knowledge import Knowledge
from alerts.judging.posts import as_state
from alerts.judging.rulebook import Rulebook
from alerts.judging.rules import Limit, ThresholdRule
from devices.reading import Event, Position, Reading, Report
from tests.unit.alerts.judging.town import (
    COVER,
    FLOW,
    LIFT,
    LIMITS_S,
    LOAD,
    PRESSURE,
    TOWN,
    all_measured,
    judging,
    measured,
)
from tests.unit.alerts.making import NOW, WORDS, S

BURST = ExpressionRule(
    rule_id="burst",
    priority="low",
    when="pressure_mpa < 10 and flow_m3_h > 50",
    on_delay_s=20,
    max_age_s=60,
    **WORDS,
)
FALL = RateRule(
    rule_id="fall",
    priority="low",
    metric="pressure_mpa",
    window_s=120,
    falling=Limit(6, 1),
    **WORDS,
)
FROZEN = StuckRule(
    rule_id="frozen",
    priority="low",
    metric="pressure_mpa",
    stuck_s=100,
    on_delay_s=50,
    off_delay_s=20,
    **WORDS,
)
LIFTED = ForbiddenRule(
    rule_id="lifted", priority="low", act="lift", except_kinds=("k",), radius_m=100, **WORDS
)


def restarted(before: Conditions, *rules: Any) -> Conditions:
    """A new process, that reads what the old one wrote."""
    after = Conditions(late_us=LIMITS_S * S, ahead_us=LIMITS_S * S)
    after.restore(before.changed)
    after.restore_states(msgspec.json.decode(msgspec.json.encode(before.detector_states())))
    after.adopt(TOWN, Rulebook(rules).index(TOWN))
    return after


def names(findings: list[Finding]) -> list[str]:
    return [it.rule.rule_id if isinstance(it, Began) else f"end of {it.rule_id}" for it in findings]


def test_several_metrics_are_judged_together_whichever_message_tells_of_them() -> None:
    conditions = judging(BURST)
    measured(conditions, {PRESSURE: 5.0}, 0)
    assert measured(conditions, {FLOW: 80.0}, 10) == []
    assert measured(conditions, {PRESSURE: 5.0}, 20) == []
    assert names(measured(conditions, {FLOW: 80.0}, 30)) == ["burst"]
    assert names(measured(conditions, {PRESSURE: 20.0}, 40)) == ["end of burst"]


def test_one_message_with_all_of_them_is_one_judgement() -> None:
    conditions = judging(BURST)
    measured(conditions, {PRESSURE: 5.0, FLOW: 80.0}, 0)

    assert conditions.judged == 1


def test_values_known_before_a_restart_are_known_after_it() -> None:
    before = judging(BURST)
    measured(before, {PRESSURE: 5.0, FLOW: 80.0}, 0)
    after = restarted(before, BURST)

    assert names(measured(after, {FLOW: 80.0}, 20)) == ["burst"]


def test_an_older_value_does_not_replace_a_newer_one() -> None:
    conditions = judging(BURST)
    measured(conditions, {PRESSURE: 20.0}, 10)
    measured(conditions, {PRESSURE: 5.0}, 0)
    measured(conditions, {FLOW: 80.0}, 15)

    assert measured(conditions, {FLOW: 80.0}, 60) == []


def test_delays_hold_for_every_kind() -> None:
    values = [7.0] * 21 + [9.0, 8.0, 9.0]
    began, ended = all_measured(judging(FROZEN), values)

    assert isinstance(began, Began)
    assert (began.identity_us, began.at_us) == (NOW + 100 * S, NOW + 150 * S)
    assert ended == Ended("frozen", "meter", NOW + 230 * S)


def test_a_pending_delay_of_any_kind_outlasts_a_restart_and_silence() -> None:
    before = judging(FROZEN)
    all_measured(before, [7.0] * 12)
    after = restarted(before, FROZEN)

    (began,) = after.outlast(NOW + 200 * S)

    assert isinstance(began, Began)
    assert (began.rule, began.measure.value, began.at_us) == (FROZEN, 7, NOW + 150 * S)


def test_what_a_detector_remembers_outlasts_a_restart() -> None:
    before = judging(FALL)
    values = [50.0 - 2 * number for number in range(12)]
    first = [f for at, v in enumerate(values[:6]) for f in measured(before, {PRESSURE: v}, at * 10)]
    after = restarted(before, FALL)

    assert first == []
    assert names(measured(after, {PRESSURE: values[6]}, 60)) == ["fall"]


def test_only_those_heard_since_the_last_time_are_saved() -> None:
    conditions = judging(FALL)
    measured(conditions, {PRESSURE: 5.0}, 0)
    measured(conditions, {PRESSURE: 5.0}, 0, who="other")
    assert conditions.detector_states().keys() == {"meter", "other"}

    measured(conditions, {PRESSURE: 5.0}, 20)

    assert conditions.detector_states() == {"meter": {"fall": Past((NOW, NOW + 20 * S), (5, 5))}}
    assert conditions.detector_states() == {}


def test_many_are_saved_a_part_at_a_time() -> None:
    conditions = judging(FALL)
    measured(conditions, {PRESSURE: 5.0}, 0)
    measured(conditions, {PRESSURE: 5.0}, 0, who="other")

    assert conditions.detector_states(most=1).keys() == {"meter"}
    assert conditions.detector_states(most=1).keys() == {"other"}


def test_a_saved_state_that_no_longer_fits_is_begun_anew() -> None:
    conditions = Conditions(late_us=S, ahead_us=S)
    conditions.restore_states({"meter": {"fall": "nonsense", "gone": 1}, "nobody": {"fall": 1}})
    conditions.adopt(TOWN, Rulebook([FALL]).index(TOWN))

    assert measured(conditions, {PRESSURE: 5.0}, 0) == []


@pytest.mark.parametrize(
    ("state_type", "saved", "state"),
    [
        pytest.param(Past, [[1], [2.0]], Past((1,), (2.0,)), id="as-its-type"),
        pytest.param(Past, "x", None, id="of-another-form"),
        pytest.param(None, [1, [2]], [1, [2]], id="as-it-is"),
    ],
)
def test_a_saved_state_comes_back_as_its_type(state_type: Any, saved: Any, state: Any) -> None:
    assert as_state(state_type, saved) == state


def test_the_norms_of_the_device_itself_are_asked() -> None:
    rule = BaselineRule(
        rule_id="odd", priority="low", metric="pressure_mpa", spread_floor=1, **WORDS
    )

    assert measured(judging(rule), {PRESSURE: 99.0}, 0) == []  # nothing is known of anybody


class Yard:
    """A truck on a road that is no dump."""

    def __init__(self, *rules: Any) -> None:
        self.conditions = judging(*rules)

    def says(self, at_s: float, states: Mapping[int, float], *events: Event) -> list[Finding]:
        at_us = NOW + round(at_s * S)
        readings = [Reading(metric, at_us, value) for metric, value in states.items()]
        return self._judge(Report(3, at_us, None, readings, events=events), at_us)

    def drives(self, at_s: float, *, late_s: float = 0) -> list[Finding]:
        at_us = NOW + round(at_s * S)
        places = (Position(at_us, 103.5, 36.5, 20.0),)
        return self._judge(Report(3, at_us, None, positions=places), at_us + round(late_s * S))

    def _judge(self, report: Report, now_us: int) -> list[Finding]:
        return self.conditions.judge(TOWN.speakers["truck"], report, now_us)


def test_a_late_position_is_history_only() -> None:
    yard = Yard(
        ThresholdRule(
            rule_id="fast", priority="low", metric="speed_kmh", above=Limit(10, 5), **WORDS
        )
    )

    assert yard.drives(0, late_s=LIMITS_S + 1) == []
    assert names(yard.drives(10)) == ["fast"]


def fix(knowledge: Knowledge, at_s: float) -> Fix:
    position = Position(NOW + round(at_s * S), 103.5, 36.5, 20.0)
    return knowledge.fix("truck", position, 10 * S)


def learned(*events: Event, **states: float) -> Knowledge:
    knowledge = Knowledge()
    for metric, value in states.items():
        knowledge.learn("truck", metric, value, NOW)
    knowledge.hear("truck", events, oldest_us=0, newest_us=NOW + 100 * S)
    return knowledge


@pytest.mark.parametrize(
    ("load", "loaded"),
    [pytest.param(0, False, id="empty"), pytest.param(0.5, True, id="half"), (1, True)],
)
def test_a_truck_is_loaded_from_half_full_on(load: float, loaded: bool) -> None:
    assert fix(learned(load_state=load), 10).loaded is loaded


def test_what_was_never_said_is_not_known() -> None:
    seen = fix(learned(), 0)

    assert (seen.loaded, seen.lifted, seen.cover_open) == (None, None, None)
    assert (seen.device_id, seen.speed_kmh, seen.lon) == ("truck", 20, 103.5)


def test_what_was_not_said_again_for_three_turns_is_not_known_any_more() -> None:
    knowledge = learned(lift_state=1, cover_state=0)

    assert (fix(knowledge, 30).lifted, fix(knowledge, 30).cover_open) == (True, False)
    assert fix(knowledge, 31).lifted is None


def test_a_signal_and_a_state_say_the_same_and_the_newer_counts() -> None:
    knowledge = learned(
        Event(NOW + S, "lift", active=True), Event(NOW + S, "cover_open", active=True), lift_state=0
    )
    assert (fix(knowledge, 10).lifted, fix(knowledge, 10).cover_open) == (True, True)

    knowledge.hear("truck", [Event(NOW - S, "lift", active=False)], oldest_us=0, newest_us=NOW)

    assert fix(knowledge, 10).lifted


def test_a_body_lifted_where_it_must_not_be_is_told() -> None:
    yard = Yard(LIFTED)
    yard.says(0, {LIFT: 1.0, LOAD: 1.0, COVER: 0.0})
    found = [names(yard.drives(at_s)) for at_s in (1, 5, 9)]

    assert ["lifted"] in found


def test_what_a_truck_said_last_is_saved_with_it() -> None:
    yard = Yard(LIFTED)
    yard.says(0, {LIFT: 1.0})

    saved = yard.conditions.detector_states()["truck"][KNOWN]

    assert saved == {"lift_state": Known(1.0, NOW)}
    assert math.isclose(saved["lift_state"].value, 1)
