import pytest

from alerts.board.commands import Acknowledge, Assign, Comment, Prioritise
from core.errors import Conflict
from tests.unit.alerts.board.desk import LIFE, Desk
from tests.unit.alerts.making import FAULT


@pytest.fixture
def desk() -> Desk:
    desk = Desk()
    desk.bad(FAULT)
    desk.commit()
    return desk


def test_of_two_officers_only_the_first_takes_an_alert_and_the_second_learns_when(
    desk: Desk,
) -> None:
    desk.do(Acknowledge, alert_id=desk.alert_id)
    when = f"{desk.now:%F %T} UTC"
    desk.wait(seconds=5)

    with pytest.raises(Conflict, match=f"already been acknowledged by 李明 at {when}"):
        desk.do(Acknowledge, "王芳", alert_id=desk.alert_id)


def test_an_alert_is_assigned_and_assigned_again(desk: Desk) -> None:
    desk.do(Assign, alert_id=desk.alert_id, to="王芳")
    assert (desk.alert.assigned_to, desk.alert.actor) == ("王芳", "李明")
    with pytest.raises(Conflict, match="is assigned to 王芳 already"):
        desk.do(Assign, alert_id=desk.alert_id, to="王芳")

    desk.do(Assign, alert_id=desk.alert_id, to="李明")

    assert desk.alert.assigned_to == "李明"


def test_a_comment_is_kept_also_beside_what_has_cleared(desk: Desk) -> None:
    alert_id = desk.alert_id
    desk.do(Comment, alert_id=alert_id, text="误动作")
    desk.good(FAULT)
    desk.do(Comment, alert_id=alert_id, text="已换")

    assert [(it.transition, it.note) for it in desk.commit()] == [
        ("commented", "误动作"),
        ("cleared", None),
        ("commented", "已换"),
    ]


def test_what_has_cleared_is_not_assigned(desk: Desk) -> None:
    alert_id = desk.alert_id
    desk.good(FAULT)

    with pytest.raises(Conflict, match="was cleared"):
        desk.do(Assign, alert_id=alert_id, to="王芳")


def test_made_more_urgent_an_alert_is_to_be_acknowledged_again(desk: Desk) -> None:
    desk.do(Acknowledge, alert_id=desk.alert_id)
    alert = desk.do(Prioritise, alert_id=desk.alert_id, priority="high", reason="学校旁")

    assert (alert.state, alert.priority, alert.note) == ("unacknowledged", "high", "学校旁")
    with pytest.raises(Conflict, match="has the priority high already"):
        desk.do(Prioritise, alert_id=desk.alert_id, priority="high", reason="x")


def test_made_less_urgent_an_alert_stays_where_it_is(desk: Desk) -> None:
    desk.do(Prioritise, alert_id=desk.alert_id, priority="high", reason="学校旁")
    desk.do(Acknowledge, alert_id=desk.alert_id)
    alert = desk.do(Prioritise, alert_id=desk.alert_id, priority="low", reason="放假")

    assert (alert.state, alert.priority, alert.acknowledged_by) == ("acknowledged", "low", "李明")


def test_what_is_about_lives_is_not_made_less_urgent(desk: Desk) -> None:
    desk.good(FAULT)
    desk.bad(LIFE)

    with pytest.raises(Conflict, match="about life safety"):
        desk.do(Prioritise, alert_id=desk.alert_id, priority="high", reason="x")
