import json
from typing import Any

import msgspec
import pytest

from alerts.board.states import Change
from alerts.notices.channels import Channels, Person
from alerts.notices.notice import Result
from alerts.people.staff import Mark, Outlook, Staff
from alerts.requests import Requests
from tests.unit.alerts.notices.letters import channel, channels_of
from tests.unit.alerts.people.staffing import (
    FIRE,
    ROOM,
    Memory,
    acknowledged,
    alert,
    at,
    at_us,
    cleared,
)

CHANNELS = channels_of(
    channel("sms"),
    channel("mail", language="en", form="long"),
    zhao=Person("赵", ("sms",)),
    sun=Person("孙", ("mail",)),
    li=Person("李", ("sms",)),
    chen=Person("陈", ("mail",)),
)


class Room:
    """People's side of the engine, with a board that tests write on; `restart` is kill -9."""

    def __init__(self, channels: Channels = CHANNELS) -> None:
        self.memory = Memory()
        self._channels = channels
        self.board: list[Any] = []
        self._begin(0)

    def _begin(self, seconds: float) -> None:
        self.staff = Staff(
            self.memory.pen,
            self.memory.records,
            self._channels,
            Outlook(lambda: self.board, lambda _: [], lambda _: []),
            now_us=at_us(seconds),
            shipped=[ROOM, FIRE],
        )
        self.requests = Requests(self.staff.handlers(), lambda _: None)
        self._asked = 0

    def restart(self, seconds: float) -> None:
        self.memory.commit()
        self._begin(seconds)

    def ask(self, seconds: float, do: str, officer: str | None = "li", **rest: Any) -> Any:
        self._asked += 1
        signed = {"officer": officer, "request_id": str(self._asked)} if officer else {}
        request = json.dumps({"do": do, **signed, **rest}).encode()
        answer: Any = msgspec.json.decode(self.requests.answer(request, at(seconds)))
        return answer

    def send(self, seconds: float) -> list[str]:
        """One turn: look around, send what is due, take the receipts."""
        self.staff.look_around(at_us(seconds))
        going = self.staff.to_send(at_us(seconds))
        for each in going:
            self.staff.settle(Result(each.notice_id, sent=True, sentence="."), at_us(seconds))
        return sorted(f"{each.purpose} {each.to}" for each in going)


@pytest.fixture
def room() -> Room:
    return Room()


def test_an_alert_is_told_marked_climbs_and_ends(room: Room) -> None:
    room.staff.follow(alert(), at_us(0))
    assert room.staff.look_around(at_us(0)) == []

    (notice,) = room.staff.to_send(at_us(0))
    marks = room.staff.settle(Result(notice.notice_id, sent=True, sentence="."), at_us(1))
    assert marks == [Mark("a1", Change.NOTIFIED, {"notified_at": at(1)})]

    assert room.staff.look_around(at_us(60)) == [Mark("a1", Change.REMINDED, {"reminders": 1})]
    room.staff.look_around(at_us(120))
    up, reminded = room.staff.look_around(at_us(180))
    assert up == Mark("a1", Change.ESCALATED, {"escalation": 1})
    assert reminded == Mark("a1", Change.REMINDED, {"reminders": 3})
    assert room.send(180) == ["escalated sun", *["reminder zhao"] * 2]
    assert room.send(181) == ["reminder zhao"]  # two at once by one channel

    taken = acknowledged(alert(), 200)
    room.staff.follow(taken, at_us(200))
    room.staff.follow(cleared(taken, 300), at_us(300))
    assert room.send(300) == ["cleared sun", "cleared zhao"]


def test_where_nobody_can_be_reminded_no_line_says_so_again_and_again() -> None:
    room = Room(Channels())
    room.staff.follow(alert(), at_us(0))

    marks = [mark for minute in range(10) for mark in room.staff.look_around(at_us(60 * minute))]

    assert marks == [Mark("a1", Change.ESCALATED, {"escalation": 1})]


def test_a_restart_between_telling_and_sending_loses_nothing(room: Room) -> None:
    room.board = [alert()]
    room.staff.follow(alert(), at_us(0))
    room.staff.look_around(at_us(0))

    room.restart(30)

    assert room.send(30) == ["raised zhao"]
    room.restart(40)
    assert room.send(50) == []
    assert room.send(60) == ["reminder zhao"]


def test_a_changed_desk_changes_how_open_alerts_climb(room: Room) -> None:
    room.staff.follow(alert(), at_us(0))
    room.send(0)
    chains = {"critical": [{"after_s": 0}, {"after_s": 20, "to": "sun"}]}
    desk = {"desk_id": "room", "name_zh": "室", "name_en": "Room", "chains": chains}

    answer = room.ask(5, "put_desk", officer="sun", desk=desk)

    assert answer["ok"]
    assert answer["warnings"] == []
    assert room.send(19) == []
    assert room.send(20) == ["escalated sun"]


