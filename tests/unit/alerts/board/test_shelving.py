from datetime import timedelta

import msgspec
import pytest

from alerts.board.alert import Hold
from alerts.board.shelving import Shelve, TakeOutOfService, Unshelve
from core.errors import Conflict, Invalid, NotFound
from tests.unit.alerts.board.desk import LIFE, Desk
from tests.unit.alerts.making import FAULT, FIRE


@pytest.fixture
def desk() -> Desk:
    return Desk()


def shelve(desk: Desk, minutes: int = 30, alert_id: str | None = None) -> None:
    desk.do(Shelve, alert_id=alert_id or desk.alert_id, minutes=minutes, reason="在修")


def take_out(desk: Desk) -> None:
    desk.do(TakeOutOfService, "王芳", alert_id=desk.alert_id, reason="坏了")


def test_a_shelved_alert_shows_who_why_and_until_when(desk: Desk) -> None:
    desk.bad(FAULT)
    shelve(desk)

    until = desk.now + timedelta(minutes=30)
    assert desk.alert.state == "shelved"
    assert desk.alert.hold == Hold("shelved", "officer", "d|fault", "在修", until, "李明")
    assert (desk.alert.actor, desk.alert.note) == ("李明", "在修")


def test_a_shelf_ends_by_itself_and_what_is_still_bad_is_announced_anew(desk: Desk) -> None:
    desk.bad(FAULT)
    shelve(desk)

    desk.wait(minutes=29, seconds=59.999999)
    assert desk.changes() == ["raised", "shelved"]
    desk.wait(seconds=0.000001)

    assert desk.changes() == ["unshelved"]
    assert (desk.alert.state, desk.alert.hold, desk.alert.actor) == ("unacknowledged", None, None)
    assert desk.alert.note == "The time of the shelf is over."


def test_a_shelf_outlives_its_alert_and_holds_the_next(desk: Desk) -> None:
    desk.bad(FAULT)
    shelve(desk)
    desk.good(FAULT)
    desk.wait(minutes=10)

    desk.bad(FAULT)
    assert desk.alert.state == "shelved"
    desk.wait(minutes=20)

    assert desk.changes() == ["raised", "shelved", "cleared", "raised", "unshelved"]


def test_a_shelf_holds_no_other_rule_and_no_other_device(desk: Desk) -> None:
    desk.bad(FAULT)
    shelve(desk)

    desk.bad(FIRE)
    desk.bad(FAULT, "e")

    assert sorted(each.alert.state for each in desk.book) == [
        "shelved",
        "unacknowledged",
        "unacknowledged",
    ]


def test_nothing_is_born_onto_a_shelf_at_the_moment_it_ends(desk: Desk) -> None:
    desk.bad(FAULT)
    shelve(desk)
    desk.good(FAULT)
    desk.now += timedelta(minutes=30)

    desk.bad(FAULT)  # before anybody has looked which shelves are over

    assert desk.alert.state == "unacknowledged"


@pytest.mark.parametrize("minutes_away", [5, 40])
def test_a_restart_loses_no_shelf_and_no_deadline(desk: Desk, minutes_away: int) -> None:
    desk.bad(FAULT)
    shelve(desk)
    desk.restart()
    assert desk.alert.state == "shelved"

    desk.wait(minutes=minutes_away)
    desk.wait(minutes=30)

    assert desk.changes() == ["unshelved"]
    assert len(desk.shelves) == 0
    assert desk.shelves.next_us() is None
    desk.restart()
    assert len(desk.shelves) == 0


def test_a_latching_alert_that_went_while_shelved_waits_to_be_seen(desk: Desk) -> None:
    desk.bad(FIRE)
    shelve(desk)
    desk.good(FIRE)
    assert (desk.alert.state, desk.alert.active) == ("shelved", False)

    desk.wait(minutes=30)

    assert desk.alert.state == "returned_unacknowledged"


