from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts.board.document import Alert, Hold
from alerts.board.states import State
from alerts.people.desks import Desks
from alerts.people.handing_over import Handovers, Sight, compose
from alerts.people.shifts import Shift, Shifts
from core.errors import Conflict, Invalid, NotFound
from tests.unit.alerts.people.staffing import FIRE, ROOM, Memory, acknowledged, alert, at, at_us

H = 3600
DAY = Shift(start=at(0), end=at(12 * H), officers=("li", "wang"))
NIGHT = Shift(start=at(12 * H), end=at(24 * H), officers=("zhou", "wu"))
DRILL = {"window_id": "w1", "kind": "drill"}


class Room:
    """The fire desk in its first shift, with a board that tests write on."""

    def __init__(self, memory: Memory | None = None) -> None:
        self.memory = memory or Memory()
        pen, records = self.memory.pen, self.memory.records
        self.board: list[Alert] = []
        desks = Desks(pen, {}, [ROOM, FIRE])
        self.shifts = Shifts(desks, pen, records("roster"), records("crew"))
        sight = Sight(
            lambda: self.board, lambda _: [DRILL], lambda _: [{"shelf": 1}], lambda _: ["a9"]
        )
        self.handovers = Handovers(desks, self.shifts, sight, pen, records("handover"))

    def restart(self) -> "Room":
        self.memory.commit()
        return Room(self.memory)


@pytest.fixture
def room() -> Room:
    made = Room()
    made.shifts.put_roster("fire", [DAY, NIGHT], now_us=at_us(-60), actor="chen")
    made.shifts.due(at_us(0))
    return made


def begin(room: Room, **changes: Any) -> Any:
    asked = {"by": "li", "to": "zhou", "text": "all quiet", "now": at(12 * H), **changes}
    return room.handovers.begin("fire", **asked)


def test_the_duty_moves_with_the_second_signature_and_not_before(room: Room) -> None:
    handover = begin(room)
    assert room.shifts.on_duty("fire", at_us(12 * H)) == ("li", "wang")

    room.handovers.sign(handover.handover_id, by="zhou", now=at(12 * H + 60))

    assert room.shifts.on_duty("fire", at_us(12 * H + 60)) == ("zhou", "wu")


def test_a_handover_survives_a_restart_between_the_signatures(room: Room) -> None:
    handover = begin(room)

    room = room.restart()
    room.handovers.sign(handover.handover_id, by="zhou", now=at(12 * H + 60))

    assert room.shifts.on_duty("fire", at_us(13 * H)) == ("zhou", "wu")
    room.memory.commit()
    assert [said["event"] for said in room.memory.said("handover")] == ["begun", "signed"]


@pytest.mark.parametrize(
    ("by", "words"),
    [
        pytest.param("li", "outgoing officer already", id="the-same-hand-twice"),
        pytest.param("wu", "meant for zhou", id="somebody-else"),
    ],
)
def test_the_second_signature_is_the_one_that_was_asked_for(
    room: Room, by: str, words: str
) -> None:
    handover = begin(room)

    with pytest.raises(Conflict, match=words):
        room.handovers.sign(handover.handover_id, by=by, now=at(12 * H))

    assert room.shifts.on_duty("fire", at_us(12 * H)) == ("li", "wang")


def test_it_is_signed_once(room: Room) -> None:
    handover = begin(room)
    room.handovers.sign(handover.handover_id, by="zhou", now=at(12 * H))

    with pytest.raises(Conflict, match="zhou has already signed"):
        room.handovers.sign(handover.handover_id, by="zhou", now=at(12 * H + 1))


def test_only_who_is_on_duty_hands_over_and_not_to_themselves(room: Room) -> None:
    with pytest.raises(Conflict, match="zhou is not on duty"):
        begin(room, by="zhou", to="wu")
    with pytest.raises(Invalid, match="two people"):
        begin(room, to="li")


def test_where_a_shift_has_gone_home_a_supervisor_signs_for_it(room: Room) -> None:
    handover = begin(room, by="chen")

    room.handovers.sign(handover.handover_id, by="zhou", now=at(12 * H + 60))

    assert handover.by == "chen"
    assert handover.from_officers == ("li", "wang")
    assert room.shifts.on_duty("fire", at_us(12 * H + 60)) == ("zhou", "wu")


def test_a_desk_that_is_not_there_cannot_be_handed_over(room: Room) -> None:
    with pytest.raises(NotFound, match="no desk 'moon'"):
        room.handovers.begin("moon", by="li", to="zhou", text="", now=at(0))


def test_beginning_again_withdraws_the_one_that_waits(room: Room) -> None:
    first = begin(room)
    begin(room, by="wang", now=at(12 * H + 5))

    with pytest.raises(NotFound, match="withdrawn"):
        room.handovers.sign(first.handover_id, by="zhou", now=at(12 * H + 6))


def test_what_came_between_the_signatures_is_named(room: Room) -> None:
    room.board = [alert("a1", desk_id="fire")]
    handover = begin(room)
    room.board.append(alert("a2", desk_id="fire"))

    signed = room.handovers.sign(handover.handover_id, by="zhou", now=at(12 * H + 60))

    assert signed.added == ("a2",)
    assert signed.contents.alert_ids() == {"a1", "a2"}


def test_what_lies_with_officers_who_leave_is_named_and_the_rest_of_the_city_is_not(
    room: Room,
) -> None:
    mine = acknowledged(alert("a1", desk_id="fire", assigned_to="wang"), 5)
    room.board = [mine, alert("a2", desk_id="room"), alert("a3", desk_id="fire")]

    contents = begin(room).contents

    assert [item.alert_id for item in contents.assigned] == ["a1"]
    assert contents.alert_ids() == {"a1", "a3"}
    assert contents.windows == (DRILL,)
    assert contents.overdue == ("a9",)


def test_an_alert_without_a_desk_stands_in_the_list_of_the_one_that_fits(room: Room) -> None:
    room.board = [
        alert("a1", desk_id=""),
        alert("a2", desk_id="gone"),
        alert("a3", desk_id="", domain="x"),
    ]

    assert begin(room).contents.alert_ids() == {"a1", "a2"}


STATES = st.sampled_from([state for state in State if state is not State.NORMAL])


@given(st.lists(STATES, max_size=30))
def test_nothing_that_is_open_is_missing_from_the_list(states: list[State]) -> None:
    hold = Hold("shelved", "officer", "s1", "noise", at(99))
    board = [
        alert(f"a{number}", state=state, hold=hold if state is State.SHELVED else None)
        for number, state in enumerate(states)
    ]

    contents = compose(board, ["li"])

    assert contents.alert_ids() == {each.alert_id for each in board}
    assert all(item.reason == "noise" and item.until == at(99) for item in contents.shelved)
