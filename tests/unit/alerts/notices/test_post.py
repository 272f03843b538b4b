from typing import Any

import pytest

from alerts.board.document import Alert
from alerts.board.states import Change, State
from alerts.notices.channels import Person
from alerts.notices.notice import Notice, Result
from alerts.notices.post import Post
from tests.unit.alerts.notices.letters import CHANNELS, channel, channels_of, post_of
from tests.unit.alerts.people.staffing import Memory, alert, at_us, cleared, moved


@pytest.fixture
def memory() -> Memory:
    return Memory()


@pytest.fixture
def post(memory: Memory) -> Post:
    return post_of(memory)


def tell(post: Post, about: Alert, *targets: str, **changes: Any) -> None:
    asked = {"step": 0, "reminder": False, "occasion": "1", "now_us": at_us(0), **changes}
    post.tell(about, targets, **asked)


def send(post: Post, seconds: float, *, sent: bool = True, permanent: bool = False) -> list[str]:
    """Send everything that is due; return who was told what."""
    going = post.due(at_us(seconds))
    for each in going:
        result = Result(each.notice_id, sent=sent, sentence="So it is.", permanent=permanent)
        post.settle(result, at_us(seconds))
    return [_line(each) for each in going]


def _line(each: Notice) -> str:
    return f"{each.purpose} {each.to}/{each.channel}"


def test_a_person_is_told_by_every_channel_of_theirs(post: Post) -> None:
    tell(post, alert(), "sun", "room")

    assert sorted(send(post, 0)) == ["raised sun/mail", "raised sun/room"]


def test_the_same_telling_is_one_notice_however_often_it_is_made(post: Post) -> None:
    tell(post, alert(), "zhao")
    tell(post, alert(), "zhao")
    tell(post, alert(), "zhao", occasion="2")

    assert len(post.due(at_us(0))) == 2


def test_the_first_receipt_marks_the_alert_and_later_ones_do_not(post: Post) -> None:
    tell(post, alert(), "zhao", "sun")
    one, two, three = post.due(at_us(0))

    assert post.settle(Result(one.notice_id, sent=False, sentence="."), at_us(1)) == []
    assert post.settle(Result(two.notice_id, sent=True, sentence="."), at_us(1)) == ["a1"]
    assert post.settle(Result(three.notice_id, sent=True, sentence="."), at_us(1)) == []


def test_whoever_heard_the_beginning_hears_the_end_and_nobody_else(
    post: Post, memory: Memory
) -> None:
    tell(post, alert(), "zhao")
    send(post, 0)
    memory.commit()

    again = post_of(memory)
    again.follow(cleared(alert(), 60), at_us(60))

    assert send(again, 60) == ["cleared zhao/sms"]
    memory.commit()
    assert memory.records("told") == {}


def test_of_an_alert_that_ends_before_anybody_could_be_told_nobody_hears(post: Post) -> None:
    tell(post, alert(), "zhao")

    post.follow(cleared(alert(), 1), at_us(1))

    assert send(post, 1) == []


def test_who_is_being_told_while_it_ends_hears_of_the_end_next(post: Post, memory: Memory) -> None:
    tell(post, alert(), "zhao")
    (under_way,) = post.due(at_us(0))
    memory.commit()

    post.follow(cleared(alert(), 1), at_us(1))
    assert send(post, 1) == []
    post.settle(Result(under_way.notice_id, sent=True, sentence="."), at_us(2))

    assert send(post, 2) == ["cleared zhao/sms"]
    memory.commit()
    assert memory.records("told") == {}


def test_of_a_fire_that_is_over_people_are_still_told_and_then_of_its_end(post: Post) -> None:
    fire = alert(life_safety=True)
    tell(post, fire, "zhao")

    post.follow(cleared(fire, 1), at_us(1))

    assert send(post, 1) == ["raised zhao/sms"]
    assert send(post, 2) == ["cleared zhao/sms"]


def test_what_returns_unseen_is_told_to_those_who_know_of_it(post: Post) -> None:
    tell(post, alert(), "zhao")
    send(post, 0)
    state = State.RETURNED_UNACKNOWLEDGED

    post.follow(moved(alert(), Change.RETURNED, 5, state=state), at_us(5))

    assert send(post, 5) == ["returned zhao/sms"]


def test_a_drill_does_not_leave_the_house(post: Post) -> None:
    drill = alert(drill=True)

    tell(post, drill, "zhao", "sun")
    (notice,) = post.due(at_us(0))

    assert notice.channel == "room"
    assert notice.subject.startswith("【演练】")


