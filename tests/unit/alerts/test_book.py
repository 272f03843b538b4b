from typing import Any

import pytest

from alerts.board.alert import (
    Began,
    Ended,
    Measure,
    Subject,
    alert_id,
)
from alerts.board.book import OPEN
from alerts.board.states import State
from alerts.judging.rules import Rule
from core.clock import from_us
from core.errors import Conflict, NotFound
from tests.unit.alerts.board.desk import Desk
from tests.unit.alerts.making import FAULT, FIRE, INGEST, NOW, S, device

LATER = from_us(NOW + 60 * S)
SUBJECT = Subject("d", device("d"), "fire")


def began(rule: Rule = FIRE, at_us: int = NOW, **rest: Any) -> Began:
    return Began(rule, SUBJECT, Measure("fire"), at_us, at_us, **rest)


@pytest.fixture
def desk() -> Desk:
    return Desk()


def test_a_finding_becomes_an_alert(desk: Desk) -> None:
    desk.book.note([began(late=True)], LATER)

    alert = desk.alert
    assert (alert.seq, alert.state, alert.count, alert.late) == (101, "unacknowledged", 1, True)
    assert (alert.device_id, alert.site_id, alert.district) == ("d", "unit", "620171")
    assert (alert.raised_at, alert.detected_at) == (from_us(NOW), LATER)
    assert alert.alert_id == alert_id(began())


def test_the_same_finding_again_changes_nothing(desk: Desk) -> None:
    desk.book.note([began(), began(), began(at_us=NOW + S)], LATER)

    assert desk.moves() == [(101, "raised", "unacknowledged")]


def test_a_latching_alert_returns_and_waits(desk: Desk) -> None:
    desk.book.note([began(), Ended("fire", "d", NOW + S), Ended("fire", "d", NOW + 2 * S)], LATER)

    assert [change for _, change, _ in desk.moves()] == ["raised", "returned"]
    assert desk.alert.returned_at == from_us(NOW + S)


def test_a_plain_alert_clears_by_itself(desk: Desk) -> None:
    desk.book.note([began(FAULT), Ended("fault", "d", NOW + S)], LATER)

    assert [change for _, change, _ in desk.moves()] == ["raised", "cleared"]
    assert len(desk.book) == 0


def test_what_is_bad_again_before_anybody_saw_it_is_the_same_alert(desk: Desk) -> None:
    desk.book.note([began(), Ended("fire", "d", NOW + S), began(at_us=NOW + 2 * S)], LATER)

    assert [change for _, change, _ in desk.moves()] == ["raised", "returned", "raised"]
    alert = desk.alert
    assert (alert.count, alert.returned_at, alert.alert_id) == (2, None, alert_id(began()))


def test_what_is_bad_again_after_clearing_is_a_new_alert(desk: Desk) -> None:
    desk.book.note([began(FAULT), Ended("fault", "d", NOW + S)], LATER)
    desk.moves()

    desk.book.note([began(FAULT, NOW + 2 * S)], LATER)

    assert desk.alert.alert_id != alert_id(began(FAULT))


def test_a_cleared_occurrence_told_again_raises_nothing(desk: Desk) -> None:
    desk.book.note([began(FAULT), Ended("fault", "d", NOW + S)], LATER)
    desk.moves()

    assert desk.book.note([began(FAULT)], LATER) == [began(FAULT)]

    assert desk.moves() == []


def test_the_first_officer_takes_it_and_the_second_is_told_who_did(desk: Desk) -> None:
    desk.book.note([began()], LATER)
    taken = desk.book.acknowledge(desk.alert.alert_id, "李明", LATER)

    with pytest.raises(Conflict, match="already been acknowledged by 李明"):
        desk.book.acknowledge(taken.alert_id, "王芳", LATER)
    assert (taken.state, taken.acknowledged_by, taken.acknowledged_at) == (
        State.ACKNOWLEDGED,
        "李明",
        LATER,
    )
    desk.commit()
    assert [line.actor for line in desk.lines] == [None, "李明"]


def test_acknowledging_what_has_returned_clears_it(desk: Desk) -> None:
    desk.book.note([began(), Ended("fire", "d", NOW + S)], LATER)

    cleared = desk.book.acknowledge(desk.alert.alert_id, "李明", LATER)

    assert (cleared.state, cleared.cleared_at, cleared.acknowledged_by) == ("normal", LATER, "李明")
    assert cleared.alert_id not in desk.book


def test_a_cleared_alert_cannot_be_taken_and_the_reason_is_told(desk: Desk) -> None:
    desk.book.note([began(), Ended("fire", "d", NOW + S)], LATER)
    alert = desk.book.acknowledge(desk.alert.alert_id, "李明", LATER)
    desk.moves()

    with pytest.raises(Conflict, match=r"was cleared at .* UTC; it had been acknowledged by 李明"):
        desk.book.acknowledge(alert.alert_id, "王芳", LATER)


def test_an_alert_nobody_knows_is_not_found(desk: Desk) -> None:
    with pytest.raises(NotFound, match="no alert 'x'"):
        desk.book.acknowledge("x", "李明", LATER)


def test_an_alert_about_our_own_part_names_it(desk: Desk) -> None:
    part = Began(INGEST, Subject("ingest/all"), Measure("offline"), NOW, NOW, size=107)

    desk.book.note([part], LATER)

    alert = desk.alert
    assert (alert.device_id, alert.domain, alert.cause, alert.count) == (
        None,
        "system",
        "ingest",
        107,
    )
    assert alert.title_zh == "题（ingest/all）"
    assert desk.book.find("ingest/all", "ingest")


def test_a_board_taken_over_goes_on_where_it_was(desk: Desk) -> None:
    desk.book.note([began()], LATER)
    before = list(desk.book)
    desk.restart()

    desk.book.note([began(), Ended("fire", "d", NOW + S)], LATER)

    assert [each.alert.alert_id for each in before] == list(desk.records[OPEN])
    assert desk.moves() == [(102, "returned", "returned_unacknowledged")]


def test_what_has_cleared_is_not_on_the_board_after_a_restart(desk: Desk) -> None:
    desk.book.note([began(FAULT)], LATER)
    desk.restart()
    desk.book.note([Ended("fault", "d", NOW + S)], LATER)
    desk.restart()

    assert len(desk.book) == 0
