import msgspec
import pytest

from alerts.board.alert import Hold
from alerts.board.shelving import ReturnToService, Shelve, ShelvesAsked, TakeOutOfService, Unshelve
from core.clock import to_us
from core.errors import Conflict
from tests.unit.alerts.board.desk import Desk
from tests.unit.alerts.making import FAULT


@pytest.fixture
def desk() -> Desk:
    return Desk()


def shelve(desk: Desk, minutes: int = 30, alert_id: str | None = None) -> None:
    desk.do(Shelve, alert_id=alert_id or desk.alert_id, minutes=minutes, reason="在修")


def take_out(desk: Desk) -> None:
    desk.do(TakeOutOfService, "王芳", alert_id=desk.alert_id, reason="坏了")


def test_out_of_service_has_no_end_but_is_listed(desk: Desk) -> None:
    desk.bad(FAULT)
    take_out(desk)
    desk.good(FAULT)
    desk.wait(days=400)
    desk.restart()
    desk.bad(FAULT)

    assert desk.alert.state == "out_of_service"
    (shelf,) = desk.do(ShelvesAsked)["shelves"]
    assert (shelf.source, shelf.rule_id, shelf.state) == ("d", "fault", "out_of_service")
    assert (shelf.officer, shelf.reason, shelf.until) == ("王芳", "坏了", None)


def test_what_is_out_of_service_is_put_back(desk: Desk) -> None:
    desk.bad(FAULT)
    take_out(desk)
    with pytest.raises(Conflict, match="taken out of service by 王芳"):
        take_out(desk)
    with pytest.raises(Conflict, match="is not shelved"):
        desk.do(Unshelve, alert_id=desk.alert_id, reason="x")

    desk.do(ReturnToService, "王芳", alert_id=desk.alert_id, reason="换好了")

    assert desk.changes() == ["raised", "removed_from_service", "returned_to_service"]
    assert desk.alert.state == "unacknowledged"


def test_taken_out_of_service_a_shelf_gives_way_and_its_deadline_with_it(desk: Desk) -> None:
    desk.bad(FAULT)
    shelve(desk)
    take_out(desk)

    desk.wait(minutes=60)

    assert desk.alert.state == "out_of_service"
    assert desk.alert.hold is not None
    assert desk.alert.hold.until is None


def test_when_a_shelf_ends_what_else_holds_the_alert_holds_it_on(desk: Desk) -> None:
    desk.bad(FAULT)
    shelve(desk)
    desk.otherwise = Hold("suppressed", "window", "w1", "检修")

    desk.wait(minutes=30)

    assert desk.changes() == ["raised", "shelved", "suppressed"]
    assert desk.alert.hold == desk.otherwise


def test_a_shelf_that_ends_leaves_alone_what_is_held_otherwise_by_then(desk: Desk) -> None:
    desk.bad(FAULT)
    shelve(desk)
    desk.book.hold(desk.alert_id, Hold("suppressed", "window", "w1", "检修"), desk.now)

    desk.wait(minutes=30)

    assert desk.alert.state == "suppressed"


def test_what_ends_first_is_listed_on_top_and_what_has_no_end_below(desk: Desk) -> None:
    for source, minutes in (("a", 0), ("b", 60), ("c", 5)):
        desk.bad(FAULT, source)
        alert_id = next(each.alert.alert_id for each in desk.book if each.source == source)
        if minutes:
            shelve(desk, minutes, alert_id)
        else:
            desk.do(TakeOutOfService, alert_id=alert_id, reason="坏了")

    listed = desk.do(ShelvesAsked)["shelves"]

    assert [shelf.source for shelf in listed] == ["c", "b", "a"]
    assert len(desk.shelves) == 3


def test_the_journal_tells_of_every_shelf_how_it_began_and_ended(desk: Desk) -> None:
    desk.bad(FAULT)
    shelve(desk)
    desk.good(FAULT)  # nothing is left that a transition could be told of
    desk.wait(minutes=30)
    desk.commit()

    began, ended = (line for line in desk.lines if line.kind == "shelf")
    assert (began.subject, began.actor, began.seq) == ("d|fault", "李明", None)
    assert (ended.subject, ended.actor, ended.at_us) == ("d|fault", None, to_us(desk.now))
    assert msgspec.json.decode(ended.document)["what"] == "ended"
