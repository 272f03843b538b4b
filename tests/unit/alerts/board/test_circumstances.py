"""What surrounds an alert when it is raised, and what happens to it while it is open."""

from typing import Any

import pytest

from alerts.board.alert import (
    Began,
    Changed,
    Circumstances,
    Ended,
    Hold,
    Measure,
    Subject,
    alert_id,
)
from alerts.board.states import Change
from alerts.judging.rules import Rule
from core.clock import from_us
from core.errors import Conflict
from devices.model import Site
from tests.unit.alerts.board.desk import LIFE, Desk
from tests.unit.alerts.making import FAULT, FIRE, NOW, S, device

LATER = from_us(NOW + 60 * S)
SUBJECT = Subject("d", device("d"), "fire")
HOLD = Hold("suppressed", "window", "w1", "换电池", from_us(NOW + 3600 * S))


def began(rule: Rule = FIRE, at_us: int = NOW, **rest: Any) -> Began:
    return Began(rule, SUBJECT, Measure("fire"), at_us, at_us, **rest)


@pytest.fixture
def desk() -> Desk:
    return Desk()


def surrounded(**circumstances: Any) -> Any:
    return lambda _began, _alert_id: Circumstances(**circumstances)


def test_a_new_alert_is_born_into_its_circumstances(desk: Desk) -> None:
    around = surrounded(drill=True, desk_id="d1", folded_under="first", chattering=True)

    desk.book.note([began(FAULT)], LATER, around)

    alert = desk.alert
    assert (alert.drill, alert.desk_id, alert.folded_under, alert.chattering) == (
        True,
        "d1",
        "first",
        True,
    )
    assert (alert.state, alert.active, alert.hold) == ("unacknowledged", True, None)


def test_the_circumstances_are_asked_for_once_with_the_name_of_the_alert(desk: Desk) -> None:
    asked = []

    def surround(one: Began, name: str) -> Circumstances:
        asked.append((one.rule.rule_id, name))
        return Circumstances()

    desk.book.note([began(), began(at_us=NOW + S)], LATER, surround)
    desk.book.note([Ended("fire", "d", NOW + S), began(at_us=NOW + 2 * S)], LATER, surround)

    assert asked == [("fire", alert_id(began()))]


def test_a_held_alert_is_born_held_and_told_when_it_is_released(desk: Desk) -> None:
    desk.book.note([began(FAULT)], LATER, surrounded(hold=HOLD))
    assert (desk.alert.hold, desk.alert.active) == (HOLD, True)

    released = desk.book.release(desk.alert_id, LATER, why="Done.")

    assert desk.moves() == [(101, "raised", "suppressed"), (102, "unsuppressed", "unacknowledged")]
    assert (released.hold, released.note, released.actor) == (None, "Done.", None)


def test_what_is_about_lives_is_neither_born_held_nor_folded(desk: Desk) -> None:
    desk.book.note([began(LIFE)], LATER, surrounded(hold=HOLD, folded_under="first", drill=True))

    alert = desk.alert
    assert (alert.state, alert.hold, alert.folded_under, alert.drill) == (
        "unacknowledged",
        None,
        None,
        True,
    )
    with pytest.raises(Conflict, match="about life safety"):
        desk.book.hold(alert.alert_id, HOLD, LATER)
    with pytest.raises(Conflict, match="about life safety"):
        desk.book.mark(alert.alert_id, Change.FOLDED, LATER, folded_under="first")


def test_a_held_plain_alert_that_goes_clears_and_shows_no_hold(desk: Desk) -> None:
    desk.book.note([began(FAULT), Ended("fault", "d", NOW + S)], LATER, surrounded(hold=HOLD))

    raised, cleared = desk.commit()
    assert (raised.hold, cleared.hold, cleared.cleared_at) == (HOLD, None, LATER)


def test_a_held_latching_alert_that_goes_waits_to_be_seen_after_the_hold(desk: Desk) -> None:
    desk.book.note([began(), Ended("fire", "d", NOW + S)], LATER, surrounded(hold=HOLD))
    assert (desk.alert.state, desk.alert.active) == ("suppressed", False)

    desk.book.release(desk.alert_id, LATER)

    assert (desk.alert.state, desk.alert.active) == ("returned_unacknowledged", False)


def test_a_held_alert_that_comes_again_stays_held_and_counts(desk: Desk) -> None:
    gone = Ended("fire", "d", NOW + S)
    desk.book.note([began(), gone, began(at_us=NOW + 2 * S)], LATER, surrounded(hold=HOLD))

    assert (desk.alert.state, desk.alert.active, desk.alert.count) == ("suppressed", True, 2)


