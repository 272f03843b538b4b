import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts.notices.channels import Channels
from alerts.notices.notice import Result
from alerts.notices.outbox import Outbox, retry_after_s
from tests.unit.alerts.notices.letters import CHANNELS, notice
from tests.unit.alerts.people.staffing import Memory, at_us


def outbox_of(memory: Memory, channels: Channels = CHANNELS) -> Outbox:
    return Outbox(memory.pen, memory.records("notice"), channels)


@pytest.fixture
def memory() -> Memory:
    return Memory()


@pytest.fixture
def outbox(memory: Memory) -> Outbox:
    return outbox_of(memory)


def ids(outbox: Outbox, seconds: float) -> list[str]:
    return [each.notice_id for each in outbox.due(at_us(seconds))]


def failed(notice_id: str = "n1", *, permanent: bool = False) -> Result:
    return Result(notice_id, sent=False, sentence="The provider answered 500.", permanent=permanent)


SENT = Result("n1", sent=True, sentence="The provider has taken it.")


def test_a_notice_is_taken_once_and_sent_once(outbox: Outbox, memory: Memory) -> None:
    outbox.put(notice())
    outbox.put(notice())

    assert ids(outbox, 0) == ["n1"]
    assert ids(outbox, 100) == []
    outbox.settle(SENT, at_us(1))
    assert outbox.settle(SENT, at_us(1)) is None

    memory.commit()
    assert [said["outcome"] for said in memory.said("notice")] == ["sent"]
    assert memory.lines[0].subject == "a1"
    assert memory.records("notice") == {}


def test_killed_between_sending_and_receipt_it_is_sent_again(
    outbox: Outbox, memory: Memory
) -> None:
    outbox.put(notice())
    memory.commit()
    assert ids(outbox, 0) == ["n1"]

    again = outbox_of(memory)

    assert ids(again, 1) == ["n1"]


def test_a_failure_is_tried_again_later_and_later(outbox: Outbox, memory: Memory) -> None:
    outbox.put(notice())
    ids(outbox, 0)

    outbox.settle(failed(), at_us(1))
    assert ids(outbox, 5.9) == []
    assert ids(outbox, 6) == ["n1"]
    outbox.settle(failed(), at_us(6))
    assert ids(outbox, 15.9) == []

    memory.commit()
    again = outbox_of(memory)
    (retried,) = again.due(at_us(16))
    assert retried.attempt == 3
    assert [said["attempt"] for said in memory.said("notice")] == [1, 2]


def test_what_is_pointless_is_not_tried_again(outbox: Outbox, memory: Memory) -> None:
    outbox.put(notice())
    ids(outbox, 0)

    outbox.settle(failed(permanent=True), at_us(1))

    assert len(outbox) == 0
    memory.commit()
    assert [said["outcome"] for said in memory.said("notice")] == ["failed"]


@pytest.mark.parametrize(
    ("life_safety", "attempts"), [(False, 10), (True, 60)], ids=["other", "life"]
)
def test_it_gives_up_after_a_number_of_attempts(
    outbox: Outbox, memory: Memory, *, life_safety: bool, attempts: int
) -> None:
    outbox.put(notice(life_safety=life_safety))

    seconds = 0
    while len(outbox):
        seconds += 1
        assert seconds < 10_000
        for each in outbox.due(at_us(seconds)):
            outbox.settle(failed(each.notice_id), at_us(seconds))

    memory.commit()
    outcomes = [said["outcome"] for said in memory.said("notice")]
    assert outcomes == ["again"] * (attempts - 1) + ["failed"]


def test_the_pauses_double_up_to_a_limit() -> None:
    pauses = [retry_after_s(attempt, life_safety=False) for attempt in range(1, 10)]
    urgent = [retry_after_s(attempt, life_safety=True) for attempt in range(1, 6)]

    assert pauses == [5, 10, 20, 40, 80, 160, 300, 300, 300]
    assert urgent == [5, 10, 20, 30, 30]


def test_one_slow_channel_has_two_under_way_and_delays_no_other(outbox: Outbox) -> None:
    for number in range(5):
        outbox.put(notice(f"n{number}"))
    outbox.put(notice("other", channel="room"))

    assert sorted(ids(outbox, 0)) == ["n0", "n1", "other"]
    outbox.settle(Result("n0", sent=True, sentence="."), at_us(1))
    assert ids(outbox, 1) == ["n2"]


