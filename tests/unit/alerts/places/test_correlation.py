"""Several findings of one site: what they mean together, also over restarts."""

from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts.board.alert import Began, Ended, Finding, Measure, Subject
from alerts.journal.pen import Pen
from alerts.judging.correlating import CORRELATION, Correlations
from alerts.judging.correlation import CorrelationRule, about_sources
from alerts.judging.rules import EventRule, Rule
from devices.model import Device, Profile, Site
from devices.registry import Registry, RegistryContent

S = 1_000_000
NOW = 1_790_000_000 * S

TEXTS: dict[str, Any] = {
    "version": 1,
    "title_zh": "题",
    "title_en": "title",
    "guidance_zh": "做",
    "guidance_en": "do",
    "owner": "值班室",
    "meaning": "意",
    "consequence": "果",
}
GRAVE: dict[str, Any] = {"priority": "critical", "latching": True, "life_safety": True} | TEXTS

FIRE = EventRule(rule_id="fire", event="fire", **GRAVE)
SMOKE = EventRule(rule_id="smoke", event="smoke", **GRAVE)
BUTTON = EventRule(rule_id="button", event="manual_alarm", **GRAVE)
PRESSURE = EventRule(rule_id="pressure", event="pressure_low", priority="high", **TEXTS)
PUMP = EventRule(
    rule_id="pump", event="started", priority="low", profiles=("pump-cabinet",), **TEXTS
)

TWO = CorrelationRule(
    rule_id="two", subject="confirmed_fire", at_least=2, of=("fire", "smoke", "button"),
    within_s=300, **GRAVE,
)  # fmt: skip
WATER = CorrelationRule(
    rule_id="water", subject="fire_and_pressure", first=("fire",), then=("pressure",),
    within_s=300, **GRAVE,
)  # fmt: skip
NO_PUMP = CorrelationRule(
    rule_id="no-pump", subject="no_pump", first=("fire",), without=("pump",), after_s=120, **GRAVE
)

SENSOR = Profile(
    profile_id="sensor", domain="fire", name_zh="探", name_en="s", expected_interval_s=60,
    offline_after_s=300, events=("fire", "smoke", "pressure_low"),
)  # fmt: skip
PANEL = msgspec.structs.replace(
    SENSOR, profile_id="panel", gateway=True, events=("fire", "manual_alarm")
)
CABINET = msgspec.structs.replace(SENSOR, profile_id="pump-cabinet", events=("started",))


def _device(device_id: str, site_id: str, profile: Profile) -> Device:
    return Device(
        device_id=device_id, profile_id=profile.profile_id, site_id=site_id, district="620171",
        name=device_id,
    )  # fmt: skip


_PROFILES = {"-pump": CABINET, "-panel": PANEL}
DEVICES = {
    device_id: _device(device_id, device_id[0], _PROFILES.get(device_id[1:], SENSOR))
    for device_id in ("a1", "a2", "a3", "a-pump", "a-panel", "b1", "b2")
}
CITY = Registry(
    RegistryContent(
        version=1,
        sites=tuple(
            Site(site_id=each, kind="fire_unit", name=each, district="620171", lon=103, lat=36)
            for each in "ab"
        ),
        profiles=(SENSOR, CABINET, PANEL),
        devices=tuple(DEVICES.values()),
    )
)


class Room:
    """A duty room in which correlations are made, and what it has written down."""

    def __init__(self, *rules: Rule) -> None:
        self.rules = {each.rule_id: each for each in (FIRE, SMOKE, BUTTON, PRESSURE, PUMP, *rules)}
        self.records: dict[str, bytes] = {}
        self.restart()

    def restart(self) -> None:
        self.pen = Pen()
        self.correlations = Correlations(self.pen, self.records)
        self.correlations.adopt(self.rules, CITY)

    def begins(self, rule: Rule, device_id: str, at_s: float, **rest: Any) -> list[str]:
        device = DEVICES[device_id]
        at_us = NOW + round(at_s * S)
        subject = Subject(device_id, device, "fire")
        began = Began(rule, subject, Measure("x"), at_us, at_us, **rest)
        return self._told(began, device, at_s)

    def ends(self, rule: Rule, device_id: str, at_s: float) -> list[str]:
        at_us = NOW + round(at_s * S)
        return self._told(Ended(rule.rule_id, device_id, at_us), DEVICES[device_id], at_s)

    def waits(self, until_s: float) -> list[str]:
        return self._noted(self.correlations.due(NOW + round(until_s * S)))

    def _told(self, finding: Finding, device: Device, at_s: float) -> list[str]:
        now_us = NOW + round(at_s * S)
        return self._noted(
            self.correlations.note(finding, device.site_id, device.device_id, now_us)
        )

    def _noted(self, findings: list[Finding]) -> list[str]:
        """Write to disk as the engine does, and say in words what was found."""
        _, records = self.pen.take()
        for (kind, key), record in records.items():
            assert kind == CORRELATION
            if record is None:
                self.records.pop(key, None)
            else:
                self.records[key] = record
        self.last = findings
        return [_words(each) for each in findings]


