import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts.board.document import Alert, Hold
from alerts.board.states import Change, State
from alerts.people.desks import Desks
from alerts.people.escalation import Escalations
from alerts.people.shifts import Shifts
from tests.unit.alerts.people.staffing import (
    FIRE,
    ROOM,
    Memory,
    acknowledged,
    alert,
    at_us,
    cleared,
    moved,
)

SHELF = Hold("shelved", "officer", "s1", "noise")


class Room:
    """The room with two desks; `restart` is what kill -9 leaves behind."""

    def __init__(self, memory: Memory | None = None, opened: tuple[Alert, ...] = ()) -> None:
        self.memory = memory or Memory()
        pen = self.memory.pen
        desks = Desks(pen, {}, [ROOM, FIRE])
        shifts = Shifts(desks, pen, {}, {})
        records = self.memory.records("escalation")
        self.escalations = Escalations(desks, shifts, pen, records)
        self.escalations.restore(opened)

    def told(self, seconds: float) -> list[tuple[str, int, bool, tuple[str, ...]]]:
        return [
            (due.alert.alert_id, due.step, due.reminder, due.targets)
            for due in self.escalations.due(at_us(seconds))
        ]

    def restart(self, *opened: Alert) -> "Room":
        self.memory.commit()
        return Room(self.memory, opened)


OFFICERS = ("zhao", "qian")


def test_the_desk_is_told_at_once_then_reminded_then_the_supervisors_hear() -> None:
    room = Room()
    room.escalations.follow(alert())

    assert room.told(0) == [("a1", 0, False, OFFICERS)]
    assert room.told(59.9) == []
    assert room.told(60) == [("a1", 0, True, OFFICERS)]
    assert room.told(120) == [("a1", 0, True, OFFICERS)]
    assert room.told(180) == [("a1", 1, False, ("sun",)), ("a1", 0, True, OFFICERS)]
    assert room.told(240) == [("a1", 0, True, OFFICERS)]


def test_an_acknowledgement_ends_it() -> None:
    room = Room()
    room.escalations.follow(alert())
    room.told(0)

    room.escalations.follow(acknowledged(alert(), 30))

    assert room.told(10_000) == []
    assert len(room.escalations) == 0


def test_a_step_can_wait_for_the_verdict_instead() -> None:
    room = Room()
    fire = alert(desk_id="fire", life_safety=True)
    room.escalations.follow(fire)
    room.told(0)
    taken = acknowledged(fire, 30)
    room.escalations.follow(taken)

    assert room.told(299) == []
    assert room.told(300) == [("a1", 2, False, ("chen",))]


def test_a_verdict_in_time_spares_the_supervisors() -> None:
    room = Room()
    fire = acknowledged(alert(desk_id="fire"), 30)
    room.escalations.follow(fire)

    room.escalations.follow(moved(fire, Change.VERIFIED, 40, verdict="false"))

    assert room.told(10_000) == []


@pytest.mark.parametrize(
    "quiet",
    [
        pytest.param({"state": State.SHELVED, "hold": SHELF}, id="held"),
        pytest.param({"folded_under": "a0"}, id="folded"),
        pytest.param({"state": State.NORMAL}, id="over"),
    ],
)
def test_nobody_is_told_of_what_is_put_aside(quiet: dict[str, object]) -> None:
    room = Room()

    room.escalations.follow(alert(**quiet))

    assert room.told(10_000) == []


def test_after_a_hold_the_chain_begins_afresh() -> None:
    room = Room()
    room.escalations.follow(alert())
    room.told(0)
    held = moved(alert(), Change.SHELVED, 100, state=State.SHELVED, hold=SHELF)
    room.escalations.follow(held)
    assert room.told(3600) == []

    free = moved(held, Change.UNSHELVED, 3600, state=State.UNACKNOWLEDGED, hold=None)
    room.escalations.follow(free)

    assert room.told(3600) == [("a1", 0, False, OFFICERS)]
    assert room.told(3779) == [("a1", 0, True, OFFICERS)]
    assert room.told(3780) == [("a1", 1, False, ("sun",))]