def test_an_acknowledged_alert_that_was_held_is_to_be_acknowledged_anew(desk: Desk) -> None:
    desk.book.note([began(FAULT)], LATER)
    desk.book.acknowledge(desk.alert_id, "李明", LATER)
    held = desk.book.hold(desk.alert_id, HOLD, LATER, actor="王芳")
    assert (held.acknowledged_by, held.actor, held.note) == ("李明", "王芳", "换电池")

    released = desk.book.release(desk.alert_id, LATER)

    assert (released.acknowledged_by, released.acknowledged_at) == (None, None)


def test_a_held_alert_cannot_be_acknowledged_and_the_hold_is_named(desk: Desk) -> None:
    desk.book.note([began(FAULT)], LATER, surrounded(hold=HOLD))

    with pytest.raises(Conflict, match=r"is suppressed by a window until .* UTC \(换电池\)"):
        desk.book.acknowledge(desk.alert_id, "李明", LATER)


def worse(priority: Any, value: float = 2) -> Changed:
    return Changed("fault", "d", priority, Measure("t", value, 1, "°C", "仓库"), NOW + S)


def test_a_worse_level_is_to_be_acknowledged_again(desk: Desk) -> None:
    desk.book.note([began(FAULT)], LATER)
    desk.book.acknowledge(desk.alert_id, "李明", LATER)

    desk.book.note([worse("critical")], LATER)

    alert = desk.alert
    assert (alert.transition, alert.state, alert.priority) == (
        "reprioritised",
        "unacknowledged",
        "critical",
    )
    assert (alert.value, alert.limit, alert.unit, alert.about) == (2, 1, "°C", "仓库")
    assert alert.acknowledged_by is None


def test_a_better_level_changes_the_priority_and_nothing_else(desk: Desk) -> None:
    desk.book.note([began(FAULT, priority="critical")], LATER)
    desk.book.acknowledge(desk.alert_id, "李明", LATER)

    desk.book.note([worse("low"), worse("low")], LATER)

    assert (desk.alert.state, desk.alert.priority, desk.alert.acknowledged_by) == (
        "acknowledged",
        "low",
        "李明",
    )
    assert [change for _, change, _ in desk.moves()] == ["raised", "acknowledged", "reprioritised"]


def test_another_level_of_what_is_not_open_is_nothing(desk: Desk) -> None:
    desk.book.note([worse("critical")], LATER)

    assert desk.moves() == []


def test_what_is_about_lives_is_not_lowered_by_anybody(desk: Desk) -> None:
    desk.book.note([began(LIFE)], LATER)
    desk.book.note([worse("low")._replace(rule_id="life")], LATER)

    with pytest.raises(Conflict, match="about life safety"):
        desk.book.reprioritise(desk.alert_id, "high", LATER, actor="王芳")
    assert desk.alert.priority == "critical"


def test_a_note_tells_who_and_what_and_only_of_that_transition(desk: Desk) -> None:
    desk.book.note([began(FAULT)], LATER)

    marked = desk.book.mark(
        desk.alert_id, Change.NOTIFIED, LATER, actor="wecom", note="ok", notified_at=LATER
    )
    after = desk.book.mark(desk.alert_id, Change.REMINDED, LATER, reminders=1)

    assert (marked.actor, marked.note, marked.notified_at) == ("wecom", "ok", LATER)
    assert (after.actor, after.note, after.notified_at, after.reminders) == (None, None, LATER, 1)


@pytest.mark.parametrize("committed", [False, True])
def test_a_receipt_may_come_after_the_alert_has_cleared(desk: Desk, committed: bool) -> None:
    desk.book.note([began(FAULT), Ended("fault", "d", NOW + S)], LATER)
    if committed:
        desk.commit()

    marked = desk.book.mark(alert_id(began(FAULT)), Change.NOTIFIED, LATER, notified_at=LATER)

    assert (marked.state, marked.cleared_at, marked.seq) == ("normal", LATER, 103)
    assert len(desk.book) == 0
    with pytest.raises(Conflict, match="was cleared"):
        desk.book.mark(marked.alert_id, Change.REMINDED, LATER)


def test_an_occurrence_that_came_and_went_in_one_turn_is_not_raised_twice(desk: Desk) -> None:
    once = [began(FAULT), Ended("fault", "d", NOW + S)]

    assert desk.book.note([*once, *once], LATER) == [began(FAULT)]

    assert [change for _, change, _ in desk.moves()] == ["raised", "cleared"]


def test_an_alert_about_a_site_has_its_place_and_no_device(desk: Desk) -> None:
    site = Site(site_id="unit", kind="fire_unit", name="楼", district="620171", lon=103, lat=36)
    subject = Subject("site/unit", None, "fire", site)

    desk.book.note([Began(FAULT, subject, Measure("two"), NOW, NOW)], LATER)

    alert = desk.alert
    assert (alert.device_id, alert.site_id, alert.district, alert.title_zh) == (
        None,
        "unit",
        "620171",
        "题",
    )
