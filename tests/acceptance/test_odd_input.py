"""What is odd but readable: stored and marked, told as a repeat, or refused by the broker."""

from collections.abc import Iterator

import pytest
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties

from tests.acceptance import wires
from tests.acceptance.wires import publish_raw
from tests.fixtures.whole import DISTRICT, Document, Whole, eventually, now_ms, topic
from tests.integration.alerts.duty_room import Radio

GOOD, LATE, CLOCK, RANGE = 0, 1, 64, 65
DAY_MS = 86_400_000
YEAR_2099_MS = 4_070_908_800_000
GATEWAY = "odd-gateway"


@pytest.fixture(scope="module")
def field(whole: Whole) -> Iterator[Radio]:
    whole.register(GATEWAY, profile="user-information-transmission-device")
    whole.register(*(f"odd-{number}" for number in range(1, 12)))
    whole.register("odd-behind", gateway_id=GATEWAY)
    whole.register("odd-truck", profile="truck-terminal")
    radio = Radio(whole.servers.broker_address("svc-simulators"))
    yield radio
    radio.close()


def say(field: Radio, device_id: str, ts_ms: int, **values: float) -> None:
    field.say(topic(device_id), {"ts": ts_ms, "values": values})


def books(whole: Whole, device_id: str) -> dict[str, int]:
    """Return how the device's messages have ended."""
    told = whole.get("/ledger", device_id=device_id)
    return {name: told[name] for name in ("stored", "duplicate", "quarantined") if told[name]}


def booked(whole: Whole) -> int:
    """Count all messages that have ended."""
    told = whole.ledger()
    return told["stored"] + told["duplicate"] + told["quarantined"]


def latest(whole: Whole, device_id: str) -> dict[str, Document]:
    items = whole.get(f"/devices/{device_id}/latest")["items"]
    return {item["metric"]: item for item in items}


def test_a_clock_that_runs_ahead_is_stored_under_the_time_of_receipt(
    whole: Whole, field: Radio
) -> None:
    say(field, "odd-1", now_ms() + 10 * DAY_MS, temperature_c=20)
    found = eventually(lambda: latest(whole, "odd-1"))["temperature_c"]
    assert found["quality"] == CLOCK
    assert found["observed_at"] == found["received_at"]

    say(field, "odd-1", now_ms(), temperature_c=21)

    eventually(lambda: latest(whole, "odd-1")["temperature_c"]["value"] == 21)


