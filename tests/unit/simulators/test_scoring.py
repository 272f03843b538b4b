"""Judging alerts against what really happened."""

from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest

from simulators import reporting
from simulators.scoring import Alert, Expected, Label, Truth, Verdict, occurrences, score

T0 = datetime(2026, 5, 1, 2, 0, tzinfo=UTC)
FIRE = Expected(kind="event", subject="fire", within_s=10)
SMOKE = Expected(kind="threshold", subject="smoke_db_m", within_s=120, required=False)


def at(seconds: float) -> datetime:
    return T0 + timedelta(seconds=seconds)


def alert(seconds: float = 61.0, **changes: Any) -> Alert:
    fire = Alert(
        alert_id="a-1",
        rule_id="fire-event",
        kind="event",
        subject="fire",
        raised_at=at(seconds),
        detected_at=at(seconds + 1),
        updated_at=at(seconds + 1),
        device_id="smoke-1",
        site_id="unit-1",
    )
    return msgspec.structs.replace(fire, **changes)


def truth(*expected: Expected, devices: tuple[str, ...] = ("smoke-1", "smoke-2")) -> Truth:
    label = Label(
        label="fire",
        what="fire",
        devices=frozenset(devices),
        sites=frozenset({"unit-1"}),
        start_at=at(60),
        end_at=at(180),
        expected=expected,
    )
    return Truth(name="night", start_at=T0, end_at=at(600), labels=(label,))


def test_an_alert_in_time_is_a_detection_with_its_delay() -> None:
    (finding,) = score(truth(FIRE), [alert()]).findings

    assert finding.verdict is Verdict.DETECTED
    assert finding.delay_s == 2.0
    assert finding.doubles == 0


@pytest.mark.parametrize(
    ("detected", "verdict"),
    [
        pytest.param(69.9, Verdict.DETECTED, id="just-in-time"),
        pytest.param(70.0, Verdict.DETECTED, id="at-the-limit"),
        pytest.param(70.1, Verdict.LATE, id="just-too-late"),
    ],
)
def test_the_delay_runs_from_what_happened_to_what_was_known(
    detected: float, verdict: Verdict
) -> None:
    (finding,) = score(truth(FIRE), [alert(detected_at=at(detected))]).findings

    assert finding.verdict is verdict


@pytest.mark.parametrize(
    "other",
    [
        pytest.param({"subject": "fault"}, id="another-subject"),
        pytest.param({"kind": "threshold"}, id="another-kind"),
        pytest.param({"device_id": "smoke-9"}, id="another-device"),
        pytest.param({"device_id": None, "site_id": "unit-9"}, id="another-site"),
        pytest.param({"raised_at": at(57)}, id="before-it-happened"),
        pytest.param({"raised_at": at(241)}, id="long-after-it-was-over"),
    ],
)
def test_what_does_not_fit_is_a_false_alert_and_the_fire_is_missed(
    other: dict[str, Any],
) -> None:
    result = score(truth(FIRE), [alert(**other)])

    assert result.findings[0].verdict is Verdict.MISSED
    assert len(result.false) == 1


@pytest.mark.parametrize(
    "raised",
    [
        pytest.param(58.0, id="two-seconds-early-for-rounded-clocks"),
        pytest.param(180.0, id="at-its-end"),
        pytest.param(240.0, id="a-report-later"),
    ],
)
def test_alerts_about_the_label_are_not_false(raised: float) -> None:
    assert not score(truth(FIRE), [alert(raised)]).false


def test_a_site_alert_without_device_counts_for_the_labels_site() -> None:
    (finding,) = score(truth(FIRE), [alert(device_id=None)]).findings

    assert finding.verdict is Verdict.DETECTED


def test_the_first_of_several_alerts_sets_the_delay() -> None:
    several = [alert(90, alert_id="b", device_id="smoke-2"), alert(61)]

    (finding,) = score(truth(FIRE), several).findings

    assert finding.delay_s == 2.0