def test_after_the_last_failure_the_other_way_is_tried(post: Post) -> None:
    tell(post, alert(), "zhao")

    assert send(post, 0, sent=False, permanent=True) == ["raised zhao/sms"]
    assert send(post, 1, sent=False, permanent=True) == ["raised zhao/mail"]
    assert send(post, 2) == []


def test_for_lives_the_other_way_is_tried_after_the_second_failure(post: Post) -> None:
    tell(post, alert(life_safety=True), "zhao")

    assert send(post, 0, sent=False) == ["raised zhao/sms"]
    assert send(post, 5, sent=False) == ["raised zhao/sms"]
    assert send(post, 6) == ["raised zhao/mail"]
    assert send(post, 15) == ["raised zhao/sms"]


def test_who_cannot_be_reached_is_written_down(post: Post, memory: Memory) -> None:
    tell(post, alert(), "stranger")

    memory.commit()
    (said,) = memory.said("notice")
    assert (said["to"], said["outcome"]) == ("stranger", "no_way")


def test_without_channels_nothing_is_written(memory: Memory) -> None:
    silent = post_of(memory, channels_of())

    tell(silent, alert(), "zhao")
    silent.follow(cleared(alert(), 1), at_us(1))

    memory.commit()
    assert memory.lines == []
    assert silent.due(at_us(10)) == []


def test_a_machine_is_told_in_its_own_form(memory: Memory) -> None:
    hub = channel("hub", url="alertmanager+http://localhost/hook", form="alertmanager")
    post = post_of(memory, channels_of(hub))

    tell(post, alert(), "hub")
    (notice,) = post.due(at_us(0))

    assert '"status":"firing"' in notice.body
    assert CHANNELS.channels["sms"].form == "short"


def test_two_people_behind_one_channel_get_one_message_with_both_names(
    memory: Memory,
) -> None:
    shared = channels_of(
        channel("group"), zhao=Person("赵", ("group",)), qian=Person("钱", ("group",))
    )
    post = post_of(memory, shared)

    tell(post, alert(), "zhao", "qian", "group")
    (notice,) = post.due(at_us(0))

    assert (notice.to, notice.others) == ("zhao", ("qian", "group"))


def test_when_the_shared_channel_fails_each_is_tried_by_their_own(memory: Memory) -> None:
    shared = channels_of(
        channel("group"),
        channel("a"),
        channel("b"),
        zhao=Person("赵", ("group",), "a"),
        qian=Person("钱", ("group",), "b"),
    )
    post = post_of(memory, shared)
    tell(post, alert(), "zhao", "qian")

    send(post, 0, sent=False, permanent=True)

    assert sorted(send(post, 1)) == ["raised qian/b", "raised zhao/a"]


def test_whoever_an_alert_is_assigned_to_hears_of_it(post: Post) -> None:
    post.follow(moved(alert(), Change.ASSIGNED, 5, assigned_to="zhao"), at_us(5))

    assert send(post, 5) == ["assigned zhao/sms"]


def test_what_is_announced_when_it_is_over_says_so(post: Post) -> None:
    state = State.RETURNED_UNACKNOWLEDGED
    tell(post, moved(alert(), Change.UNSHELVED, 5, state=state, active=False), "zhao")

    assert send(post, 5) == ["returned zhao/sms"]


def test_what_is_put_aside_before_it_was_told_is_not_told(post: Post, memory: Memory) -> None:
    tell(post, alert(), "zhao")
    send(post, 0, sent=False)

    post.follow(moved(alert(), Change.SHELVED, 1, state=State.SHELVED), at_us(1))

    assert send(post, 100) == []
    memory.commit()
    assert memory.said("notice")[-1]["outcome"] == "overtaken"


def test_a_desk_with_nobody_at_it_is_written_down(post: Post, memory: Memory) -> None:
    tell(post, alert())

    memory.commit()
    assert memory.said("notice")[0]["sentence"].startswith("Nobody is on duty at desk 'room'")


def test_ends_that_are_gathered_into_one_message_leave_nothing_behind(memory: Memory) -> None:
    narrow = channels_of(channel("slow", rate=2), wu=Person("吴", ("slow",)))
    post = post_of(memory, narrow)
    alerts = [alert(f"a{number}") for number in range(5)]
    for each in alerts:
        tell(post, each, "wu")
    assert send(post, 0) == ["raised wu/slow", "summary wu/slow"]

    for each in alerts:
        post.follow(cleared(each, 60), at_us(60))
    (single, gathered) = post.due(at_us(60))
    first = [
        alert_id
        for each in (single, gathered)
        for alert_id in post.settle(Result(each.notice_id, sent=True, sentence="."), at_us(60))
    ]

    assert single.subject.startswith("告警解除")
    assert len(gathered.subjects) == 4
    assert first == []
    memory.commit()
    assert memory.records("told") == memory.records("notice") == {}
