"""From a fire signal to the duty officer's screen, with every part hurt on the way."""

import json
import threading
from collections import Counter
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import pytest

from tests.acceptance.ear import Ear, listening, shown_on, wait_until_known
from tests.fixtures.whole import Document, Whole, eventually, now_ms, topic
from tests.integration.alerts.duty_room import Office, Radio

pytestmark = pytest.mark.chaos

STORM = [f"storm-{number:03d}" for number in range(100)]
AWAY = [f"away-{number:02d}" for number in range(40)]
MASS = [f"mass-{number:03d}" for number in range(300)]
HASTY_MS = 6000
HASTY = {
    "profile_id": "hasty",
    "domain": "fire",
    "name_zh": "急性子",
    "name_en": "hasty",
    "expected_interval_s": 1,
    "offline_after_s": HASTY_MS / 1000,
    "metrics": ["temperature_c"],
}


@pytest.fixture(scope="module")
def office(whole: Whole) -> Iterator[Office]:
    """The board as the broker shows it."""
    office = Office(whole.servers.broker_address("svc-api"))
    yield office
    office.close()


@pytest.fixture(scope="module")
def field(whole: Whole, office: Office) -> Iterator[Radio]:
    """The devices' voice."""
    whole.register(*(f"path-{number}" for number in range(1, 7)), *STORM, *AWAY, *MASS)
    wait_until_known(whole, office)
    radio = Radio(whole.servers.broker_address("svc-simulators"))
    yield radio
    radio.close()


@pytest.fixture
def ear(whole: Whole) -> Iterator[Ear]:
    with listening(whole) as ear:
        yield ear


def fire(field: Radio, device_id: str, *, wait: bool = True) -> None:
    field.say(topic(device_id, "event"), {"ts": now_ms(), "event": "fire"}, wait=wait)


def open_alerts(whole: Whole, device_id: str) -> list[Document]:
    return whole.items("/alerts", device_id=device_id)


def transitions(whole: Whole, alert_id: str) -> list[str]:
    """Return what history has of an alert; nothing as long as it is not there."""
    answer = whole.ask("GET", f"/alerts/{alert_id}/events")
    return [each["transition"] for each in answer.json().get("items", ())]


def acknowledge(whole: Whole, alert_id: str, role: str) -> tuple[int, Document]:
    answer = whole.ask("POST", f"/alerts/{alert_id}/acknowledgement", role=role)
    return answer.status_code, answer.json()


def test_a_fire_is_on_the_stream_on_the_broker_and_in_the_list(
    whole: Whole, field: Radio, office: Office, ear: Ear
) -> None:
    fire(field, "path-1")

    ear.wait_for(lambda: ear.alerts("path-1"))
    (alert,) = ear.alerts("path-1")
    assert (alert["priority"], alert["state"]) == ("critical", "unacknowledged")
    assert office.alert("path-1", "unacknowledged") == alert
    assert open_alerts(whole, "path-1") == [alert]
    assert json.loads(office.retained[f"yiwang/v1/alerts/{alert['alert_id']}"]) == alert


def test_without_a_database_a_fire_is_raised_shown_and_taken_and_history_has_it_once(
    whole: Whole, field: Radio, office: Office, ear: Ear
) -> None:
    whole.servers.stop("database")
    try:
        fire(field, "path-2")
        ear.wait_for(lambda: ear.alerts("path-2"), within=5)
        (alert,) = open_alerts(whole, "path-2")
        whole.tokens["officer"] = whole.sign_in("officer")
        status, taken = acknowledge(whole, alert["alert_id"], "officer")
        assert (status, taken["acknowledged_by"]) == (201, "officer")
        ear.wait_for(lambda: "acknowledged" in ear.states("path-2"), within=5)
        assert office.alert("path-2", "acknowledged")["acknowledged_by"] == "officer"
    finally:
        whole.servers.start("database")

    told = eventually(lambda: transitions(whole, alert["alert_id"])[1:])
    assert told == ["acknowledged"]
    assert [each["state"] for each in whole.items("/alerts", state="all", device_id="path-2")] == [
        "acknowledged"
    ]
    signals = eventually(lambda: whole.get("/devices/path-2/events")["items"])
    assert [signal["kind"] for signal in signals] == ["fire"]
    assert ear.states("path-2") == ["unacknowledged", "acknowledged"]