def test_two_devices_in_the_same_fire_are_no_double() -> None:
    both = [alert(), alert(alert_id="b", device_id="smoke-2")]

    assert score(truth(FIRE), both).findings[0].doubles == 0


def test_two_rules_about_the_same_thing_are_no_double() -> None:
    both = [alert(), alert(alert_id="b", rule_id="another-rule")]

    assert score(truth(FIRE), both).findings[0].doubles == 0


def test_the_same_rule_twice_for_one_device_is_a_double() -> None:
    result = score(truth(FIRE), [alert(), alert(100, alert_id="b"), alert(150, alert_id="c")])

    assert result.findings[0].doubles == 2
    assert not result.false
    assert not result.is_perfect


def test_what_need_not_be_raised_is_neither_missed_nor_false() -> None:
    silent = score(truth(FIRE, SMOKE), [alert()])
    smoke = alert(90, alert_id="b", kind="threshold", subject="smoke_db_m", rule_id="smoke")
    spoken = score(truth(FIRE, SMOKE), [alert(), smoke])

    assert [f.verdict for f in silent.findings] == [Verdict.DETECTED, Verdict.NOT_RAISED]
    assert [f.verdict for f in spoken.findings] == [Verdict.DETECTED, Verdict.DETECTED]
    assert silent.is_perfect
    assert spoken.is_perfect


def test_alerts_before_and_after_the_run_are_none_of_its_business() -> None:
    assert not score(truth(FIRE), [alert(-1), alert(601)]).false


def test_a_label_that_expects_nothing_makes_every_alert_of_it_false() -> None:
    assert len(score(truth(), [alert()]).false) == 1


def test_an_expectation_of_anything_takes_any_kind_and_subject() -> None:
    anything = Expected(within_s=60)

    (finding,) = score(truth(anything), [alert(kind="threshold", subject="eco2_ppm")]).findings

    assert finding.verdict is Verdict.DETECTED


def test_no_alerts_at_all_is_a_miss_and_not_perfect() -> None:
    result = score(truth(FIRE), [])

    assert result.findings[0].verdict is Verdict.MISSED
    assert result.findings[0].delay_s is None
    assert not result.is_perfect


def test_a_latched_alert_raised_again_counts_at_the_time_it_was_raised_again() -> None:
    latched = alert(-500, count=2)
    transitions = [
        alert(-500, transition="raised", updated_at=at(-499)),
        alert(-500, transition="returned", updated_at=at(-300)),
        alert(-500, transition="raised", updated_at=at(63)),
    ]

    found = list(occurrences([latched], lambda _: transitions))

    assert [one.raised_at for one in found] == [at(-500), at(63)]
    assert score(truth(FIRE), found).findings[0].verdict is Verdict.DETECTED


def test_an_alert_raised_once_is_not_asked_about_again() -> None:
    assert list(occurrences([alert()], pytest.fail)) == [alert()]


def test_the_table_names_label_verdict_delay_and_false_alerts() -> None:
    table = reporting.table(score(truth(FIRE), [alert(), alert(300, subject="fault")]))

    lines = table.splitlines()
    assert lines[2].split() == ["fire", "fire", "event", "fire", "detected", "2.0", "10", "0"]
    assert lines[3] == "false alerts: 1"
    assert "fault smoke-1" in lines[4]


def test_the_json_line_is_one_line_with_totals() -> None:
    result = score(truth(FIRE, SMOKE), [alert(), alert(300, subject="fault")])

    line = reporting.json_line("night", result)

    summary = msgspec.json.decode(line)
    assert "\n" not in line
    assert summary["scenario"] == "night"
    assert not summary["perfect"]
    totals = {key: summary[key] for key in ("expected", "detected", "late", "missed")}
    assert totals == {"expected": 1, "detected": 1, "late": 0, "missed": 0}
    assert (summary["false"], summary["double"]) == (1, 0)
