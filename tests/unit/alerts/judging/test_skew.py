import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts.board.alert import Began, Ended, Finding, Measure
from alerts.judging.rulebook import Rulebook
from alerts.judging.rules import OfflineRule
from alerts.silence.skew import ClockWatch
from devices.registry import Registry
from tests.unit.alerts.making import NOW, WORDS, S, device, registry

WRONG = OfflineRule(rule_id="clock", priority="low", cause="clock", **WORDS)
CITY = registry(device("d"), device("replayed", attributes={"replay": True}))
TURN = 10  # seconds, as the profile expects it


def watching(city: Registry = CITY) -> ClockWatch:
    watch = ClockWatch(late_us=300 * S, ahead_us=300 * S)
    watch.adopt(Rulebook([WRONG]).index(city))
    return watch


def heard(watch: ClockWatch, at_s: float, offset_s: float, who: str = "d") -> list[Finding]:
    received_us = NOW + round(at_s * S)
    return watch.hear(CITY.speakers[who], received_us + round(offset_s * S), received_us)


@pytest.mark.parametrize("offset_s", [-3600, -301, 301, 28_800])
def test_a_clock_that_stays_wrong_for_a_minute_is_one_alert(offset_s: float) -> None:
    watch = watching()
    found = [heard(watch, at_s, offset_s) for at_s in range(0, 600, TURN)]

    (began,) = [each for findings in found for each in findings]
    assert found[60 // TURN] == [began]
    assert isinstance(began, Began)
    limit_s = 300 if offset_s > 0 else -300
    assert began.measure == Measure("clock", offset_s, limit_s, "s")
    assert (began.rule, began.identity_us) == (WRONG, NOW)
    assert watch.wrong == {"d"}


@pytest.mark.parametrize("offset_s", [-300, 0, 300])
def test_a_clock_within_the_limits_is_right(offset_s: float) -> None:
    watch = watching()

    assert [heard(watch, at_s, offset_s) for at_s in range(0, 600, TURN)] == [[]] * 60


def test_a_clock_that_is_set_right_ends_the_alert() -> None:
    watch = watching()
    for at_s in range(0, 90, TURN):
        heard(watch, at_s, 7200)

    assert heard(watch, 90, 1) == [Ended("clock", "d", NOW + 90 * S)]
    assert heard(watch, 100, 1) == []


def test_one_wrong_message_among_right_ones_is_no_wrong_clock() -> None:
    watch = watching()
    found = [heard(watch, at_s, 7200 if at_s % 30 else 0) for at_s in range(0, 600, TURN)]

    assert found == [[]] * 60


def test_a_device_that_hands_in_what_it_kept_has_no_wrong_clock() -> None:
    watch = watching()
    kept = [(at_s, -3600 + 29 * at_s) for at_s in range(0, 110, 2)]  # a minute in two seconds

    assert [heard(watch, at_s, offset_s) for at_s, offset_s in kept] == [[]] * len(kept)


def test_recorded_data_has_no_wrong_clock() -> None:
    watch = watching()
    found = [heard(watch, at_s, -1e6, who="replayed") for at_s in range(0, 600, TURN)]

    assert found == [[]] * 60


def test_without_a_rule_nobody_is_told() -> None:
    watch = ClockWatch(late_us=300 * S, ahead_us=300 * S)

    assert [heard(watch, at_s, 7200) for at_s in range(0, 600, TURN)] == [[]] * 60


def test_after_a_restart_an_open_alert_is_not_raised_again_and_can_end() -> None:
    watch = watching()
    watch.restore(["d"])

    assert [heard(watch, at_s, 7200) for at_s in range(0, 600, TURN)] == [[]] * 60
    assert heard(watch, 600, 0) == [Ended("clock", "d", NOW + 600 * S)]


@given(st.lists(st.tuples(st.integers(1, 100), st.integers(-900, 900)), max_size=60))
def test_alerts_about_a_clock_begin_and_end_in_turn(said: list[tuple[int, int]]) -> None:
    watch, at_s, is_open = watching(), 0, False
    for pause_s, offset_s in said:
        at_s += pause_s
        for finding in heard(watch, at_s, offset_s):
            assert isinstance(finding, Ended) == is_open
            assert isinstance(finding, Ended) == (abs(offset_s) <= 300)
            is_open = isinstance(finding, Began)
    assert is_open == (watch.wrong == {"d"})
