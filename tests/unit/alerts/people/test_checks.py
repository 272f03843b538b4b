from datetime import UTC, datetime

import msgspec
import pytest

from alerts.people.checks import Answer, Check, Checks, answer_rate, next_at
from alerts.people.desks import CheckPlan, Desks
from alerts.people.shifts import Shifts
from core.clock import to_us
from core.errors import Conflict, NotFound
from tests.unit.alerts.people.staffing import ROOM, Memory, at, at_us

PLANNED = msgspec.structs.replace(ROOM, check=CheckPlan(at=("08:00", "20:00"), minutes=3))
NOBODY = msgspec.structs.replace(ROOM, desk_id="nobody", members=())


def checks_of(memory: Memory, *, now_us: int | None = None) -> Checks:
    desks = Desks(memory.pen, {}, [PLANNED, NOBODY])
    shifts = Shifts(desks, memory.pen, {}, {})
    records = memory.records("check")
    return Checks(desks, shifts, memory.pen, records, now_us=at_us(0) if now_us is None else now_us)


@pytest.fixture
def memory() -> Memory:
    return Memory()


def test_who_answers_in_time_is_there_and_who_does_not_has_missed(memory: Memory) -> None:
    checks = checks_of(memory)
    check = checks.start("room", 5, by="sun", now=at(0))
    checks.answer(check.check_id, by="zhao", now=at(299))

    assert checks.due(at_us(299.9)) == []
    (closed,) = checks.due(at_us(300))

    assert closed.missed == ["qian"]
    assert answer_rate([closed]).rate == 0.5


def test_the_last_answer_closes_it(memory: Memory) -> None:
    checks = checks_of(memory)
    check = checks.start("room", 5, by="sun", now=at(0))
    checks.answer(check.check_id, by="zhao", now=at(1))

    closed = checks.answer(check.check_id, by="qian", now=at(2))

    assert closed.closed_at == at(2)
    assert checks.due(at_us(301)) == []
    memory.commit()
    events = [said["event"] for said in memory.said("check")]
    assert events == ["asked", "answered", "answered", "closed"]


def test_a_restart_keeps_the_deadline_and_the_answers(memory: Memory) -> None:
    check = checks_of(memory).start("room", 5, by="sun", now=at(0))
    memory.commit()

    again = checks_of(memory, now_us=at_us(100))
    again.answer(check.check_id, by="zhao", now=at(100))

    assert [each.missed for each in again.due(at_us(300))] == [["qian"]]


def test_too_late_is_too_late_and_strangers_are_not_asked(memory: Memory) -> None:
    checks = checks_of(memory)
    check = checks.start("room", 5, by="sun", now=at(0))

    with pytest.raises(Conflict, match="ended at"):
        checks.answer(check.check_id, by="zhao", now=at(300))
    with pytest.raises(Conflict, match="li was not asked"):
        checks.answer(check.check_id, by="li", now=at(1))
    with pytest.raises(NotFound, match="no duty check"):
        checks.answer("other", by="zhao", now=at(1))


def test_a_second_check_waits_for_the_first_and_an_empty_desk_cannot_be_asked(
    memory: Memory,
) -> None:
    checks = checks_of(memory)
    checks.start("room", 5, by="sun", now=at(0))

    with pytest.raises(Conflict, match="open until"):
        checks.start("room", 5, by="sun", now=at(1))
    with pytest.raises(Conflict, match="Nobody is on duty"):
        checks.start("nobody", 5, by="sun", now=at(1))


def test_a_planned_check_is_asked_by_itself_once(memory: Memory) -> None:
    now = datetime(2026, 9, 22, 11, 59, tzinfo=UTC)  # 19:59 in the duty room
    checks = checks_of(memory, now_us=to_us(now))

    checks.due(to_us(now.replace(hour=12, minute=0)))
    (asked,) = checks.take_asked()
    checks.due(to_us(now.replace(hour=12, minute=2)))

    assert asked.by is None
    assert checks.take_asked() == []
    memory.commit()
    again = checks_of(memory, now_us=to_us(now.replace(hour=12, minute=5)))
    again.due(to_us(now.replace(hour=12, minute=6)))
    assert again.take_asked() == []


def test_a_planned_check_missed_by_a_short_stop_is_asked_after_it(memory: Memory) -> None:
    now = datetime(2026, 9, 22, 12, 1, tzinfo=UTC)  # 20:01 in the duty room

    checks = checks_of(memory, now_us=to_us(now))
    checks.due(to_us(now))

    assert len(checks.take_asked()) == 1


@pytest.mark.parametrize(
    ("after", "expected"),
    [
        pytest.param("2026-09-22T00:00:00Z", "2026-09-22T12:00:00Z", id="8-sharp-is-not-after-8"),
        pytest.param("2026-09-21T23:59:59Z", "2026-09-22T00:00:00Z", id="8-comes"),
        pytest.param("2026-09-22T12:00:00Z", "2026-09-23T00:00:00Z", id="tomorrow"),
    ],
)
def test_plans_go_by_the_clock_on_the_wall(after: str, expected: str) -> None:
    plan = CheckPlan(at=("20:00", "08:00"))

    assert next_at(plan, datetime.fromisoformat(after)) == datetime.fromisoformat(expected)


def test_what_cannot_be_reached_is_not_in_the_rate() -> None:
    answers = (
        Answer(name="a", answered_at=at(1)),
        Answer(name="b"),
        Answer(name="off", reachable=False),
    )
    check = Check(
        check_id="c",
        desk_id="room",
        asked_at=at(0),
        until=at(60),
        by=None,
        answers=answers,
        closed_at=at(60),
    )

    rate = answer_rate([check])

    assert (rate.asked, rate.answered, rate.unreachable, rate.rate) == (2, 1, 1, 0.5)
    assert answer_rate([]).rate is None