def test_late_values_are_history_and_never_the_latest(whole: Whole, field: Radio) -> None:
    say(field, "odd-2", now_ms(), temperature_c=21)
    say(field, "odd-2", now_ms() - DAY_MS // 2, temperature_c=19)

    eventually(lambda: books(whole, "odd-2") == {"stored": 2})
    assert latest(whole, "odd-2")["temperature_c"]["value"] == 21
    points = whole.get("/devices/odd-2/history", metric="temperature_c", resolution="raw")["points"]
    assert [(point["value"], point["quality"]) for point in points] == [(19, LATE), (21, GOOD)]


def test_the_same_message_again_is_a_duplicate_whatever_it_was(whole: Whole, field: Radio) -> None:
    good = wires.native(now_ms(), {"temperature_c": 20})
    ahead = wires.native(now_ms() + DAY_MS, {"temperature_c": 20})
    for payload in (good, ahead, b"not json"):
        for _ in range(3):
            field.say(topic("odd-3"), payload)

    expected = {"stored": 2, "duplicate": 6, "quarantined": 1}
    eventually(lambda: sum(books(whole, "odd-3").values()) == 9)
    assert books(whole, "odd-3") == expected


def test_a_value_out_of_its_range_is_stored_and_marked(whole: Whole, field: Radio) -> None:
    say(field, "odd-4", now_ms(), temperature_c=-1e308)

    found = eventually(lambda: latest(whole, "odd-4"))["temperature_c"]
    assert (found["value"], found["quality"]) == (-1e308, RANGE)


def test_a_position_no_column_can_hold_takes_no_other_message_down(
    whole: Whole, field: Radio
) -> None:
    place = {"lon": 103.6, "lat": 36.5}
    for number, height in enumerate((1500, 1e300, 1501)):
        document = {"ts": now_ms() + number, "position": {**place, "altitude_m": height}}
        where = topic("odd-truck", "position", domain="truck")
        field.say(where, document, wait=False)

    eventually(lambda: sum(books(whole, "odd-truck").values()) == 3)
    assert books(whole, "odd-truck") == {"stored": 2, "quarantined": 1}
    track = whole.get("/devices/odd-truck/positions")["items"]
    assert [fix["altitude_m"] for fix in track] == [1501, 1500]


def test_a_text_with_every_odd_character_is_kept_readable(whole: Whole, field: Radio) -> None:
    text = "三层\u0000走廊\u202e\ud83d\ude00'; DROP TABLE readings; --<script>".encode(
        "utf-16", "surrogatepass"
    ).decode("utf-16")
    document = {"ts": now_ms(), "event": "tamper", "text": text}
    field.say(topic("odd-5", "event"), document)

    (event,) = eventually(lambda: whole.get("/devices/odd-5/events")["items"])
    assert event["detail"] == text.replace("\0", "")


def test_a_sparkplug_metric_of_the_far_future_does_not_stay_the_latest(
    whole: Whole, field: Radio
) -> None:
    where = f"spBv1.0/{DISTRICT}/DDATA/{GATEWAY}/odd-behind"
    far = wires.sparkplug(now_ms(), {"temperature_c": 99}, metric_ts_ms=YEAR_2099_MS)
    field.say(where, far)
    eventually(lambda: books(whole, "odd-behind") == {"stored": 1})

    field.say(where, wires.sparkplug(now_ms(), {"temperature_c": 20}))

    eventually(lambda: latest(whole, "odd-behind")["temperature_c"]["value"] == 20, within=10)


def test_a_device_may_speak_the_moment_it_is_registered(whole: Whole, field: Radio) -> None:
    names = [f"odd-new-{number}" for number in range(10)]
    for name in names:
        say(field, f"{name}-stranger", now_ms(), temperature_c=20)  # has the registry read
        whole.register(name)
        say(field, name, now_ms(), temperature_c=20)

    eventually(lambda: all(books(whole, name) for name in names))
    assert [name for name in names if books(whole, name) != {"stored": 1}] == []


def test_every_property_of_mqtt_5_is_borne(whole: Whole, field: Radio) -> None:
    properties = Properties(PacketTypes.PUBLISH)  # type: ignore[no-untyped-call]
    properties.PayloadFormatIndicator = 1
    properties.MessageExpiryInterval = 3600
    properties.ContentType = "application/json"
    properties.ResponseTopic = topic("odd-6", "reply")
    properties.CorrelationData = bytes(range(256))
    properties.UserProperty = [("名", "值"), ("名", "x" * 5000), ("", "")]

    payload = wires.native(now_ms(), {"temperature_c": 20})
    field._client.publish(topic("odd-6"), payload, qos=1, properties=properties)

    eventually(lambda: books(whole, "odd-6") == {"stored": 1})


def test_a_retained_message_is_stored_once_however_often_programs_return(
    whole: Whole, field: Radio
) -> None:
    field.say(topic("odd-7", "event"), {"ts": now_ms(), "event": "fire"}, retain=True)
    eventually(lambda: books(whole, "odd-7") == {"stored": 1})
    eventually(lambda: whole.items("/alerts", device_id="odd-7"))

    for name in ("ingest", "alerts"):
        whole.servers.stop(name)
        whole.servers.start(name)

    say(field, "odd-8", now_ms(), temperature_c=20)
    eventually(lambda: books(whole, "odd-8") == {"stored": 1})
    assert books(whole, "odd-7") == {"stored": 1}
    assert len(whole.items("/alerts", state="all", device_id="odd-7")) == 1


@pytest.mark.parametrize(
    "written",
    [
        pytest.param(b"", id="empty"),
        pytest.param(b"yiwang/v1/620171/fire/\x00/telemetry", id="nul"),
        pytest.param(b"yiwang/v1/620171/fire/\x01\x1f/telemetry", id="control-characters"),
        pytest.param(b"yiwang/v1/620171/fire/\xff\xfe/telemetry", id="no-utf-8"),
        pytest.param(b"yiwang/v1/620171/fire/\xed\xa0\x80/telemetry", id="a-surrogate"),
        pytest.param(b"yiwang/v1/+/fire/#", id="wildcards"),
        pytest.param(b"yiwang/v1" + b"/x" * 300, id="three-hundred-levels"),
    ],
)
def test_what_is_no_topic_does_not_pass_the_broker(
    whole: Whole, field: Radio, written: bytes
) -> None:
    before, pids = booked(whole), whole.pids()

    passed = publish_raw(whole, whole.service("svc-simulators"), written, b"{}")

    say(field, "odd-9", now_ms(), temperature_c=20)
    eventually(lambda: booked(whole) > before)
    assert not passed
    assert booked(whole) == before + 1
    assert whole.pids() == pids


def test_a_message_over_the_brokers_limit_is_never_confirmed(whole: Whole, field: Radio) -> None:
    pids, where = whole.pids(), topic("odd-10").encode()

    passed = publish_raw(whole, whole.service("svc-simulators"), where, b"x" * 2_200_000)

    assert not passed
    say(field, "odd-10", now_ms(), temperature_c=20)
    eventually(lambda: books(whole, "odd-10") == {"stored": 1})
    assert whole.pids() == pids
