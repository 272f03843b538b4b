"""Noise control inside the engine: what the duty room sees, over restarts too."""

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest

from alerts.board.alert import Alert
from alerts.duty import Duty
from alerts.journal.journal import Journal
from alerts.judging.rulebook import Rulebook
from alerts.settings import Limits
from core.clock import from_us
from tests.unit.alerts.making import (
    FAULT,
    FIRE,
    GATEWAY,
    HOT,
    NOW,
    RULES,
    SILENT,
    S,
    device,
    registry,
    said,
)

LOOPS = tuple(f"loop-{number:02d}" for number in range(20))
CITY = (device("panel", profile=GATEWAY), *(device(each, gateway_id="panel") for each in LOOPS))
FIRE_FOR_LIVES = msgspec.structs.replace(FIRE, life_safety=True)
HOT_HOUSE = msgspec.structs.replace(HOT, hides=("fault",), hides_in="site")
CHANGED = {"fire": FIRE_FOR_LIVES, "hot": HOT_HOUSE}
BOOK = Rulebook([CHANGED.get(rule.rule_id, rule) for rule in RULES])
MINUTE = 60


class Night:
    """An engine with a clock that tests turn; every turn is on disk."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.now = NOW
        self.requests = 0
        self.history: list[Alert] = []
        self.speaking = set(LOOPS)
        self.degrees: dict[str, float] = {}
        self._begin()

    def _begin(self) -> None:
        self.journal = Journal(self.folder, now_us=self.now)
        self.duty = Duty(BOOK, self.journal, Limits(), now_us=self.now)
        self.duty.adopt(registry(*CITY), self.now)
        self.duty.regain_hearing(self.now)

    def restart(self) -> None:
        self.duty.save_picture()
        self._commit()
        self.journal.__exit__()
        self._begin()

    def signal(self, device_id: str, event: str = "fault", *, active: bool = True) -> None:
        self.now += S // 10
        body = {"event": event, "active": active}
        self.duty.hear(said(device_id, "event", body, at_us=self.now), self.now)
        self._commit()

    def wait(self, seconds: int) -> None:
        for _ in range(seconds):
            self.now += S
            for device_id in sorted(self.speaking) if self.now // S % 10 == 0 else ():
                body = {"values": {"temperature_c": self.degrees.get(device_id, 20)}}
                self.duty.hear(said(device_id, "telemetry", body, at_us=self.now), self.now)
            self.duty.look_around(self.now, connected=True)
            self._commit()

    def ask(self, do: str, **fields: Any) -> dict[str, Any]:
        self.requests += 1
        asked = {"do": do, "request_id": str(self.requests), "officer": "Li", **fields}
        answer = self.duty.requests.answer(json.dumps(asked).encode(), from_us(self.now))
        self._commit()
        found: dict[str, Any] = json.loads(answer)
        return found

    def window(self, minutes: int, **fields: Any) -> None:
        now = from_us(self.now)
        window = {
            "window_id": "w",
            "kind": "maintenance",
            "reason": "换回路板",
            "scope": {"sites": ["unit"]},
            "start": now.isoformat(),
            "end": (now + timedelta(minutes=minutes)).isoformat(),
            **fields,
        }
        answer = self.ask("put_window", window=window)
        assert answer["ok"], answer

    def alert(self, device_id: str, rule_id: str = "fault") -> Alert:
        found = self.duty.book.find(device_id, rule_id)
        assert found is not None, f"no {rule_id} of {device_id}"
        return found.alert

    def steps(self, device_id: str) -> list[str]:
        return [each.transition.value for each in self.history if each.device_id == device_id]

    def _commit(self) -> None:
        turn = self.duty.take_turn(self.now)
        self.journal.commit(turn.draft)
        self.history += turn.moved


@pytest.fixture
def night(tmp_path: Path) -> Iterator[Night]:
    begun = Night(tmp_path)
    yield begun
    begun.journal.__exit__()


def test_what_goes_bad_in_a_window_is_held_and_announced_when_it_ends(night: Night) -> None:
    night.window(10)
    night.signal("loop-01")
    night.signal("loop-02")
    held = night.alert("loop-01")
    assert (held.state, held.hold and held.hold.ref) == ("suppressed", "w")
    night.signal("loop-02", active=False)
    night.restart()
    night.wait(11 * MINUTE)
    assert night.alert("loop-01").state == "unacknowledged"
    assert night.steps("loop-01") == ["raised", "unsuppressed"]
    assert night.steps("loop-02") == ["raised", "cleared"]


def test_a_window_that_ends_while_the_engine_is_down_is_swept_when_it_is_back(night: Night) -> None:
    night.window(10)
    night.signal("loop-01")
    night.now += 3600 * S
    night.restart()
    night.wait(1)
    assert night.alert("loop-01").state == "unacknowledged"


def test_what_another_window_covers_stays_held_when_the_first_ends(night: Night) -> None:
    night.window(30, window_id="long", scope={"devices": ["loop-01"]})
    night.window(60, window_id="w")
    night.signal("loop-01")
    assert night.ask("end_window", window_id="w", reason="done")["ok"]
    night.wait(1)
    hold = night.alert("loop-01").hold
    assert hold is not None
    assert hold.ref == "long"
    night.wait(31 * MINUTE)
    assert night.alert("loop-01").state == "unacknowledged"


def test_fire_is_shown_in_every_window_and_under_every_parent(night: Night) -> None:
    night.window(10)
    night.signal("loop-01", "fire")
    assert night.alert("loop-01", "fire").state == "unacknowledged"


def test_what_was_shelved_is_shown_once_its_rule_is_about_lives(
    night: Night, monkeypatch: pytest.MonkeyPatch
) -> None:
    night.signal("loop-01")
    alert_id = night.alert("loop-01").alert_id
    night.ask("shelve", alert_id=alert_id, minutes=60, reason="known")
    assert night.alert("loop-01").state == "shelved"

    grave = {**CHANGED, "fault": msgspec.structs.replace(FAULT, life_safety=True, latching=True)}
    book = Rulebook([grave.get(rule.rule_id, rule) for rule in RULES])
    monkeypatch.setitem(globals(), "BOOK", book)
    night.restart()
    night.wait(1)

    assert night.alert("loop-01").state == "unacknowledged"


def test_a_drill_shows_and_marks_and_ends_by_itself(night: Night) -> None:
    night.window(10, kind="drill")
    night.signal("loop-01", "fire")
    assert night.alert("loop-01", "fire").drill
    night.wait(10 * MINUTE)
    night.signal("loop-02", "fire")
    assert not night.alert("loop-02", "fire").drill
    assert night.ask("windows")["windows"] == []


def test_silence_in_a_window_is_maintenance_and_the_devices_fault_after_it(night: Night) -> None:
    night.window(10)
    night.speaking.discard("loop-01")
    night.wait(2 * MINUTE)
    silent = night.alert("loop-01", SILENT.rule_id)
    assert (silent.state, silent.cause) == ("suppressed", "maintenance")
    night.wait(10 * MINUTE)
    silent = night.alert("loop-01", SILENT.rule_id)
    assert (silent.state, silent.cause) == ("unacknowledged", "device")


def test_a_parent_hides_its_children_counts_them_and_lets_them_go_one_by_one(night: Night) -> None:
    night.degrees["loop-00"] = 80
    night.wait(30)
    for each in ("loop-01", "loop-02", "loop-03"):
        night.signal(each)
    night.wait(1)
    parent = night.alert("loop-00", "hot")
    assert parent.hidden == 3
    hold = night.alert("loop-01").hold
    assert hold is not None
    assert (hold.by, hold.ref) == ("parent", parent.alert_id)
    night.signal("loop-02", active=False)
    night.restart()
    night.degrees["loop-00"] = 20
    night.wait(30)
    assert night.duty.book.find("loop-00", "hot") is None
    assert night.steps("loop-01") == ["raised", "unsuppressed"]
    assert night.steps("loop-02") == ["raised", "cleared"]
    assert night.alert("loop-03").state == "unacknowledged"


def test_the_eleventh_alert_in_ten_minutes_is_folded_and_shown_when_the_flood_is_over(
    night: Night,
) -> None:
    for each in LOOPS[:13]:
        night.signal(each)
    night.wait(1)
    first = night.alert(LOOPS[0])
    assert [night.alert(each).folded_under for each in LOOPS[9:13]] == [None, *[first.alert_id] * 3]
    assert first.hidden == 3
    (flood,) = night.ask("floods")["floods"]
    assert flood["title_en"] == "1 cause, 3 consequences"
    night.restart()
    night.signal(LOOPS[14], "fire")
    assert night.alert(LOOPS[14], "fire").folded_under is None
    night.wait(11 * MINUTE)
    assert night.ask("floods")["floods"] == []
    assert all(night.alert(each).folded_under is None for each in LOOPS[:13])
    assert night.alert(LOOPS[0]).hidden == 0


def test_a_window_that_lets_many_go_at_once_is_a_flood_as_well(night: Night) -> None:
    night.window(10)
    for each in LOOPS[:15]:
        night.signal(each)
    night.wait(10 * MINUTE)
    folded = [each for each in LOOPS[:15] if night.alert(each).folded_under]
    assert len(folded) == 5


def test_a_contact_that_comes_and_goes_is_marked(night: Night) -> None:
    for _ in range(4):
        night.signal("loop-01")
        night.wait(2)
        night.signal("loop-01", active=False)
        night.wait(2)
    night.signal("loop-01")
    assert night.alert("loop-01").chattering