def test_of_two_officers_at_once_one_takes_it_and_the_other_is_told_by_whom(
    whole: Whole, field: Radio, ear: Ear
) -> None:
    fire(field, "path-3")
    ear.wait_for(lambda: ear.alerts("path-3"))
    (alert_id,) = {alert["alert_id"] for alert in ear.alerts("path-3")}
    people = ("officer", "supervisor")
    for role in people:
        whole.ask("GET", "/me", role=role)  # signed in before it begins
    at_once = threading.Barrier(len(people))

    def take(role: str) -> tuple[int, Document]:
        at_once.wait(10)
        return acknowledge(whole, alert_id, role)

    with ThreadPoolExecutor(len(people)) as pool:
        answers = dict(zip(people, pool.map(take, people), strict=True))

    assert sorted(status for status, _ in answers.values()) == [201, 409]
    (winner,) = (role for role, (status, _) in answers.items() if status == 201)
    (refusal,) = (body["error"] for status, body in answers.values() if status == 409)
    assert refusal["code"] == "conflict"
    assert f"by {winner} at" in refusal["message"]
    assert open_alerts(whole, "path-3")[0]["acknowledged_by"] == winner


def test_an_engine_killed_in_the_middle_of_a_storm_raises_each_fire_once(
    whole: Whole, field: Radio, office: Office, ear: Ear
) -> None:
    for device_id in STORM[:50]:
        fire(field, device_id, wait=False)
    office.wait_for(lambda: raised(office.transitions()))
    whole.servers.kill("alerts")
    for device_id in STORM[50:]:
        fire(field, device_id, wait=False)

    ear.wait_for(lambda: len(raised(alert for _, alert in ear.heard)) == len(STORM), within=30)

    found = eventually(lambda: all_of_the_storm(whole))
    assert Counter(each["device_id"] for each in found) == dict.fromkeys(STORM, 1)
    assert {each["count"] for each in found} == {1}
    assert {alert["alert_id"] for _, alert in ear.heard} == {each["alert_id"] for each in found}
    assert len({alert["seq"] for _, alert in ear.heard}) == len(STORM)


def raised(alerts: Iterable[Document]) -> set[str]:
    return {alert["device_id"] for alert in alerts} & set(STORM)


def all_of_the_storm(whole: Whole) -> list[Document] | None:
    """Return what history has of the storm, once it has an alert of every device."""
    found = [each for each in whole.items("/alerts", state="all") if each["device_id"] in STORM]
    return found if raised(found) == set(STORM) else None


def test_a_killed_api_tells_a_returning_listener_everything_it_has_missed(
    whole: Whole, field: Radio, office: Office
) -> None:
    with listening(whole) as before:
        fire(field, AWAY[0])
        before.wait_for(lambda: before.alerts(AWAY[0]))
        last = before.last
        whole.servers.kill("api")
        whole.servers.stop("api")  # supervisor would have it back too soon
    for device_id in AWAY[1:20]:
        fire(field, device_id, wait=False)
    office.alert(AWAY[19], "unacknowledged")
    whole.servers.start("api")
    with listening(whole, last) as after:
        for device_id in AWAY[20:]:
            fire(field, device_id, wait=False)
        after.wait_for(lambda: after.alerts(AWAY[-1]))

        assert after.numbers() == set(range(last + 1, last + len(AWAY)))
        assert {alert["device_id"] for _, alert in after.heard} == set(AWAY[1:])


@pytest.fixture(scope="module")
def missed(whole: Whole, field: Radio, office: Office) -> range:
    """Let more happen while the api is away than one answer of the engine can hold."""
    with listening(whole) as ear:
        fire(field, "path-4")
        ear.wait_for(lambda: ear.alerts("path-4"))
        first = ear.last + 1
    whole.servers.stop("api")
    already = shown_on(office)
    for device_id in MASS:
        feedback = {"ts": now_ms(), "event": "feedback"}  # its rule is as wordy as can be
        field.say(topic(device_id, "event"), feedback, wait=False)
    office.wait_for(lambda: shown_on(office) == already + len(MASS), within=30)
    whole.servers.start("api")
    return range(first, first + len(MASS))


