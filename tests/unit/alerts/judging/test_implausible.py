import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts.board.alert import Began, Ended
from alerts.detectors.implausible import ImplausibleRule
from alerts.judging.conditions import Conditions
from alerts.judging.rulebook import Rulebook
from alerts.judging.rules import Limit, ThresholdRule
from devices.reading import Quality
from tests.unit.alerts.judging.town import PRESSURE, TOWN, judging, measured
from tests.unit.alerts.making import NOW, WORDS, S

MAD = ImplausibleRule(
    rule_id="mad", priority="low", metric="pressure_mpa", doubtful=3, of=5, **WORDS
)
HIGH = ThresholdRule(
    rule_id="high", priority="low", metric="pressure_mpa", above=Limit(50, 40), **WORDS
)
BAD = Quality.UNCERTAIN_RANGE


def said(conditions: Conditions, *qualities: int, since_s: int = 0) -> list[tuple[str, int]]:
    """Which alerts begin and end by a value of each quality every ten seconds, and when."""
    happened = []
    for number, quality in enumerate(qualities):
        at_s = since_s + 10 * number
        for finding in measured(conditions, {PRESSURE: 99.0}, at_s, quality=quality):
            rule_id = finding.rule.rule_id if isinstance(finding, Began) else finding.rule_id
            happened.append((f"{type(finding).__name__} {rule_id}", at_s))
    return happened


@pytest.mark.parametrize("quality", [Quality.UNCERTAIN_RANGE, Quality.BAD_SENSOR])
def test_three_doubtful_values_of_five_are_an_alert_about_the_sensor(quality: int) -> None:
    assert said(judging(MAD), quality, 0, quality, 0, quality) == [("Began mad", 40)]


def test_doubtful_values_are_judged_by_no_other_rule() -> None:
    assert said(judging(MAD, HIGH), BAD, BAD, BAD) == [("Began mad", 20)]


def test_two_of_five_are_a_disturbance() -> None:
    assert said(judging(MAD), *[BAD, 0, 0, BAD, 0] * 6) == []


def test_it_ends_when_the_last_doubtful_value_is_out_of_sight() -> None:
    assert said(judging(MAD), BAD, BAD, BAD, 0, 0, 0, 0, 0, 0) == [
        ("Began mad", 20),
        ("Ended mad", 70),
    ]


def test_a_clock_ahead_is_no_fault_of_the_sensor() -> None:
    assert said(judging(MAD), *[Quality.UNCERTAIN_CLOCK] * 10) == []


def test_the_same_message_told_again_counts_once() -> None:
    conditions = judging(MAD)
    for _ in range(5):
        assert measured(conditions, {PRESSURE: 99.0}, 0, quality=BAD) == []


def test_a_sensor_without_doubts_costs_no_memory() -> None:
    conditions = judging(MAD)
    said(conditions, 0, 0, 0)

    assert conditions.detector_states() == {}


def test_after_a_restart_it_goes_on_counting_where_it_was() -> None:
    before = judging(MAD)
    said(before, BAD, BAD, BAD, 0)
    after = fresh(before)

    assert said(after, 0, 0, 0, 0, since_s=40) == [("Ended mad", 70)]


def fresh(before: Conditions) -> Conditions:
    """The judgement of a new process, by what the old one saved."""
    after = Conditions(late_us=300 * S, ahead_us=300 * S)
    after.restore(before.changed)
    saved = msgspec.json.encode(before.detector_states())
    after.restore_states(msgspec.json.decode(saved))
    after.adopt(TOWN, Rulebook([MAD]).index(TOWN))
    return after


def test_it_can_be_asked_for_no_more_than_it_looks_at() -> None:
    with pytest.raises(ValueError, match="cannot be more"):
        ImplausibleRule(rule_id="r", priority="low", metric="m", doubtful=6, of=5, **WORDS)


@given(st.lists(st.booleans(), max_size=40))
def test_it_stands_exactly_from_the_third_of_five_to_the_fifth_good(doubts: list[bool]) -> None:
    conditions, stands = judging(MAD), False
    for number, doubtful in enumerate(doubts):
        seen = doubts[max(0, number - 4) : number + 1]
        stands = any(seen) if stands else sum(seen) >= 3
        quality = BAD if doubtful else Quality.GOOD
        for finding in measured(conditions, {PRESSURE: 1.0}, number * 10, quality=quality):
            assert isinstance(finding, Began) == stands
            assert isinstance(finding, Ended) != stands
        held = conditions.changed.get(("meter", "mad"))
        assert (held is not None and held.phase > 0) == stands
        assert held is None or held.judged_us <= NOW + number * 10 * S
