from zoneinfo import ZoneInfo

import pytest

from alerts.people.desks import Desks
from alerts.people.shifts import Shift, Shifts
from core.errors import Invalid, NotFound
from tests.unit.alerts.people.staffing import FIRE, ROOM, Memory, at, at_us

H = 3600
SHANGHAI = ZoneInfo("Asia/Shanghai")
DAY = Shift(start=at(0), end=at(12 * H), officers=("li", "wang"))
NIGHT = Shift(start=at(12 * H), end=at(24 * H), officers=("zhou", "wu"))


def shifts_of(memory: Memory) -> Shifts:
    desks = Desks(memory.pen, {}, [ROOM, FIRE])
    return Shifts(desks, memory.pen, memory.records("roster"), memory.records("crew"))


@pytest.fixture
def memory() -> Memory:
    return Memory()


@pytest.fixture
def shifts(memory: Memory) -> Shifts:
    made = shifts_of(memory)
    made.put_roster("fire", [NIGHT, DAY], now_us=at_us(-60), actor="chen")
    return made


def test_without_a_roster_the_members_are_on_duty(memory: Memory) -> None:
    assert shifts_of(memory).on_duty("room", at_us(0)) == ("zhao", "qian")


def test_the_first_shift_begins_by_itself(shifts: Shifts) -> None:
    assert shifts.on_duty("fire", at_us(-1)) == ()

    shifts.due(at_us(0))

    assert shifts.on_duty("fire", at_us(1)) == ("li", "wang")
    assert shifts.crew("fire") is not None


def test_nobody_goes_off_duty_by_the_clock_alone(shifts: Shifts) -> None:
    shifts.due(at_us(0))

    assert shifts.on_duty("fire", at_us(13 * H)) == ("li", "wang")
    assert shifts.to_tell("fire", at_us(13 * H)) == ("li", "wang", "zhou", "wu")


def test_a_shift_that_nobody_took_over_is_overdue_once(shifts: Shifts, memory: Memory) -> None:
    shifts.due(at_us(0))

    assert shifts.due(at_us(12 * H + 899)) == []
    (overdue,) = shifts.due(at_us(12 * H + 900))
    assert shifts.due(at_us(20 * H)) == []

    memory.commit()
    assert overdue.officers == ("li", "wang")
    assert [said["event"] for said in memory.said("shift")] == ["roster", "began", "overdue"]


def test_a_restart_keeps_who_is_on_duty_and_when_it_ends(shifts: Shifts, memory: Memory) -> None:
    shifts.due(at_us(0))
    memory.commit()

    again = shifts_of(memory)

    assert again.on_duty("fire", at_us(13 * H)) == ("li", "wang")
    assert [each.desk_id for each in again.due(at_us(13 * H))] == ["fire"]


def test_a_new_plan_takes_nobody_off_duty(shifts: Shifts) -> None:
    shifts.due(at_us(0))

    shifts.put_roster("fire", [NIGHT], now_us=at_us(H), actor="chen")

    assert shifts.on_duty("fire", at_us(H)) == ("li", "wang")


def test_one_person_in_the_fire_control_room_is_a_warning(shifts: Shifts) -> None:
    alone = Shift(start=at(0).astimezone(SHANGHAI), end=at(H), officers=("li",))
    later = Shift(start=at(2 * H), end=at(3 * H), officers=("li", "li"))

    few, few_too, gap = shifts.put_roster("fire", [alone, later], now_us=at_us(0), actor="chen")

    assert f"{at(0):%F %H:%M} UTC has 1 on duty" in few
    assert "has 1 on duty" in few_too
    assert gap.startswith("Nobody is planned")


@pytest.mark.parametrize(
    ("planned", "words"),
    [
        pytest.param([DAY, Shift(start=at(H), end=at(13 * H), officers=("a",))], "overlap", id="o"),
        pytest.param([Shift(start=at(H), end=at(H), officers=("a",))], "before it", id="empty"),
    ],
)
def test_a_plan_that_cannot_be_is_refused(shifts: Shifts, planned: list[Shift], words: str) -> None:
    with pytest.raises(Invalid, match=words):
        shifts.put_roster("fire", planned, now_us=at_us(0), actor="chen")

    assert shifts.roster("fire") == (DAY, NIGHT)


def test_a_desk_that_is_not_there_has_no_roster(shifts: Shifts) -> None:
    with pytest.raises(NotFound, match="no desk 'moon'"):
        shifts.put_roster("moon", [DAY], now_us=at_us(0), actor="chen")
