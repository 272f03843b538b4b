from collections.abc import Iterable
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts.judging.correlation import CorrelationRule
from alerts.judging.rulebook import Rulebook
from alerts.judging.rules import Level, Limit, Rule
from alerts.replay.occurrences import Occurrence
from alerts.replay.replaying import Bounds, Judge, Said, differing, needs, replay, unplayable
from devices.reading import Event, Reading, Report
from tests.unit.alerts.making import FAULT, FIRE, HOT, RULES, SILENT, WORDS, S, device, registry

CITY = registry(device("d1"), device("d2"))
BOUNDS = Bounds(late_us=300 * S, ahead_us=300 * S)


def heat(at_s: float, value: float, *, number: int = 1, after_s: float = 0) -> Said:
    at_us = round(at_s * S)
    report = Report(number, at_us, None, readings=[Reading(1, at_us, value)])
    return Said(at_us + round(after_s * S), report)


def signal(at_s: float, kind: str, *, active: bool = True, number: int = 1) -> Said:
    at_us = round(at_s * S)
    return Said(at_us, Report(number, at_us, None, events=(Event(at_us, kind, active),)))


def played(history: Iterable[Said], *rules: Rule, until_s: float = 10_000) -> list[Occurrence]:
    judge = Judge(Rulebook(rules), CITY, BOUNDS, {rule.rule_id for rule in rules})
    replay(history, [judge], round(until_s * S))
    return judge.board.occurrences()


def test_a_threshold_is_replayed_with_its_delays_and_its_deadband() -> None:
    history = [heat(0, 20), heat(10, 55), heat(20, 55), heat(30, 47), heat(40, 40), heat(50, 40)]

    (alert,) = played(history, HOT)

    assert (alert.rule_id, alert.source, alert.priority) == ("hot", "d1", "high")
    assert (alert.raised_us, alert.ended_us) == (20 * S, 50 * S)


def test_late_values_are_late_again() -> None:
    history = [heat(0, 55, after_s=400), heat(20, 55, after_s=400)]

    assert played(history, HOT) == []


def test_a_device_that_falls_silent_while_a_delay_is_pending_is_not_forgotten() -> None:
    history = [heat(10, 55), heat(200, 20, number=2)]

    (alert,) = played(history, HOT)

    assert alert.raised_us == 20 * S
    assert alert.ended_us is None


def test_a_pending_delay_that_ends_after_the_last_report_counts_until_the_end() -> None:
    assert len(played([heat(10, 55)], HOT, until_s=31)) == 1
    assert played([heat(10, 55)], HOT, until_s=15) == []


def test_a_latching_fire_is_one_alert_each_time_it_begins() -> None:
    history = [signal(1, "fire"), signal(5, "fire", active=False), signal(9, "fire")]

    alerts = played(history, FIRE)

    assert [(each.raised_us, each.ended_us) for each in alerts] == [(S, 5 * S), (9 * S, None)]


def test_an_alert_that_gets_worse_is_one_alert_told_of_twice() -> None:
    graded = msgspec.structs.replace(
        HOT, above=(Level(50, 45, "low"), Level(80, 70, "critical")), on_delay_s=0
    )
    judge = Judge(Rulebook([graded]), CITY, BOUNDS, {"hot"})

    replay([heat(10, 55), heat(20, 90), heat(30, 60), heat(40, 20)], [judge], 100 * S)

    (alert,) = judge.board.occurrences()
    assert alert.priority == "critical"
    assert judge.board.announced_us == [10 * S, 20 * S]


def test_a_correlation_is_replayed_with_the_rules_it_looks_at() -> None:
    both = CorrelationRule(
        rule_id="two-fires",
        priority="critical",
        subject="fire",
        of=("fire",),
        at_least=2,
        within_s=60,
        **WORDS,
    )
    before = Rulebook([FIRE, HOT])
    after = Rulebook([FIRE, HOT, both])
    change = differing(before, after)
    assert change.rule_ids == {"two-fires"}
    assert set(change.after.rules) == {"fire", "two-fires"}

    judge = Judge(change.after, CITY, BOUNDS, change.rule_ids)
    replay([signal(1, "fire"), signal(9, "fire", number=2)], [judge], 10 * S)

    (alert,) = judge.board.occurrences()
    assert (alert.rule_id, alert.source) == ("two-fires", "site/unit")


def hotter(**changes: Any) -> Rule:
    return msgspec.structs.replace(HOT, **changes)


@pytest.mark.parametrize(
    ("after", "expected"),
    [
        pytest.param(hotter(version=2, reviewed_by="li"), set(), id="only-reviewed"),
        pytest.param(hotter(on_delay_s=99), {"hot"}, id="another-delay"),
        pytest.param(hotter(priority="low"), {"hot"}, id="another-priority"),
        pytest.param(hotter(status="retired"), {"hot"}, id="retired"),
        pytest.param(hotter(rule_id="new"), {"hot", "new"}, id="renamed"),
    ],
)
def test_only_rules_that_judge_otherwise_are_replayed(after: Rule, expected: set[str]) -> None:
    change = differing(Rulebook([HOT, FAULT]), Rulebook([after, FAULT]))

    assert change.rule_ids == expected
    assert differing(change.before, change.after, everything=True).rule_ids >= expected


def test_only_what_the_rules_look_at_is_read() -> None:
    heat_only = needs(differing(Rulebook([]), Rulebook([HOT])), CITY)
    assert sorted(heat_only.devices | heat_only.metrics) == [1, 2]
    assert not heat_only.events
    assert not heat_only.positions

    fire_only = needs(differing(Rulebook([]), Rulebook([FIRE])), CITY)
    assert fire_only.metrics == set()
    assert fire_only.events


def test_rules_on_silence_are_named_as_what_cannot_be_replayed() -> None:
    change = differing(Rulebook([]), Rulebook([HOT, SILENT]))

    assert list(unplayable(change)) == ["silent"]
    assert unplayable(change)["silent"].endswith(".")


_VALUES = st.lists(st.tuples(st.integers(1, 40), st.floats(30, 70)), max_size=60)


@given(values=_VALUES)
def test_a_longer_delay_never_adds_an_alert_and_never_brings_one_forward(
    values: list[tuple[int, float]],
) -> None:
    at, history = 0, []
    for gap, value in values:
        at += gap
        history.append(heat(at, value))
    patient = msgspec.structs.replace(HOT, on_delay_s=60)

    quick, slow = played(history, HOT), played(history, patient)

    assert len(slow) <= len(quick)
    for each in slow:
        assert any(other.raised_us <= each.raised_us for other in quick)


@given(values=_VALUES)
def test_the_same_history_gives_the_same_alerts(values: list[tuple[int, float]]) -> None:
    history = [heat(10 * number, value) for number, (_, value) in enumerate(values)]
    lower = msgspec.structs.replace(HOT, above=Limit(40, 35))

    assert played(history, HOT, lower) == played(history, HOT, lower)
    judges = [Judge(Rulebook(RULES), CITY, BOUNDS, {"hot"}) for _ in range(2)]
    assert replay(history, judges, 10_000 * S) == len(values)
    assert judges[0].board.occurrences() == judges[1].board.occurrences()
