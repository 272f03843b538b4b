import msgspec
import pytest

from alerts.board.commands import Acknowledge
from alerts.board.responding import Arrive, Dispatch, HandOver119, Verify
from alerts.board.states import Change
from core.errors import Conflict, Invalid, NotFound
from tests.unit.alerts.board.desk import LIFE, Desk
from tests.unit.alerts.making import FAULT


@pytest.fixture
def desk() -> Desk:
    desk = Desk()
    desk.bad(LIFE)
    desk.commit()
    return desk


def verify(desk: Desk, verdict: str, officer: str = "李明") -> None:
    desk.do(Verify, officer, alert_id=desk.alert_id, verdict=verdict, text="看过")


@pytest.mark.parametrize("verdict", ["real", "false", "test"])
def test_a_verdict_is_noted_with_who_and_when_and_clears_nothing(desk: Desk, verdict: str) -> None:
    verify(desk, verdict)

    alert = desk.alert
    assert (alert.verdict, alert.verified_by, alert.verified_at) == (verdict, "李明", desk.now)
    assert (alert.state, alert.active, alert.note) == ("unacknowledged", True, "看过")
    assert desk.changes() == ["verified"]


@pytest.mark.parametrize(("verdict", "drill"), [("real", False), ("false", True), ("test", True)])
def test_a_real_fire_in_a_drill_is_no_drill_any_more(
    desk: Desk, verdict: str, *, drill: bool
) -> None:
    desk.book.mark(desk.alert_id, Change.UPDATED, desk.now, drill=True)

    verify(desk, verdict)

    assert desk.alert.drill is drill


def test_only_what_is_about_lives_is_verified(desk: Desk) -> None:
    desk.bad(FAULT)
    fault = desk.book.find("d", "fault")
    assert fault is not None

    with pytest.raises(Invalid, match="is not about lives"):
        desk.do(Verify, alert_id=fault.alert.alert_id, verdict="real")


def test_there_are_three_verdicts_and_no_other(desk: Desk) -> None:
    with pytest.raises(msgspec.ValidationError):
        verify(desk, "maybe")


def test_the_same_verdict_twice_names_who_was_first(desk: Desk) -> None:
    verify(desk, "real")

    with pytest.raises(Conflict, match=r"already been verified as real by 李明 at .* UTC"):
        verify(desk, "real", "王芳")


def test_another_verdict_corrects_the_first_and_both_stay_in_the_journal(desk: Desk) -> None:
    verify(desk, "real")
    verify(desk, "false", "王芳")

    assert (desk.alert.verdict, desk.alert.verified_by) == ("false", "王芳")
    assert desk.changes() == ["verified", "verified"]


def test_a_fire_that_has_cleared_can_still_be_verified_and_stays_cleared(desk: Desk) -> None:
    alert_id = desk.alert_id
    desk.do(Acknowledge, alert_id=alert_id)
    desk.good(LIFE)

    alert = desk.do(Verify, alert_id=alert_id, verdict="false", text="蒸汽")

    assert (alert.state, alert.verdict, alert.acknowledged_by) == ("normal", "false", "李明")
    assert len(desk.book) == 0
    assert desk.changes() == ["acknowledged", "cleared", "verified"]


def hand_over(desk: Desk, officer: str = "李明") -> None:
    desk.do(HandOver119, officer, alert_id=desk.alert_id, reference="119-0042", text="三层")


def test_a_real_fire_is_handed_over_to_119_once(desk: Desk) -> None:
    verify(desk, "real")
    hand_over(desk)

    call = desk.alert.fire_brigade
    assert call is not None
    assert (call.at, call.officer, call.reference, call.note) == (
        desk.now,
        "李明",
        "119-0042",
        "三层",
    )
    with pytest.raises(Conflict, match=r"to 119 by 李明 at .* UTC under the number 119-0042"):
        hand_over(desk, "王芳")
    assert desk.changes() == ["verified", "handed_over"]


def test_a_fire_nobody_has_verified_is_not_handed_over(desk: Desk) -> None:
    with pytest.raises(Conflict, match="has not been verified as real"):
        hand_over(desk)


@pytest.mark.parametrize(("verdict", "words"), [("false", "a false alarm"), ("test", "a test")])
def test_what_is_no_real_fire_is_not_handed_over(desk: Desk, verdict: str, words: str) -> None:
    verify(desk, verdict)

    with pytest.raises(Conflict, match=rf"was verified as {words} by 李明"):
        hand_over(desk)


def test_help_is_sent_and_arrives_and_the_clocks_stand_in_the_alert(desk: Desk) -> None:
    sent = desk.now
    desk.do(Dispatch, alert_id=desk.alert_id, to="微型消防站")
    desk.wait(minutes=3)
    desk.do(Arrive, alert_id=desk.alert_id, text="无明火")

    alert = desk.alert
    assert (alert.dispatched_at, alert.dispatched_to) == (sent, "微型消防站")
    assert (alert.on_site_at, alert.note) == (desk.now, "无明火")
    with pytest.raises(Conflict, match=r"微型消防站 has been on site of alert .* since .* UTC"):
        desk.do(Arrive, alert_id=desk.alert_id)


def test_a_second_team_is_sent_but_the_clock_counts_from_the_first(desk: Desk) -> None:
    sent = desk.now
    desk.do(Dispatch, alert_id=desk.alert_id, to="一队")
    desk.wait(minutes=3)
    with pytest.raises(Conflict, match="一队 has already been sent"):
        desk.do(Dispatch, alert_id=desk.alert_id, to="一队")
    desk.do(Dispatch, alert_id=desk.alert_id, to="二队")

    assert (desk.alert.dispatched_at, desk.alert.dispatched_to) == (sent, "二队")


@pytest.mark.parametrize(
    ("kind", "rest"),
    [
        (Verify, {"verdict": "real"}),
        (HandOver119, {"reference": "1"}),
        (Dispatch, {"to": "一队"}),
        (Arrive, {}),
    ],
)
def test_what_nobody_knows_is_not_found(
    desk: Desk, kind: type[msgspec.Struct], rest: dict[str, str]
) -> None:
    with pytest.raises(NotFound, match="no alert 'x'"):
        desk.do(kind, alert_id="x", **rest)
