import pytest

from tests.integration.alerts.duty_room import DutyRoom


@pytest.fixture
def detector(room: DutyRoom) -> str:
    (device_id,) = room.city.add("smoke", profile="smoke-detector")
    room.open()
    return device_id


def test_a_fire_is_on_the_board_within_a_second(room: DutyRoom, detector: str) -> None:
    room.fire(detector)

    alert = room.office.alert(detector, "unacknowledged", within=1)
    assert (alert["rule_id"], alert["priority"], alert["kind"]) == (
        "fire-event",
        "critical",
        "event",
    )
    assert (alert["subject"], alert["count"], alert["late"]) == ("fire", 1, False)
    assert alert["site_id"] == "unit-1"
    assert alert["title_zh"] == "火灾报警"
    assert room.office.board() == [alert]


def test_a_state_that_also_says_test_hides_no_fire(room: DutyRoom, detector: str) -> None:
    topic = room.city.topic(detector, "event")
    room.field.say(topic, {"ts": 1, "event": "test"})
    room.fire(detector)

    assert room.office.alert(detector, "unacknowledged")["subject"] == "fire"


def test_a_fire_that_comes_late_is_raised_and_says_so(room: DutyRoom, detector: str) -> None:
    room.fire(detector, ago_s=1020)

    alert = room.office.alert(detector, "unacknowledged")
    assert alert["late"] is True
    assert alert["raised_at"] < alert["detected_at"]


def test_a_fire_that_is_over_stays_until_an_officer_has_seen_it(
    room: DutyRoom, detector: str
) -> None:
    room.fire(detector)
    room.fire(detector, active=False)
    alert = room.office.alert(detector, "returned_unacknowledged")

    answer = room.acknowledge(alert, "李明")

    assert answer["alert"]["state"] == "normal"
    assert answer["alert"]["acknowledged_by"] == "李明"
    room.office.wait_for(lambda: not room.office.board())
    assert room.office.transitions()[-1] == answer["alert"]


def test_of_two_officers_only_the_first_takes_an_alert(room: DutyRoom, detector: str) -> None:
    room.fire(detector)
    alert = room.office.alert(detector, "unacknowledged")

    first = room.acknowledge(alert, "李明", "request-1")
    second = room.acknowledge(alert, "王芳", "request-2")
    again = room.acknowledge(alert, "李明", "request-1")

    assert first["alert"]["acknowledged_by"] == "李明"
    assert second["error"]["code"] == "conflict"
    assert "李明" in second["error"]["message"]
    assert again == first


def test_what_cannot_be_done_is_refused_with_a_reason(room: DutyRoom, detector: str) -> None:
    unknown = room.acknowledge({"alert_id": "none"}, "李明")
    nonsense = room.office.ask({"do": "dance"})

    assert unknown["error"] == {"code": "not_found", "message": "There is no alert 'none'."}
    assert nonsense["error"]["code"] == "invalid"


def test_the_journal_can_be_read_from_any_number(room: DutyRoom, detector: str) -> None:
    room.fire(detector)
    alert = room.office.alert(detector, "unacknowledged")
    room.acknowledge(alert, "李明")

    told = room.office.ask({"do": "events_since", "seq": 0})
    rest = room.office.ask({"do": "events_since", "seq": alert["seq"]})
    opened = room.office.ask({"do": "open_alerts"})

    assert [each["transition"] for each in told["events"]] == ["raised", "acknowledged"]
    assert [each["transition"] for each in rest["events"]] == ["acknowledged"]
    assert (told["oldest_seq"], told["last_seq"]) == (alert["seq"], alert["seq"] + 1)
    assert opened["alerts"] == [told["events"][-1]]


def test_a_device_registered_this_moment_is_heard(room: DutyRoom, detector: str) -> None:
    (newcomer,) = room.city.add("newcomer", profile="smoke-detector")

    room.fire(newcomer)

    assert room.office.alert(newcomer, "unacknowledged", within=5)["rule_id"] == "fire-event"
