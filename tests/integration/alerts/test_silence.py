import pytest

from core.heartbeat import last_will
from devices.model import Profile
from devices.topic import system_topic
from tests.integration.alerts.duty_room import DutyRoom, now_ms, quick

INGEST = system_topic("ingest", "all")


@pytest.fixture
def sensor() -> Profile:
    return quick("smoke-detector", interval_s=0.2, offline_after_s=1.5, profile_id="hasty-sensor")


@pytest.fixture
def gateway() -> Profile:
    return quick(
        "user-information-transmission-device",
        interval_s=0.2,
        offline_after_s=1,
        profile_id="hasty-gateway",
    )


def beat(room: DutyRoom) -> None:
    document = {"program": "ingest", "instance": "all", "at": now_ms(), "state": "running"}
    room.speak_as("svc-ingest", INGEST, document)


def test_a_silent_device_is_told_and_taken_back(room: DutyRoom, sensor: Profile) -> None:
    room.city.add_profile(sensor)
    (device_id,) = room.city.add("quiet", profile=sensor)
    room.open()

    alert = room.office.alert(device_id, "unacknowledged")
    assert (alert["cause"], alert["subject"], alert["kind"]) == ("device", "offline", "offline")

    room.measure(device_id, smoke_db_m=0.0)
    room.office.alert(device_id, "normal")
    room.office.wait_for(lambda: not room.office.board())


def test_the_heartbeat_calls_nobody_missed_of_whom_nothing_is_known_yet(
    room: DutyRoom, sensor: Profile
) -> None:
    room.city.add_profile(sensor)
    (quiet,) = room.city.add("quiet", profile=sensor)
    (patient,) = room.city.add("patient", profile="smoke-detector")
    room.city.add("lamp", profile="lamp-controller", apart=True)
    room.city.add("resting", profile="smoke-detector", in_service=False)
    room.open()
    room.office.alert(quiet, "unacknowledged")
    room.office.wait_for(lambda: counted(room) == {"devices": (3, 0, 2), "fire_units": (1, 0, 1)})

    room.measure(patient, smoke_db_m=0.0)

    room.office.wait_for(lambda: counted(room) == {"devices": (3, 1, 1), "fire_units": (1, 1, 0)})


def counted(room: DutyRoom) -> dict[str, tuple[int, int, int]]:
    """Return how many should be there, are there, and were not heard yet, by the heartbeat."""
    pulse = room.office.pulse() or {}
    names = {"devices": "watched", "fire_units": "total"}
    return {
        each: (pulse[f"{each}_{total}"], pulse[f"{each}_online"], pulse[f"{each}_unheard"])
        for each, total in names.items()
    }


def test_a_dead_gateway_is_one_alert(room: DutyRoom, sensor: Profile, gateway: Profile) -> None:
    for profile in (sensor, gateway):
        room.city.add_profile(profile)
    (dead,) = room.city.add("gateway", profile=gateway)
    room.city.add("one", "two", "three", profile=sensor, gateway=dead)
    room.open()

    alert = room.office.alert(dead, "unacknowledged")

    assert (alert["cause"], alert["count"]) == ("gateway", 3)
    assert {each["device_id"] for each in room.office.transitions()} == {dead}


def test_a_last_will_is_told_without_waiting_for_the_silence(room: DutyRoom) -> None:
    (device_id,) = room.city.add("gone", profile="smoke-detector")
    room.open()

    room.field.say(room.city.topic(device_id, "status"), {"ts": now_ms(), "online": False})

    assert room.office.alert(device_id, "unacknowledged", within=5)["subject"] == "offline"


def test_a_dead_ingester_is_one_alert(room: DutyRoom) -> None:
    room.city.add(*(f"d{number}" for number in range(107)), profile="smoke-detector")
    room.open()
    beat(room)
    lost = last_will(INGEST, "ingest", "all")

    room.speak_as("svc-ingest", lost.topic, lost.payload)

    alert = room.office.alert(None, "unacknowledged")
    assert (alert["cause"], alert["count"]) == ("ingest", 107)
    beat(room)
    room.office.alert(None, "normal")
    assert {each["device_id"] for each in room.office.transitions()} == {None}