def test_a_shelf_is_no_longer_than_the_maximum(desk: Desk) -> None:
    desk.bad(FAULT)

    with pytest.raises(Invalid, match="for 480 minutes at most, not 481"):
        shelve(desk, 481)
    shelve(desk, 480)

    assert desk.alert.state == "shelved"


@pytest.mark.parametrize("minutes", [0, -1])
def test_a_shelf_lasts_at_least_a_minute(desk: Desk, minutes: int) -> None:
    desk.bad(FAULT)

    with pytest.raises(msgspec.ValidationError):
        shelve(desk, minutes)


def test_what_is_about_lives_is_never_put_aside(desk: Desk) -> None:
    desk.bad(LIFE)

    with pytest.raises(Conflict, match="about life safety"):
        shelve(desk)
    with pytest.raises(Conflict, match="about life safety"):
        take_out(desk)

    assert desk.changes() == ["raised"]
    assert len(desk.shelves) == 0


def test_a_rule_that_has_come_to_be_about_lives_is_told_in_spite_of_its_shelf(desk: Desk) -> None:
    desk.bad(FAULT)
    shelve(desk)
    desk.good(FAULT)
    desk.wait(minutes=1)

    desk.bad(msgspec.structs.replace(FAULT, life_safety=True, version=2))

    assert desk.alert.state == "unacknowledged"


def test_who_shelved_it_is_told_to_the_next_who_tries(desk: Desk) -> None:
    desk.bad(FAULT)
    shelve(desk)

    with pytest.raises(Conflict, match=r"has been shelved by 李明 until .* UTC \(在修\)"):
        shelve(desk)


def test_what_is_suppressed_cannot_be_shelved(desk: Desk) -> None:
    desk.bad(FAULT)
    desk.book.hold(desk.alert_id, Hold("suppressed", "parent", "p1", "控制器离线"), desk.now)

    with pytest.raises(Conflict, match=r"is suppressed while another alert explains it"):
        shelve(desk)


def test_a_cleared_alert_cannot_be_shelved(desk: Desk) -> None:
    desk.bad(FAULT)
    alert_id = desk.alert_id
    desk.good(FAULT)

    with pytest.raises(Conflict, match="was cleared"):
        shelve(desk, alert_id=alert_id)
    with pytest.raises(NotFound):
        shelve(desk, alert_id="nobody")


def test_an_officer_ends_a_shelf_early(desk: Desk) -> None:
    desk.bad(FAULT)
    shelve(desk)

    alert = desk.do(Unshelve, "王芳", alert_id=desk.alert_id, reason="修好了")

    assert (alert.state, alert.actor, alert.note) == ("unacknowledged", "王芳", "修好了")
    assert len(desk.shelves) == 0
    with pytest.raises(Conflict, match="is not shelved"):
        desk.do(Unshelve, alert_id=alert.alert_id, reason="再来")


def test_a_shelf_that_was_ended_early_does_not_end_again(desk: Desk) -> None:
    desk.bad(FAULT)
    shelve(desk)
    desk.do(Unshelve, alert_id=desk.alert_id, reason="修好了")
    assert desk.shelves.next_us() is None

    desk.wait(minutes=30)

    assert desk.changes() == ["raised", "shelved", "unshelved"]


@pytest.mark.parametrize("committed", [False, True])
def test_a_shelf_is_ended_by_way_of_an_alert_that_has_cleared(desk: Desk, committed: bool) -> None:
    desk.bad(FAULT)
    alert_id = desk.alert_id
    shelve(desk)
    desk.good(FAULT)
    desk.bad(FAULT)  # the same instant: it had its alert before
    desk.wait(minutes=1)
    desk.bad(FAULT)
    if committed:
        desk.commit()

    desk.do(Unshelve, alert_id=alert_id, reason="修好了")

    assert desk.alert.alert_id != alert_id
    assert desk.alert.state == "unacknowledged"