def _words(finding: Finding) -> str:
    if isinstance(finding, Began):
        return f"{finding.rule.rule_id} {finding.subject.source}"
    return f"-{finding.rule_id} {finding.source}"


def test_two_detectors_of_one_site_confirm_a_fire() -> None:
    room = Room(TWO)

    assert room.begins(FIRE, "a1", 0) == []
    assert room.begins(SMOKE, "a2", 60) == ["two site/a"]


def test_the_alert_is_about_the_site_and_names_the_devices() -> None:
    room = Room(TWO)
    room.begins(FIRE, "a1", 0)
    room.begins(FIRE, "a2", 60)
    (began,) = room.last

    assert isinstance(began, Began)
    assert began.subject == Subject("site/a", None, "fire", CITY.sites["a"])
    assert began.measure == Measure("confirmed_fire", about="a1, a2")
    assert (began.at_us, began.size, began.late) == (NOW + 60 * S, 2, False)


@pytest.mark.parametrize(
    "steps",
    [
        pytest.param([(FIRE, "a1", 0), (FIRE, "a1", 60)], id="the-same-detector-twice"),
        pytest.param([(FIRE, "a1", 0), (SMOKE, "a1", 60)], id="one-detector-under-two-rules"),
        pytest.param([(FIRE, "a1", 0), (FIRE, "b1", 60)], id="two-sites"),
        pytest.param([(FIRE, "a1", 0), (FIRE, "a2", 301)], id="just-too-late"),
        pytest.param([(FIRE, "a1", 0), (PRESSURE, "a2", 60)], id="another-rule"),
    ],
)
def test_nothing_less_confirms_it(steps: list[tuple[Rule, str, float]]) -> None:
    room = Room(TWO)

    assert [room.begins(*step) for step in steps] == [[], []]


def test_the_edge_of_the_window_is_inside() -> None:
    room = Room(TWO)
    room.begins(FIRE, "a1", 0)

    assert room.begins(FIRE, "a2", 300) == ["two site/a"]


def test_a_detector_that_was_reset_meanwhile_still_counts_in_the_window() -> None:
    room = Room(TWO)
    room.begins(FIRE, "a1", 0)
    room.ends(FIRE, "a1", 20)

    assert room.begins(FIRE, "a2", 60) == ["two site/a"]


def test_a_third_detector_is_no_second_alert() -> None:
    room = Room(TWO)
    room.begins(FIRE, "a1", 0)
    room.begins(FIRE, "a2", 60)

    assert room.begins(FIRE, "a3", 90) == []


def test_it_is_over_a_window_after_too_few_are_left() -> None:
    room = Room(TWO)
    room.begins(FIRE, "a1", 0)
    room.begins(FIRE, "a2", 60)

    assert room.ends(FIRE, "a1", 1_000) == []
    assert room.waits(1_299) == []
    assert room.waits(1_300) == ["-two site/a"]
    assert room.ends(FIRE, "a2", 1_400) == []
    assert room.waits(2_000) == []
    assert room.records == {}
    assert room.correlations.next_us() is None


def test_a_detector_that_flaps_does_not_make_the_confirmation_flap() -> None:
    room = Room(TWO)
    room.begins(FIRE, "a1", 0)
    room.begins(FIRE, "a2", 10)
    said = []
    for at_s in range(1_000, 2_000, 100):
        said += room.ends(FIRE, "a1", at_s) + room.begins(FIRE, "a1", at_s + 50)
        said += room.waits(at_s + 60)

    assert said == []


def test_a_backfilled_alarm_marks_the_confirmation_late() -> None:
    room = Room(TWO)
    room.begins(FIRE, "a1", 0, late=True)
    room.begins(FIRE, "a2", 60)
    (began,) = room.last

    assert isinstance(began, Began)
    assert began.late


@pytest.mark.parametrize("order", ["fire-first", "pressure-first"])
def test_fire_and_falling_pressure_belong_together_in_either_order(order: str) -> None:
    room = Room(WATER)
    steps = [(FIRE, "a1"), (PRESSURE, "a2")][:: 1 if order == "fire-first" else -1]

    said = [room.begins(rule, device, 100 * n) for n, (rule, device) in enumerate(steps)]

    assert said == [[], ["water site/a"]]


