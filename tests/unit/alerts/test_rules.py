from typing import Any

import pytest

from alerts.detectors.threshold import ThresholdDetector
from alerts.judging.rules import Limit, ThresholdRule
from tests.unit.alerts.making import DEAF, FIRE, GATEWAY, SENSOR, SILENT, WORDS


def threshold(**rest: Any) -> ThresholdRule:
    return ThresholdRule(rule_id="r", priority="low", metric="m", **WORDS, **rest)


CURRENT = threshold(above=Limit(300, 260))
PRESSURE = threshold(below=Limit(0.14, 0.15))
VOLTAGE = threshold(below=Limit(187, 193), above=Limit(250, 245))


@pytest.mark.parametrize(
    ("rule", "value", "was_bad", "limit"),
    [
        pytest.param(CURRENT, 299.9, False, None, id="just-below-the-limit"),
        pytest.param(CURRENT, 300, False, 300, id="at-the-limit"),
        pytest.param(CURRENT, 300.1, False, 300, id="just-above-the-limit"),
        pytest.param(CURRENT, 280, False, None, id="in-the-deadband-on-the-way-up"),
        pytest.param(CURRENT, 280, True, 300, id="in-the-deadband-on-the-way-down"),
        pytest.param(CURRENT, 260.1, True, 300, id="just-above-the-clear-level"),
        pytest.param(CURRENT, 260, True, None, id="at-the-clear-level"),
        pytest.param(PRESSURE, 0.14, False, None, id="a-pressure-at-the-standard-is-good"),
        pytest.param(PRESSURE, 0.1399, False, 0.14, id="a-pressure-just-under-the-standard"),
        pytest.param(PRESSURE, 0.145, True, 0.14, id="rising-pressure-in-the-deadband"),
        pytest.param(PRESSURE, 0.15, True, None, id="pressure-back-at-the-clear-level"),
        pytest.param(VOLTAGE, 220, False, None, id="between-both-limits"),
        pytest.param(VOLTAGE, 186.9, False, 187, id="under-the-lower-of-two"),
        pytest.param(VOLTAGE, 250, False, 250, id="at-the-upper-of-two"),
        pytest.param(VOLTAGE, 192, True, 187, id="not-yet-back-from-below"),
        pytest.param(VOLTAGE, 246, True, 250, id="not-yet-back-from-above"),
    ],
)
def test_a_threshold_does_not_chatter(
    rule: ThresholdRule, value: float, was_bad: bool, limit: float | None
) -> None:
    _, verdict = ThresholdDetector(rule, "u").observe(None, value, 0, was_bad=was_bad)

    assert verdict.bad == (limit is not None)
    assert verdict.limit == limit


@pytest.mark.parametrize(
    "sides",
    [
        pytest.param({}, id="no-side-at-all"),
        pytest.param({"above": Limit(10, 10)}, id="no-deadband-above"),
        pytest.param({"above": Limit(10, 11)}, id="clears-over-the-upper-limit"),
        pytest.param({"below": Limit(10, 10)}, id="no-deadband-below"),
        pytest.param({"below": Limit(10, 9)}, id="clears-under-the-lower-limit"),
        pytest.param({"below": Limit(1, 8), "above": Limit(9, 7)}, id="nothing-clears-both"),
    ],
)
def test_limits_that_cannot_work_are_refused(sides: dict[str, Limit]) -> None:
    with pytest.raises(ValueError, match=r"threshold|clear"):
        threshold(**sides)


def test_silence_of_gateways_and_of_devices_are_different_rules() -> None:
    assert SILENT.selects(SENSOR)
    assert not SILENT.selects(GATEWAY)
    assert DEAF.selects(GATEWAY)
    assert not DEAF.selects(SENSOR)


def test_a_rule_without_a_selection_is_for_everybody() -> None:
    assert FIRE.selects(SENSOR)
    assert FIRE.selects(GATEWAY)
