import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from alerts.board.alert import Alert
from alerts.duty import Duty
from alerts.journal.journal import Journal
from alerts.judging.rulebook import Rulebook
from alerts.settings import Limits
from alerts.silence.roll_call import NOBODY
from core.broker import Delivery
from core.errors import Invalid
from devices.model import Device
from tests.unit.alerts.making import GATEWAY, NOW, RULES, S, device, registry, said

CITY: tuple[Device, ...] = (
    device("g", profile=GATEWAY),
    *(device(each, gateway_id="g") for each in "abc"),
    device("alone"),
    device("replayed", attributes={"replay": True}),
)


class Shift:
    """A duty with a clock that tests turn."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.now = NOW
        self.connected = True
        self._begin()

    def _begin(self) -> None:
        self.journal = Journal(self.folder, now_us=self.now)
        self.duty = Duty(Rulebook(RULES), self.journal, Limits(), now_us=self.now)
        self.duty.adopt(registry(*CITY), self.now)
        self.duty.regain_hearing(self.now)

    def restart(self) -> None:
        self.duty.save_picture()
        self.journal.commit(self.duty.take_turn(self.now).draft)
        self.journal.__exit__()
        self._begin()

    def say(self, device_id: str, channel: str = "status", **document: Any) -> None:
        body = document or {"online": True}
        self.duty.hear(said(device_id, channel, body, at_us=self.now), self.now)

    def beat(
        self, state: str = "running", *, retain: bool = False, behind_s: float | None = None
    ) -> None:
        beat = {"instance": "all", "state": state, "at": 0, "oldest_uncommitted_s": behind_s}
        payload = json.dumps(beat).encode()
        topic = "yiwang/v1/system/ingest/all"
        delivery = Delivery(topic, payload, received_us=self.now, retain=retain)
        self.duty.hear_ingester(delivery, self.now)

    def wait(self, seconds: int, *speaking: str, beating: bool = False) -> None:
        """Let time pass second by second; some go on speaking."""
        for _ in range(seconds):
            self.now += S
            for each in speaking:
                self.say(each)
            if beating:
                self.beat()
            self.duty.look_around(self.now, connected=self.connected)

    def board(self) -> dict[str, Alert]:
        return {each.source: each.alert for each in self.duty.book}

    def moves(self) -> list[tuple[str, str]]:
        turn = self.duty.take_turn(self.now)
        self.journal.commit(turn.draft)
        steps = ("raised", "acknowledged", "returned", "cleared")
        return [
            (each.device_id or each.rule_id, each.transition)
            for each in turn.moved
            if each.transition in steps
        ]


EVERYBODY = ("g", "a", "b", "c", "alone", "replayed")


@pytest.fixture
def shift(tmp_path: Path) -> Iterator[Shift]:
    begun = Shift(tmp_path)
    yield begun
    begun.journal.__exit__()


def test_one_dead_ingester_is_one_alert_while_the_devices_go_on_speaking(shift: Shift) -> None:
    shift.beat()
    shift.wait(10, *EVERYBODY, beating=True)
    shift.wait(600, *EVERYBODY)

    (alert,) = shift.board().values()
    assert (alert.cause, alert.rule_id, alert.count) == ("ingest", "ingest", len(CITY))


def test_who_falls_silent_while_the_ingester_is_gone_is_missed_all_the_same(shift: Shift) -> None:
    shift.beat()
    shift.wait(600, *(each for each in EVERYBODY if each != "alone"))
    assert shift.board().keys() == {"ingest/all", "alone"}

    shift.wait(5, *EVERYBODY, beating=True)

    assert shift.board() == {}


def test_an_ingester_that_beats_but_is_minutes_behind_is_one_alert_until_it_has_caught_up(
    shift: Shift,
) -> None:
    shift.beat(behind_s=299)
    shift.wait(20, *EVERYBODY, beating=True)
    assert shift.board() == {}

    for _ in range(20):
        shift.beat(behind_s=301)
        shift.wait(1, *EVERYBODY)
    assert [alert.cause for alert in shift.board().values()] == ["ingest"]

    shift.beat(behind_s=2)
    assert shift.board() == {}


def test_an_ingester_that_is_restarted_within_seconds_alarms_nobody(shift: Shift) -> None:
    shift.beat()
    shift.beat("stopping")
    shift.wait(4)
    shift.beat()
    shift.wait(10)

    assert shift.board() == {}


def test_an_ingester_whose_retained_heartbeat_is_all_there_is_is_missed(shift: Shift) -> None:
    shift.beat("lost", retain=True)
    shift.wait(15)

    assert shift.board().keys() == {"ingest/all"}


def test_nonsense_in_the_place_of_a_heartbeat_is_ignored(shift: Shift) -> None:
    shift.duty.hear_ingester(Delivery("t", b"\xff", received_us=0), shift.now)
    shift.wait(20)

    assert shift.board() == {}


def test_while_we_are_deaf_ourselves_only_the_broker_is_blamed(shift: Shift) -> None:
    shift.beat()
    shift.wait(10, *EVERYBODY, beating=True)
    shift.connected = False
    shift.wait(600)

    assert shift.board().keys() == {"broker"}

    shift.connected = True
    shift.duty.regain_hearing(shift.now)
    shift.wait(29, beating=True)
    assert shift.board() == {}
    assert shift.moves() == [("broker", "raised"), ("broker", "cleared")]


@pytest.mark.parametrize("jump_s", [3600, -3600])
def test_a_clock_that_is_set_makes_nobody_silent(shift: Shift, jump_s: int) -> None:
    shift.wait(10, *EVERYBODY)
    shift.now += jump_s * S

    shift.wait(29)

    assert shift.board() == {}


def test_a_silent_gateway_is_one_alert_that_counts_those_behind_it(shift: Shift) -> None:
    shift.wait(100, "alone", "replayed")

    (alert,) = shift.board().values()
    assert (alert.device_id, alert.cause, alert.count) == ("g", "gateway", 3)

    shift.say("b")
    assert shift.moves() == [("g", "raised"), ("g", "cleared")]


def test_a_silent_device_is_cleared_when_it_is_heard(shift: Shift) -> None:
    shift.wait(40, "g", "a", "b", "c", "replayed")
    assert (alert := shift.board()["alone"]).cause == "device"
    assert (alert.subject, alert.count) == ("offline", 1)

    shift.say("alone")

    assert shift.moves() == [("alone", "raised"), ("alone", "cleared")]


def test_a_retained_copy_is_no_sign_of_life(shift: Shift) -> None:
    shift.wait(29, "g", "a", "b", "c", "replayed")
    online = said("alone", "status", {"online": True}, at_us=shift.now, retain=True)
    shift.duty.hear(online, shift.now)
    shift.wait(2, "g", "a", "b", "c", "replayed")

    assert shift.board().keys() == {"alone"}


def test_a_last_will_is_an_alert_after_the_farewell(shift: Shift) -> None:
    shift.wait(1, "g")
    shift.say("alone", online=False)
    shift.wait(4, "g")
    assert shift.board() == {}

    shift.wait(1, "g")

    assert shift.board().keys() == {"alone"}


def test_a_late_value_raises_nothing_and_a_late_fire_does(shift: Shift) -> None:
    for second in range(20):
        at_us = shift.now - (400 - second) * S
        hot = said("a", "telemetry", {"values": {"temperature_c": 99}}, at_us=at_us)
        shift.duty.hear(hot, shift.now)
    fire = said("a", "event", {"event": "fire"}, at_us=shift.now - 1020 * S)
    shift.duty.hear(fire, shift.now)

    (alert,) = shift.board().values()
    assert (alert.rule_id, alert.late) == ("fire", True)
    assert (alert.detected_at - alert.raised_at).total_seconds() == 1020


def test_a_restart_forgets_nothing_and_raises_nothing_twice(shift: Shift) -> None:
    shift.say("a", "event", event="fire")
    fire = said("a", "event", {"event": "fire"}, at_us=shift.now)
    shift.wait(100, "alone", "replayed")
    before = shift.board()
    assert before.keys() == {"a", "g"}

    shift.restart()
    shift.duty.hear(fire, shift.now)

    assert shift.board().keys() == {"a"}  # the gateway is heard again in what its device said
    assert shift.board()["a"].alert_id == before["a"].alert_id
    assert shift.duty.listening.liveness.online() == {"a", "g", "alone"}


def test_a_restart_without_a_registry_counts_nobody_until_there_is_one(shift: Shift) -> None:
    shift.wait(600, *(each for each in EVERYBODY if each != "alone"))
    shift.duty.save_picture()
    shift.journal.commit(shift.duty.take_turn(shift.now).draft)

    waiting = Duty(Rulebook(RULES), shift.journal, Limits(), now_us=shift.now)
    assert waiting.listening.call_the_roll() == NOBODY

    waiting.adopt(registry(*CITY), shift.now)
    assert waiting.listening.call_the_roll().devices.online == len(EVERYBODY) - 2


def test_an_ingester_known_before_a_restart_is_missed_after_it(shift: Shift) -> None:
    shift.beat()
    shift.restart()
    shift.wait(15)

    assert shift.board().keys() == {"ingest/all"}


def test_an_alert_of_a_device_that_is_removed_is_ended(shift: Shift) -> None:
    shift.say("a", "event", event="fire")
    shift.say("a", "event", event="fault")

    shift.duty.adopt(registry(device("g", profile=GATEWAY), version=2), shift.now)

    assert [it.state for it in shift.board().values()] == ["returned_unacknowledged"]


def test_a_device_taken_out_of_service_is_not_offline_any_more_but_may_burn(shift: Shift) -> None:
    shift.say("alone", "event", event="fire")
    shift.wait(60, "g", "a", "b", "c", "replayed")
    resting = [each for each in CITY if each.device_id != "alone"]

    shift.duty.adopt(registry(*resting, device("alone", in_service=False), version=2), shift.now)

    assert [each.alert.rule_id for each in shift.duty.book] == ["fire"]


def test_a_device_that_comes_back_into_the_registry_burning_is_told_again(shift: Shift) -> None:
    shift.say("alone", "event", event="fault")
    shift.duty.adopt(registry(device("g", profile=GATEWAY), version=2), shift.now)
    assert shift.board() == {}

    shift.duty.adopt(registry(*CITY, version=3), shift.now)
    shift.now += S
    shift.say("alone", "event", event="fault")

    assert shift.board().keys() == {"alone"}


def test_an_old_fire_told_again_does_not_hide_the_next(shift: Shift) -> None:
    ahead = said("alone", "event", {"event": "fault"}, at_us=NOW + 3600 * S)
    shift.duty.hear(ahead, shift.now)
    shift.now += S
    shift.say("alone", "event", event="fault", active=False)
    assert shift.moves() == [("alone", "raised"), ("alone", "cleared")]

    shift.now += S
    shift.duty.hear(ahead, shift.now)  # delivered twice, and its clock is not believed
    assert shift.moves() == []
    shift.now += S
    shift.say("alone", "event", event="fault")

    assert shift.moves() == [("alone", "raised")]


def test_an_ingester_that_is_gone_for_good_is_forgotten(shift: Shift) -> None:
    shift.beat()
    shift.wait(20, "g")
    topic = "yiwang/v1/system/ingest/all"
    shift.duty.hear_ingester(Delivery(topic, b"", received_us=0), shift.now)

    assert shift.board() == {}
    assert shift.duty.listening.parts.lost == set()


def test_somebody_unknown_is_not_judged(shift: Shift) -> None:
    with pytest.raises(Invalid, match="registered"):
        shift.say("nobody")


def test_what_has_not_changed_needs_no_disk(shift: Shift) -> None:
    shift.moves()
    shift.wait(3, *EVERYBODY)

    assert not any(shift.duty.take_turn(shift.now).draft)