def test_beyond_the_rate_messages_are_gathered_not_lost(outbox: Outbox, memory: Memory) -> None:
    for number in range(7):
        alerts = (f"a{number}",)
        outbox.put(notice(f"n{number}", to="wu", channel="slow", alert_ids=alerts, made_us=number))

    single, gathered = outbox.due(at_us(0))
    assert single.notice_id == "n0"
    assert gathered.purpose == "summary"
    assert gathered.alert_ids == ("a1", "a2", "a3", "a4", "a5", "a6")
    assert "6. 告警 n6" in gathered.body

    memory.commit()
    assert sorted(memory.records("notice")) == ["n0", gathered.notice_id]
    outbox.settle(Result(gathered.notice_id, sent=True, sentence="Taken."), at_us(1))
    memory.commit()
    assert {line.subject for line in memory.lines} == set(gathered.alert_ids)
    assert {said["gathered"] for said in memory.said("notice")} == {6}


def test_what_comes_after_the_rate_is_used_up_waits_for_leave(outbox: Outbox) -> None:
    for number in range(2):
        outbox.put(notice(f"n{number}", to="wu", channel="slow"))
    for each in ids(outbox, 0):
        outbox.settle(Result(each, sent=True, sentence="."), at_us(0))
    for number in range(2, 5):
        outbox.put(notice(f"n{number}", to="wu", channel="slow"))

    assert outbox.due(at_us(29)) == []
    (gathered,) = outbox.due(at_us(30))

    assert gathered.purpose == "summary"
    assert "3. 告警 n4" in gathered.body


def test_what_is_about_lives_waits_for_no_leave_and_goes_first(outbox: Outbox) -> None:
    for number in range(9):
        outbox.put(notice(f"n{number}", to="wu", channel="slow"))
    outbox.due(at_us(0))
    for number in range(5):
        outbox.put(notice(f"f{number}", to="wu", channel="slow", life_safety=True))

    assert ids(outbox, 0) == ["f0", "f1", "f2", "f3"]  # so many at a time, at any rate
    outbox.settle(Result("f0", sent=True, sentence="."), at_us(0))
    assert ids(outbox, 0) == ["f4"]


def test_what_was_not_told_of_an_alert_that_is_over_is_not_told(
    outbox: Outbox, memory: Memory
) -> None:
    outbox.put(notice("n1"))
    outbox.put(notice("n2", life_safety=True))
    outbox.put(notice("n3", alert_ids=("other",)))

    assert outbox.overtake("a1", "It is over.", at_us(1))

    assert sorted(ids(outbox, 1)) == ["n2", "n3"]
    memory.commit()
    assert [(said["notice_id"], said["outcome"]) for said in memory.said("notice")] == [
        ("n1", "overtaken")
    ]


@given(
    failures=st.integers(0, 5),
    puts=st.lists(st.tuples(st.integers(0, 200), st.booleans()), min_size=1, max_size=60),
    crashes=st.sets(st.integers(0, 400)),
)
def test_every_alert_gets_a_receipt_whatever_is_limited_gathered_or_killed(
    failures: int, puts: list[tuple[int, bool]], crashes: set[int]
) -> None:
    memory = Memory()
    channels = Channels({**CHANNELS.channels}, CHANNELS.people)
    outbox = outbox_of(memory, channels)
    told: set[str] = set()

    for second in range(2000):
        for number, (when, life_safety) in enumerate(puts):
            if when == second:
                identity = {"to": "wu", "channel": "slow", "alert_ids": (f"a{number}",)}
                outbox.put(
                    notice(
                        f"n{number}",
                        life_safety=life_safety,
                        not_before_us=at_us(second),
                        made_us=at_us(second),
                        **identity,
                    )
                )
        going = outbox.due(at_us(second))
        memory.commit()
        if second in crashes:
            outbox = outbox_of(memory, channels)
            continue
        for each in going:
            sent = each.attempt > failures
            outbox.settle(Result(each.notice_id, sent=sent, sentence="."), at_us(second))
            told.update(each.alert_ids if sent else ())
        if second > 400 and not len(outbox):
            break

    assert told == {f"a{number}" for number in range(len(puts))}
