import secrets
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from devices.topic import ROOT
from stack.migrate import migrate
from stack.settings import MigrateSettings
from tests.fixtures.servers import PrivateStack, Servers
from tests.integration.alerts.duty_room import DutyRoom, duty_room, eventually

FIRES = 300


def wait_until_shown(room: DutyRoom, count: int) -> None:
    room.office.wait_for(lambda: len(room.office.board()) >= count)


def smoke(room: DutyRoom, *names: str) -> list[str]:
    return room.city.add(*names, profile="smoke-detector", apart=True)


@pytest.mark.chaos
def test_every_fire_of_a_storm_is_raised_exactly_once_though_the_engine_is_killed(
    room: DutyRoom,
) -> None:
    devices = smoke(room, *(f"storm-{number}" for number in range(FIRES)))
    room.open()

    for number, device_id in enumerate(devices):
        room.fire(device_id, wait=False)
        if number in (FIRES // 3, 2 * FIRES // 3):
            wait_until_shown(room, number // 4)
            room.engine.kill()
            room.engine.start()

    room.office.wait_for(lambda: len(room.office.board()) == FIRES, within=30)
    told = room.office.ask({"do": "events_since", "seq": 0, "limit": 1000})["events"]
    assert Counter(each["device_id"] for each in told) == Counter(devices)
    assert {each["transition"] for each in told} == {"raised"}
    assert [each["seq"] for each in told] == list(range(told[0]["seq"], told[0]["seq"] + FIRES))
    eventually(lambda: room.city.rows("SELECT count(*) FROM alert_events") == [(FIRES,)])


def test_a_restart_keeps_the_board_and_a_pending_delay(room: DutyRoom) -> None:
    (leaking,) = room.city.add("leaking", profile="residual-current")
    (burning,) = smoke(room, "burning")
    room.open()
    room.fire(burning)
    fire = room.office.alert(burning, "unacknowledged")
    room.measure(leaking, residual_current_ma=600.0, ago_s=15)
    room.office.ask({"do": "open_alerts"})  # it has been judged when this is answered

    room.engine.kill()
    room.open()
    room.measure(leaking, residual_current_ma=600.0, ago_s=-6)

    alert = room.office.alert(leaking, "unacknowledged")
    assert alert["rule_id"].startswith("residual-current")
    opened = room.office.ask({"do": "open_alerts"})["alerts"]
    assert fire in opened
    taken = room.acknowledge(fire, "李明")
    assert taken["alert"]["state"] == "acknowledged"


def test_an_alert_the_broker_still_shows_is_taken_down_when_it_is_not_on_the_board(
    room: DutyRoom,
) -> None:
    ghost = f"{ROOT}/alerts/ghost-{secrets.token_hex(4)}"
    room.speak_as("svc-alerts", ghost, {"title_zh": "旧火警"}, retain=True)
    room.office.wait_for(lambda: ghost in room.office.retained)

    room.open()

    room.office.wait_for(lambda: ghost not in room.office.retained)


def test_a_second_engine_is_refused_with_a_sentence(room: DutyRoom) -> None:
    room.open()
    second = type(room.engine)(room.engine.environment, room.engine.log.with_name("second.log"))

    second.start()

    assert second.process is not None
    assert second.process.wait(20) == 2
    assert "Another alert engine is at work" in second.log.read_text(encoding="utf-8")


@pytest.fixture
def own(private_stack: PrivateStack) -> Servers:
    return private_stack()


@pytest.fixture
def own_room(own: Servers, tmp_path: Path) -> Iterator[DutyRoom]:
    deployment = own.deployment
    passwords: dict[str, Any] = {
        f"{role}_password": SecretStr(deployment.passwords[f"yiwang_{role}"])
        for role in ("owner", "ingest", "alerts", "api", "grafana")
    }
    migrate(MigrateSettings(database_url=SecretStr(deployment.superuser_url()), **passwords))
    owner = deployment.superuser_url("yiwang")
    with duty_room(own, owner, deployment.database_url("yiwang_alerts"), tmp_path) as furnished:
        yield furnished


@pytest.mark.chaos
def test_without_the_database_alarms_go_on_and_history_catches_up(
    own: Servers, own_room: DutyRoom
) -> None:
    room = own_room
    first, second = smoke(room, "first", "second")
    room.open()
    own.stop("database")

    room.fire(first)
    taken = room.acknowledge(room.office.alert(first, "unacknowledged"), "李明")
    assert taken["alert"]["acknowledged_by"] == "李明"

    room.engine.kill()
    room.open()  # from the copy of the registry on its own disk
    room.fire(second)
    room.office.alert(second, "unacknowledged")
    room.office.wait_for(lambda: (room.office.pulse() or {})["state"] == "degraded")

    own.start("database")

    history = "SELECT device_id, transition, actor FROM alert_events JOIN alerts USING (alert_id)"
    expected = {(first, "raised", None), (first, "acknowledged", "李明"), (second, "raised", None)}
    eventually(lambda: set(room.city.rows(history)) == expected, within=30)
    eventually(lambda: (room.office.pulse() or {})["state"] == "running")
    states = room.city.rows("SELECT device_id, state, acknowledged_by FROM alerts")
    assert set(states) == {(first, "acknowledged", "李明"), (second, "unacknowledged", None)}


@pytest.mark.chaos
def test_after_a_restart_of_the_broker_the_board_is_shown_again_and_nobody_is_blamed(
    own: Servers, own_room: DutyRoom
) -> None:
    room = own_room
    before, after = smoke(room, "before", "after")
    room.open()
    room.fire(before)
    alert = room.office.alert(before, "unacknowledged")

    own.kill("broker")
    room.office.wait_for(
        lambda: room.office.connections > 1 and alert in room.office.board(), within=30
    )
    room.field.wait_for(lambda: room.field.connections > 1)
    room.fire(after)

    room.office.alert(after, "unacknowledged", within=20)
    assert {each["kind"] for each in room.office.transitions()} == {"event"}
