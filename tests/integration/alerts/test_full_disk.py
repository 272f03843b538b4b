"""A full disk: the engine stays, says so, shows fires, and catches up when there is room."""

import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from alerts.journal.verifying import Verified, verify
from tests.fixtures.databases import RoleUrl
from tests.fixtures.servers import Servers
from tests.integration.alerts.disks import Disk, ForbiddenGrowth, may_mount, mounted
from tests.integration.alerts.duty_room import DutyRoom, duty_room, eventually, now_ms

pytestmark = pytest.mark.chaos

WINDOW = 10
SMALL, GROWTH = "small-disk", "forbidden-growth"
both = pytest.mark.parametrize("disk", [SMALL, GROWTH], indirect=True)


@pytest.fixture
def state(tmp_path: Path) -> Path:
    return tmp_path / "state"


@pytest.fixture
def room(
    broker: Servers, database_url: str, role_url: RoleUrl, tmp_path: Path
) -> Iterator[DutyRoom]:
    alerts_url = role_url("yiwang_alerts")
    window = {"ALERTS_WINDOW": str(WINDOW)}
    with duty_room(broker, database_url, alerts_url, tmp_path, **window) as furnished:
        yield furnished


@pytest.fixture
def disk(request: pytest.FixtureRequest, state: Path) -> Iterator[Disk]:
    """The mount must be there before the room is furnished, and go after it has been left."""
    kind = getattr(request, "param", SMALL if may_mount(state.parent) else GROWTH)
    if kind == SMALL:
        with mounted(state) as small:
            request.getfixturevalue("room")
            yield small
    else:
        room: DutyRoom = request.getfixturevalue("room")
        room.engine.log = Path("/dev/null")  # a log file could not grow either
        yield ForbiddenGrowth(room.engine)


def smoke(room: DutyRoom, *names: str) -> list[str]:
    return room.city.add(*names, profile="smoke-detector")


def break_down(room: DutyRoom, device_id: str) -> None:
    document = {"ts": now_ms(), "event": "fault", "active": True}
    room.field.say(room.city.topic(device_id, "event"), document)


def wait_for_pulse(room: DutyRoom, state: str, words: str = "") -> None:
    def said() -> bool:
        pulse = room.office.pulse() or {"state": "", "detail": ""}
        return pulse["state"] == state and words in (pulse["detail"] or "")

    room.office.wait_for(said)


def shown(room: DutyRoom) -> list[tuple[str, str]]:
    return [(each["device_id"], each["transition"]) for each in room.office.transitions()]


@both
def test_fires_are_shown_at_once_and_everything_else_once_there_is_room(
    disk: Disk, room: DutyRoom, state: Path
) -> None:
    broken, burning = smoke(room, "broken", "burning")
    room.open()
    disk.fill()

    break_down(room, broken)
    wait_for_pulse(room, "degraded", "The journal cannot be written: ")
    room.fire(burning)
    fire = room.office.alert(burning, "unacknowledged")
    refused = room.acknowledge(fire, "李明")
    assert refused["error"]["code"] == "unavailable"
    assert "disk" in refused["error"]["message"]
    assert shown(room) == [(burning, "raised")]

    disk.make_room()
    room.office.alert(broken, "unacknowledged")
    wait_for_pulse(room, "running")
    taken = room.acknowledge(fire, "李明")

    assert taken["alert"]["acknowledged_by"] == "李明"
    assert shown(room) == [
        (burning, "raised"),
        (broken, "raised"),
        (burning, "acknowledged"),
    ]
    told = room.office.ask({"do": "events_since", "seq": 0})["events"]
    assert [each["device_id"] for each in told] == [broken, burning, burning]
    assert told[1] == fire
    assert isinstance(verify(state / "journal.sqlite"), Verified)
    history = "SELECT seq FROM alert_events ORDER BY seq"
    eventually(lambda: room.city.rows(history) == [(each["seq"],) for each in told])


def test_values_do_not_deafen_the_engine_while_the_disk_is_full(disk: Disk, room: DutyRoom) -> None:
    (measuring,) = room.city.add("measuring", profile="residual-current")
    broken, burning = smoke(room, "broken", "burning")
    room.open()
    disk.fill()
    break_down(room, broken)
    wait_for_pulse(room, "degraded", "cannot be written")

    for number in range(5 * WINDOW):
        room.measure(measuring, residual_current_ma=number / 10, ago_s=100 - number)
    room.fire(burning)

    room.office.alert(burning, "unacknowledged")


def test_a_device_registered_while_the_disk_is_full_is_heard_and_copied_later(
    disk: Disk, room: DutyRoom, state: Path
) -> None:
    (old,) = smoke(room, "old")
    room.open()
    disk.fill()
    break_down(room, old)
    wait_for_pulse(room, "degraded", "cannot be written")

    (newcomer,) = smoke(room, "newcomer")
    room.fire(newcomer)
    room.office.alert(newcomer, "unacknowledged")
    disk.make_room()

    wait_for_pulse(room, "running")
    copy = json.loads((state / "registry.json").read_bytes())
    assert newcomer in [device["device_id"] for device in copy["devices"]]


@both
def test_a_registry_that_cannot_be_copied_is_said(disk: Disk, room: DutyRoom) -> None:
    smoke(room, "old")
    room.open()
    disk.fill()

    smoke(room, "newcomer")

    wait_for_pulse(room, "degraded")
    disk.make_room()
    wait_for_pulse(room, "running")


def test_a_fire_shown_from_a_full_disk_is_the_same_alert_after_kill_9(
    disk: Disk, room: DutyRoom
) -> None:
    broken, burning = smoke(room, "broken", "burning")
    room.open()
    disk.fill()
    break_down(room, broken)
    wait_for_pulse(room, "degraded", "cannot be written")
    room.fire(burning)
    fire = room.office.alert(burning, "unacknowledged")

    room.engine.kill()
    disk.make_room()
    room.open()

    room.office.alert(broken, "unacknowledged")
    eventually(lambda: len(room.office.board()) == 2)
    board = {each["device_id"]: each["alert_id"] for each in room.office.board()}
    assert board[burning] == fire["alert_id"]
    told = room.office.ask({"do": "events_since", "seq": 0})["events"]
    assert Counter(each["device_id"] for each in told) == {broken: 1, burning: 1}


def test_an_engine_that_is_killed_starts_again_on_a_full_disk(
    broker: Servers, database_url: str, role_url: RoleUrl, state: Path
) -> None:
    url = role_url("yiwang_alerts")
    with mounted(state) as disk, duty_room(broker, database_url, url, state.parent) as room:
        (burning,) = smoke(room, "burning")
        room.open()
        disk.fill()

        room.engine.kill()
        room.open()
        room.fire(burning)

        room.office.alert(burning, "unacknowledged")
        disk.make_room()
        wait_for_pulse(room, "running")