def test_pressure_that_fell_long_ago_counts_only_where_what_lasts_counts() -> None:
    strict, standing = Room(WATER), Room(msgspec.structs.replace(WATER, standing=True))
    for room in (strict, standing):
        room.begins(PRESSURE, "a2", 0)

    assert strict.begins(FIRE, "a1", 5_000) == []
    assert standing.begins(FIRE, "a1", 5_000) == ["water site/a"]


def test_fire_and_pressure_end_with_either() -> None:
    room = Room(WATER)
    room.begins(FIRE, "a1", 0)
    room.begins(PRESSURE, "a2", 10)
    room.ends(PRESSURE, "a2", 100)

    assert room.waits(400) == ["-water site/a"]


def test_a_pump_that_does_not_start_is_missed() -> None:
    room = Room(NO_PUMP)
    room.begins(FIRE, "a1", 0)

    assert room.waits(119.999) == []
    assert room.waits(120) == ["no-pump site/a"]
    assert room.begins(PUMP, "a-pump", 200) == ["-no-pump site/a"]


def test_a_pump_that_starts_in_time_is_not_missed_when_it_stops_again() -> None:
    room = Room(NO_PUMP)
    room.begins(FIRE, "a1", 0)
    room.begins(PUMP, "a-pump", 30)
    room.ends(PUMP, "a-pump", 600)

    assert room.waits(2_000) == []
    assert room.correlations.next_us() is None


def test_a_pump_that_was_running_already_is_not_missed() -> None:
    room = Room(NO_PUMP)
    room.begins(PUMP, "a-pump", -30)
    room.begins(FIRE, "a1", 0)

    assert room.waits(500) == []


def test_an_alarm_that_is_reset_in_time_asks_for_no_pump() -> None:
    room = Room(NO_PUMP)
    room.begins(FIRE, "a1", 0)
    room.ends(FIRE, "a1", 60)

    assert room.waits(500) == []
    assert room.records == {}


def test_the_missing_pump_is_forgotten_with_the_fire() -> None:
    room = Room(NO_PUMP)
    room.begins(FIRE, "a1", 0)
    room.waits(120)

    assert room.ends(FIRE, "a1", 900) == ["-no-pump site/a"]


def test_where_there_is_no_pump_none_is_missed() -> None:
    room = Room(NO_PUMP)
    room.begins(FIRE, "b1", 0)

    assert room.waits(500) == []
    assert room.correlations.next_us() is None


def test_to_an_alarm_told_late_nobody_misses_an_answer() -> None:
    room = Room(NO_PUMP)
    room.begins(FIRE, "a1", 0, late=True)

    assert room.waits(500) == []


def test_the_next_look_is_when_the_answer_is_due() -> None:
    room = Room(NO_PUMP)
    room.begins(FIRE, "a1", 0)

    assert room.correlations.next_us() == NOW + 120 * S


def test_a_restart_loses_neither_traces_nor_deadlines() -> None:
    room = Room(TWO, NO_PUMP)
    room.begins(FIRE, "a1", 0)
    room.restart()

    assert room.begins(FIRE, "a2", 60) == ["two site/a"]
    room.restart()
    assert room.begins(FIRE, "a3", 70) == []
    assert room.waits(120) == ["no-pump site/a"]
    room.restart()
    assert room.waits(300) == []


def test_after_a_pause_the_answer_has_time_to_be_heard() -> None:
    room = Room(NO_PUMP)
    room.begins(FIRE, "a1", 0)
    room.restart()
    room.correlations.give_grace(NOW + 500 * S)

    assert room.waits(505) == []
    assert room.begins(SMOKE, "a2", 506) == []
    assert room.waits(510) == ["no-pump site/a"]


def test_what_a_panel_repeats_of_its_detectors_confirms_nothing() -> None:
    room = Room(TWO, NO_PUMP)

    assert room.begins(FIRE, "a1", 0) == []
    assert room.begins(FIRE, "a-panel", 1) == []
    assert room.begins(BUTTON, "a-panel", 60) == ["two site/a"]


def test_a_panel_alone_still_asks_for_the_pump() -> None:
    room = Room(NO_PUMP)
    room.begins(FIRE, "a-panel", 0)

    assert room.waits(120) == ["no-pump site/a"]


def test_a_correlation_may_look_at_a_correlation() -> None:
    room = Room(TWO, msgspec.structs.replace(NO_PUMP, first=("two",)))
    room.begins(FIRE, "a1", 0)

    assert room.waits(200) == []
    assert room.begins(FIRE, "a2", 210) == ["two site/a"]
    room.restart()
    assert room.waits(330) == ["no-pump site/a"]
    assert isinstance(room.last[0], Began)
    assert room.last[0].measure == Measure("no_pump")
    room.ends(FIRE, "a1", 400)
    assert room.waits(700) == ["-two site/a", "-no-pump site/a"]
    assert room.ends(FIRE, "a2", 701) == []
    assert room.waits(2_000) == []
    assert room.records == {}