def test_a_desk_that_names_somebody_out_of_reach_says_so(room: Room) -> None:
    chains = {"critical": [{"after_s": 0}, {"after_s": 20, "to": "moon"}]}
    desk = {"desk_id": "x", "name_zh": "x", "name_en": "x", "members": ["li"], "chains": chains}

    answer = room.ask(5, "put_desk", officer="sun", desk=desk)

    assert answer["warnings"] == ["No channel reaches 'moon'."]


def test_a_desk_that_makes_no_sense_is_refused_in_a_sentence(room: Room) -> None:
    desk = {"desk_id": "room", "name_zh": "室", "name_en": "Room"}

    answer = room.ask(5, "put_desk", officer="sun", desk=desk)

    assert answer["error"]["code"] == "invalid"
    assert "tells nobody of critical alerts" in answer["error"]["message"]


def test_the_desks_say_who_is_on_duty_and_what_has_climbed_beyond_them(room: Room) -> None:
    room.staff.follow(alert(), at_us(0))
    room.staff.look_around(at_us(180))

    desks = room.ask(180, "desks", officer=None)["desks"]

    assert [each["desk"]["desk_id"] for each in desks] == ["fire", "room"]
    assert desks[1]["on_duty"] == ["zhao", "qian"]
    assert desks[1]["overdue"] == ["a1"]


def test_a_shift_from_roster_to_signed_handover(room: Room) -> None:
    shifts = [
        {"start": at(0).isoformat(), "end": at(3600).isoformat(), "officers": ["li", "wang"]},
        {"start": at(3600).isoformat(), "end": at(7200).isoformat(), "officers": ["zhou"]},
    ]
    planned = room.ask(0, "put_roster", "chen", desk_id="fire", shifts=shifts)
    assert "needs 2 at least" in planned["warnings"][0]
    room.staff.look_around(at_us(0))
    room.board = [alert(desk_id="fire", assigned_to="li")]

    begun = room.ask(3600, "begin_handover", desk_id="fire", to="zhou", text="quiet")["handover"]
    room.restart(3610)
    key = begun["handover_id"]
    refused = room.ask(3620, "sign_handover", "li", handover_id=key)
    signed = room.ask(3630, "sign_handover", "zhou", handover_id=key)["handover"]

    assert refused["error"]["code"] == "conflict"
    assert [item["alert_id"] for item in signed["contents"]["assigned"]] == ["a1"]
    assert room.ask(3640, "shifts", None, desk_id="fire")["on_duty"] == ["zhou"]
    assert room.ask(3640, "handovers", None, desk_id="fire")["handovers"] == [signed]


def test_a_shift_nobody_takes_over_is_told_to_both_sides(room: Room) -> None:
    shift = {"start": at(0).isoformat(), "end": at(3600).isoformat(), "officers": ["li"]}
    room.ask(0, "put_roster", "chen", desk_id="fire", shifts=[shift])
    room.send(0)

    assert room.send(3600 + 899) == []
    assert room.send(3600 + 900) == ["overdue chen", "overdue li"]


def test_a_duty_check_asks_and_tells_who_missed_it(room: Room) -> None:
    check = room.ask(0, "start_check", "chen", desk_id="fire", minutes=2)["check"]
    assert room.send(0) == ["check li"]
    room.ask(30, "answer_check", "li", check_id=check["check_id"])

    assert room.send(120) == ["missed chen"]

    found = room.ask(130, "checks", None, desk_id="fire", days=1)
    assert found["rate"] == {"asked": 2, "answered": 1, "unreachable": 0, "rate": 0.5}
    assert found["checks"][0]["closed_at"] is not None


def test_who_was_told_what_can_be_asked_and_no_address_is_in_the_answer(room: Room) -> None:
    room.staff.follow(alert(), at_us(0))
    room.send(0)
    room.staff.look_around(at_us(180))

    told = room.ask(181, "notices", None, alert_id="a1")
    known = room.ask(181, "people", None)

    outcomes = {each["to"]: each["outcome"] for each in told["receipts"]}
    assert outcomes == {"zhao": "sent", "qian": "no_way"}
    assert {each["purpose"] for each in told["waiting"]} == {"escalated", "reminder"}
    assert "url" not in json.dumps(known)
    assert known["people"][0] == {
        "username": "chen",
        "name": "陈",
        "channels": ["mail"],
        "fallback": None,
    }


@pytest.mark.parametrize("query", ["shifts", "handovers", "checks"])
def test_of_a_desk_that_is_not_there_nothing_is_known(room: Room, query: str) -> None:
    answer = room.ask(0, query, None, desk_id="moon")

    assert answer["error"]["code"] == "not_found"
