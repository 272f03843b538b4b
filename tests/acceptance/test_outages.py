"""Several parts away at once, and what every one of them must still know when it returns."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from functools import partial

import pytest

from stack.environments import environment
from stack.folders import ROOT
from tests.acceptance import wires
from tests.acceptance.ear import listening, shown_on, wait_until_known
from tests.fixtures.whole import DISTRICT, Document, Whole, eventually, now_ms, topic
from tests.integration.alerts.duty_room import Office, Radio

pytestmark = pytest.mark.chaos

GATEWAY = "outage-gateway"
BEHIND = "outage-behind"


@pytest.fixture(scope="module")
def field(whole: Whole) -> Iterator[Radio]:
    whole.register(GATEWAY, profile="user-information-transmission-device")
    whole.register(BEHIND, gateway_id=GATEWAY)
    whole.register(*(f"outage-{number}" for number in range(1, 6)))
    office = Office(whole.servers.broker_address("svc-api"))
    wait_until_known(whole, office)
    office.close()
    radio = Radio(whole.servers.broker_address("svc-simulators"))
    yield radio
    radio.close()


def fire(field: Radio, device_id: str) -> None:
    field.say(topic(device_id, "event"), {"ts": now_ms(), "event": "fire"})


def open_alerts(whole: Whole, device_id: str) -> list[Document]:
    return whole.items("/alerts", device_id=device_id)


def restart(whole: Whole, *names: str) -> None:
    for name in names:
        whole.servers.kill(name)
        whole.servers.stop(name)
    for name in names:
        whole.servers.start(name)


def test_engine_and_api_that_start_without_a_database_raise_show_and_take_a_fire(
    whole: Whole, field: Radio
) -> None:
    fire(field, "outage-1")
    (known,) = eventually(lambda: open_alerts(whole, "outage-1"))
    whole.servers.stop("database")
    try:
        restart(whole, "alerts", "api")
        whole.tokens.clear()
        eventually(lambda: known["alert_id"] in {a["alert_id"] for a in whole.items("/alerts")})
        with listening(whole) as ear:
            fire(field, "outage-2")
            ear.wait_for(lambda: ear.alerts("outage-2"), within=5)
        (alert,) = open_alerts(whole, "outage-2")
        for each in (known, alert):
            path = f"/alerts/{each['alert_id']}/acknowledgement"
            assert whole.ask("POST", path, role="officer").status_code == 201
    finally:
        whole.servers.start("database")

    for each in (known, alert):
        eventually(partial(is_told, whole, each["alert_id"]))


def is_told(whole: Whole, alert_id: str) -> bool:
    """Say whether history has that the alert was raised and taken, each once."""
    answer = whole.ask("GET", f"/alerts/{alert_id}/events")
    told = [each["transition"] for each in answer.json().get("items", ())]
    return told == ["raised", "acknowledged"]


def test_a_fire_of_a_device_registered_just_before_the_database_went_is_raised_in_the_end(
    whole: Whole, field: Radio
) -> None:
    whole.register("outage-new")
    whole.servers.stop("database")
    try:
        fire(field, "outage-new")
        office = Office(whole.servers.broker_address("svc-api"))
        spoke = now_ms()
        office.wait_for(lambda: (office.pulse() or {}).get("at", 0) > spoke + 4000)
        office.close()
    finally:
        whole.servers.start("database")

    assert len(eventually(lambda: open_alerts(whole, "outage-new"), within=15)) == 1


def test_a_killed_broker_shows_the_whole_board_again(whole: Whole, field: Radio) -> None:
    fire(field, "outage-3")
    eventually(lambda: open_alerts(whole, "outage-3"))
    board = {alert["alert_id"]: alert for alert in whole.items("/alerts")}

    with listening(whole) as ear:
        restart(whole, "broker")
        office = Office(whole.servers.broker_address("svc-api"))
        office.wait_for(lambda: shown_on(office) >= len(board), within=30)
        field.wait_for(lambda: field.connections > 1, within=30)
        fire(field, "outage-4")
        ear.wait_for(lambda: ear.alerts("outage-4"), within=20)
    shown = {alert["alert_id"]: alert for alert in office.board()}
    office.close()
    still_open = board.keys() & {alert["alert_id"] for alert in whole.items("/alerts")}
    assert shown.keys() >= still_open
    unmoved = [name for name in still_open if shown[name]["seq"] == board[name]["seq"]]
    assert [shown[name] for name in unmoved] == [board[name] for name in unmoved]


def test_what_a_gateway_has_announced_outlives_a_restart_of_the_ingester(
    whole: Whole, field: Radio
) -> None:
    base, names = f"spBv1.0/{DISTRICT}", {7: "temperature_c"}
    field.say(f"{base}/NBIRTH/{GATEWAY}", wires.sparkplug(now_ms(), {}))
    birth = wires.sparkplug_aliased(now_ms(), {7: 20.0}, names)
    field.say(f"{base}/DBIRTH/{GATEWAY}/{BEHIND}", birth)
    eventually(lambda: latest(whole, BEHIND) == 20)

    restart(whole, "ingest")
    field.say(f"{base}/DDATA/{GATEWAY}/{BEHIND}", wires.sparkplug_aliased(now_ms(), {7: 21.0}, {}))

    eventually(lambda: latest(whole, BEHIND) == 21, within=5)


def latest(whole: Whole, device_id: str) -> float | None:
    items = whole.get(f"/devices/{device_id}/latest")["items"]
    return items[0]["value"] if items else None


def test_what_came_before_its_device_was_registered_is_read_once_it_is(
    whole: Whole, field: Radio
) -> None:
    document = {"ts": now_ms(), "values": {"temperature_c": 20}}
    field.say(topic("outage-late"), document)
    eventually(lambda: quarantined(whole, "outage-late"))
    whole.register("outage-late")

    done = requeue(whole)

    assert done.returncode == 0, done.stderr
    assert latest(whole, "outage-late") == 20
    books = whole.get("/ledger", device_id="outage-late")
    assert (books["received"], books["stored"]) == (1, 1)
    (kept,) = quarantined(whole, "outage-late")
    assert kept["requeued_at"] is not None
    assert json.loads(whole.get(f"/quarantine/{kept['id']}")["payload"]) == document


def quarantined(whole: Whole, device_id: str) -> list[Document]:
    found = whole.items("/quarantine", reason="unknown_device")
    return [each for each in found if each["topic"] == topic(device_id)]


def requeue(whole: Whole) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "ingest", "requeue", "--reason", "unknown_device"],
        cwd=ROOT,
        env={**os.environ, **environment("ingest", whole.servers.deployment)},
        capture_output=True,
        text=True,
        check=False,
    )
