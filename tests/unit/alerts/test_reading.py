from typing import Any

import pytest

from alerts.reading import Reader
from core.broker import Delivery
from core.errors import Invalid
from devices.payload.sparkplug_wire import PAYLOAD_CLASS
from tests.unit.alerts.making import DISTRICT, GATEWAY, NOW, device, registry, said

CITY = registry(device("g", profile=GATEWAY), device("d", gateway_id="g"))
_BOOLEAN = 11
ALIAS = 7


def sparkplug(kind: str, who: str, *metrics: dict[str, object]) -> Delivery:
    message: Any = PAYLOAD_CLASS(timestamp=NOW // 1000)
    for fields in metrics:
        message.metrics.add(**fields)
    topic = f"spBv1.0/{DISTRICT}/{kind}/{who}"
    return Delivery(topic, message.SerializeToString(), received_us=NOW)


BIRTH = sparkplug(
    "DBIRTH", "g/d", {"name": "fire", "alias": ALIAS, "datatype": _BOOLEAN, "boolean_value": False}
)
FIRE = sparkplug("DDATA", "g/d", {"alias": ALIAS, "boolean_value": True})


def events(reader: Reader, delivery: Delivery) -> list[tuple[str, bool]]:
    read = reader.read(delivery, CITY)
    assert read is not None
    speaker, report = read
    assert speaker.device.device_id == "d"
    return [(event.kind, event.active) for event in report.events]


def test_a_fire_in_short_numbers_is_understood_even_after_a_restart() -> None:
    before = Reader(None)
    assert events(before, BIRTH) == [("online", True), ("fire", False)]

    after = Reader(before.take_note())

    assert events(after, FIRE) == [("fire", True)]


def test_only_births_and_deaths_are_noted() -> None:
    reader = Reader(None)
    events(reader, BIRTH)

    assert reader.take_note() is not None
    events(reader, FIRE)
    assert reader.take_note() is None


def test_commands_to_devices_say_nothing() -> None:
    assert Reader(None).read(sparkplug("NCMD", "g"), CITY) is None


def test_native_messages_are_read_by_their_topic() -> None:
    read = Reader(None).read(said("d", "event", {"event": "fire"}, at_us=NOW), CITY)

    assert read is not None
    assert [event.kind for event in read[1].events] == ["fire"]


def test_a_topic_of_nobody_is_refused() -> None:
    with pytest.raises(Invalid, match="registered"):
        Reader(None).read(said("x", "event", {"event": "fire"}, at_us=NOW), CITY)