def test_a_listener_who_has_missed_more_than_one_answer_holds_is_told_all_of_it(
    whole: Whole, field: Radio, missed: range
) -> None:
    with listening(whole, missed[0] - 1) as after:
        fire(field, "path-5")
        after.wait_for(lambda: after.alerts("path-5"))

        lost = set(missed) - after.numbers()
        assert not lost, f"{len(lost)} transitions were never told; resets: {after.resets}"


def test_more_open_alerts_than_one_answer_holds_are_all_on_the_board(
    whole: Whole, office: Office, missed: range
) -> None:
    shown = {alert["alert_id"] for alert in whole.items("/alerts")}

    assert len(board_of(office, MASS) - shown) == 0


def board_of(office: Office, devices: Iterable[str]) -> set[str]:
    """Return the alerts the broker shows of these devices."""
    wanted = set(devices)
    return {alert["alert_id"] for alert in office.board() if alert["device_id"] in wanted}


def test_a_lost_ingester_is_one_alert_and_only_who_is_silent_is_blamed_for_silence(
    whole: Whole, field: Radio, office: Office, ear: Ear
) -> None:
    whole.put("/profiles/hasty", HASTY)
    whole.register("hasty-1", "hasty-2", profile="hasty")
    beginning = now_ms()
    measure(field, "hasty-2")
    eventually(lambda: whole.get("/devices/hasty-2/latest")["items"])

    with speaking(field, "hasty-1"), without_ingest(whole):
        ear.wait_for(lambda: offline(ear), within=10)
        fire(field, "path-6")
        ear.wait_for(lambda: ear.alerts("path-6"), within=2)
        eventually(lambda: has_beaten_after(office, beginning + HASTY_MS + 3000))
        first = [each for each in offline(ear) if each["transition"] == "raised"]
        blamed = [(each["cause"], each["device_id"]) for each in first]
        assert blamed == [("ingest", None), ("device", "hasty-2")]

    ear.wait_for(lambda: [each for each in offline(ear) if each["state"] == "normal"])
    (lost, *_, back) = (each for each in offline(ear) if each["cause"] == "ingest")
    assert (back["alert_id"], back["state"]) == (lost["alert_id"], "normal")
    signals = eventually(lambda: whole.get("/devices/path-6/events")["items"])
    assert [signal["kind"] for signal in signals] == ["fire"]
    whole.register("hasty-1", "hasty-2", profile="hasty", in_service=False)


def measure(field: Radio, device_id: str) -> None:
    field.say(topic(device_id), {"ts": now_ms(), "values": {"temperature_c": 20}})


@contextmanager
def speaking(field: Radio, device_id: str) -> Iterator[None]:
    """Let a device say something every second, whatever else takes how long."""
    over = threading.Event()

    def speak() -> None:
        while not over.is_set():
            field.say(topic(device_id), {"ts": now_ms(), "values": {"temperature_c": 20}})
            over.wait(1)

    thread = threading.Thread(target=speak)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


@contextmanager
def without_ingest(whole: Whole) -> Iterator[None]:
    """Kill the ingester, and keep supervisor from having it back too soon."""
    whole.servers.kill("ingest")
    whole.servers.stop("ingest")
    try:
        yield
    finally:
        whole.servers.start("ingest")


def has_beaten_after(office: Office, instant_ms: int) -> bool:
    """Say whether the engine's own clock is past an instant."""
    pulse = office.pulse()
    return pulse is not None and pulse["at"] > instant_ms


def offline(ear: Ear) -> list[Document]:
    """Return who fell silent: parts of the system, and of the devices those that spoke here."""
    silent = [alert for _, alert in list(ear.heard) if alert["kind"] == "offline"]
    return [each for each in silent if (each["device_id"] or "hasty").startswith("hasty")]