def test_a_rule_that_is_gone_takes_its_memory_with_it() -> None:
    room = Room(TWO)
    room.begins(FIRE, "a1", 0)
    del room.rules["two"]
    room.correlations.adopt(room.rules, CITY)
    room.waits(1)

    assert room.records == {}


def test_a_device_that_leaves_the_site_takes_its_part_with_it() -> None:
    room = Room(TWO)
    room.begins(FIRE, "a1", 0)
    room.begins(FIRE, "a2", 60)
    staying = tuple(each for name, each in DEVICES.items() if name != "a2")
    content = msgspec.structs.replace(CITY.content, devices=staying)

    room.correlations.adopt(room.rules, Registry(content))

    assert room.correlations.next_us() == 0
    assert room.waits(100) == ["-two site/a"]
    assert len(room.records) == 1


def test_findings_about_our_own_parts_and_unknown_endings_are_nothing() -> None:
    room = Room(TWO)

    assert room.correlations.note(Ended("fire", "broker", NOW), None, None, NOW) == []
    assert room.ends(FIRE, "a1", 0) == []
    assert room.records == {}


def test_what_changes_nothing_is_not_written_again() -> None:
    room = Room(TWO)
    room.begins(FIRE, "a1", 0)
    room.correlations.due(NOW + 5 * S)

    assert room.pen.take()[1] == {}


def _alert(device_id: str, at_s: float, *, active: bool = True) -> Any:
    class Shown(msgspec.Struct):
        rule_id: str
        device_id: str
        site_id: str
        domain: str
        raised_at: Any
        detected_at: Any
        active: bool
        late: bool = False

    from core.clock import from_us

    at = from_us(NOW + round(at_s * S))
    return Shown("fire", device_id, device_id[0], "fire", at, at, active)


def test_a_new_rule_sees_what_is_open_already() -> None:
    room = Room(TWO)
    opened = [_alert("a1", 0), _alert("a2", 60), _alert("b1", 0), _alert("b2", 0, active=False)]

    said = room._noted(room.correlations.restore(opened, NOW + 500 * S))

    assert said == ["two site/a"]
    assert room._noted(room.correlations.restore(opened, NOW + 501 * S)) == []


steps = st.lists(
    st.tuples(
        st.sampled_from([FIRE, SMOKE, PRESSURE, PUMP]),
        st.sampled_from(list(DEVICES)),
        st.booleans(),
        st.integers(1, 400),
    ),
    max_size=40,
)


@given(steps, st.sets(st.integers(0, 40)))
def test_whatever_happens_begin_and_end_take_turns_and_a_restart_changes_nothing(
    story: list[tuple[Rule, str, bool, int]], restarts: set[int]
) -> None:
    steady, shaken = Room(TWO, WATER, NO_PUMP), Room(TWO, WATER, NO_PUMP)
    at_s, on = 0, set()
    for n, (rule, device_id, begins, pause_s) in enumerate(story):
        at_s += pause_s
        if n in restarts:
            shaken.restart()
        told = []
        for room in (steady, shaken):
            said = room.waits(at_s)
            said += (room.begins if begins else room.ends)(rule, device_id, at_s)
            told.append(said)
        assert told[0] == told[1]
        for word in told[0]:
            assert (word[1:] in on) if word[0] == "-" else (word not in on)
            on ^= {word.lstrip("-")}
    assert steady.records == shaken.records


@pytest.mark.parametrize(
    "fields",
    [
        pytest.param({}, id="nothing"),
        pytest.param({"at_least": 2, "of": ["a"]}, id="no-window"),
        pytest.param({"at_least": 2, "of": ["c"], "within_s": 9}, id="itself"),
        pytest.param({"at_least": 1, "of": ["a"], "within_s": 9}, id="one-is-not-several"),
        pytest.param({"first": ["a"], "within_s": 9}, id="first-and-then-what"),
        pytest.param({"first": ["a"], "without": ["b"], "within_s": 9}, id="missing-since-when"),
        pytest.param(
            {"at_least": 2, "of": ["a"], "first": ["b"], "then": ["c"], "within_s": 9},
            id="two-forms-at-once",
        ),
    ],
)
def test_a_correlation_of_no_form_is_refused(fields: dict[str, Any]) -> None:
    document = {"kind": "correlation", "rule_id": "c", "subject": "x", **GRAVE, **fields}

    with pytest.raises(msgspec.ValidationError):
        msgspec.convert(document, CorrelationRule)


def test_a_rule_it_looks_at_must_exist() -> None:
    assert list(about_sources(TWO, {"fire"})) == [
        "Rule 'two' looks at 'button', which is no rule.",
        "Rule 'two' looks at 'smoke', which is no rule.",
    ]