def test_worse_is_announced_anew_and_better_is_not() -> None:
    room = Room()
    low = alert(priority="low")
    room.escalations.follow(acknowledged(low, 10))

    worse = moved(
        acknowledged(low, 10),
        Change.REPRIORITISED,
        500,
        priority="high",
        state=State.UNACKNOWLEDGED,
    )
    room.escalations.follow(worse)
    assert room.told(500) == [("a1", 0, False, OFFICERS)]

    room.escalations.follow(moved(worse, Change.REPRIORITISED, 510, priority="low"))
    assert room.told(10_000) == []  # the one step of the low chain is behind it


def test_what_people_write_about_it_does_not_move_the_deadline() -> None:
    room = Room()
    room.escalations.follow(alert())
    room.told(0)

    for transition in (Change.COMMENTED, Change.ASSIGNED, Change.NOTIFIED, Change.ESCALATED):
        room.escalations.follow(moved(alert(), transition, 50))

    assert room.told(59.9) == []
    assert room.told(60) == [("a1", 0, True, OFFICERS)]


def test_a_restart_loses_no_deadline_and_repeats_no_step() -> None:
    room = Room()
    room.escalations.follow(alert())
    room.told(0)

    room = room.restart(moved(alert(), Change.NOTIFIED, 1))

    assert room.told(59.9) == []
    assert room.told(60) == [("a1", 0, True, OFFICERS)]
    room = room.restart(alert())
    assert room.told(170) == [("a1", 0, True, OFFICERS)]
    room = room.restart(alert())
    assert room.told(180) == [("a1", 1, False, ("sun",))]


def test_what_fell_due_while_the_engine_was_down_is_told_at_once_but_not_twice() -> None:
    room = Room()
    room.escalations.follow(alert())

    room = room.restart(alert())

    assert room.told(3600) == [("a1", 0, False, OFFICERS), ("a1", 1, False, ("sun",))]
    assert room.told(3659) == []
    assert room.told(3660) == [("a1", 0, True, OFFICERS)]


def test_without_its_clock_an_alert_says_itself_how_far_it_has_climbed() -> None:
    climbed = alert(escalation=1, reminders=2, notified_at=alert().raised_at)

    room = Room(opened=(climbed,))

    assert room.told(59) == []
    assert room.told(60) == [("a1", 0, True, OFFICERS)]


def test_an_alert_that_is_gone_leaves_nothing_behind() -> None:
    room = Room()
    room.escalations.follow(alert())
    room.told(0)

    room.escalations.follow(cleared(alert(), 10))
    room.memory.commit()

    assert room.memory.records("escalation") == {}


def test_where_nobody_is_on_duty_the_supervisors_are_told() -> None:
    memory = Memory()
    empty = msgspec.structs.replace(ROOM, members=())
    desks = Desks(memory.pen, {}, [empty])
    escalations = Escalations(desks, Shifts(desks, memory.pen, {}, {}), memory.pen, {})
    escalations.follow(alert())

    (due,) = escalations.due(at_us(0))

    assert due.targets == ("sun",)


@given(
    looks=st.lists(st.floats(min_value=0, max_value=1000), min_size=1, max_size=30).map(sorted),
    killed=st.sets(st.integers(0, 29)),
)
def test_however_often_it_is_killed_each_step_is_taken_once_and_in_time(
    looks: list[float], killed: set[int]
) -> None:
    room = Room()
    room.escalations.follow(alert())
    taken: list[tuple[int, float]] = []

    for number, seconds in enumerate(looks):
        if number in killed:
            room = room.restart(alert())
        taken += [(step, seconds) for _, step, reminder, _ in room.told(seconds) if not reminder]

    expected = []
    for step, after_s in ((0, 0), (1, 180)):
        first_look = next((look for look in looks if look >= after_s), None)
        expected += [(step, first_look)] if first_look is not None else []
    assert taken == expected
