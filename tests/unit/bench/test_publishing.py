import json
from collections import defaultdict
from itertools import pairwise

import pytest
from pydantic import SecretStr

from bench import publishing
from bench.publishing import payload_of, stream, topic_of
from core.settings import BrokerAddress
from devices.topic import parse_topic


@pytest.mark.parametrize(
    ("length", "encoded"),
    [
        pytest.param(0, b"\x00", id="nothing"),
        pytest.param(127, b"\x7f", id="the-most-one-byte-holds"),
        pytest.param(128, b"\x80\x01", id="the-least-that-needs-two"),
        pytest.param(16_383, b"\xff\x7f", id="the-most-two-bytes-hold"),
        pytest.param(16_384, b"\x80\x80\x01", id="the-least-that-needs-three"),
        pytest.param(2_097_151, b"\xff\xff\x7f", id="the-most-three-bytes-hold"),
        pytest.param(2_097_152, b"\x80\x80\x80\x01", id="the-least-that-needs-four"),
        pytest.param(268_435_455, b"\xff\xff\xff\x7f", id="the-most-there-is"),
    ],
)
def test_a_remaining_length_is_encoded_as_in_the_standard(length: int, encoded: bytes) -> None:
    assert publishing._length(length) == encoded


def test_a_publish_packet_holds_topic_packet_number_and_payload() -> None:
    packet = publishing._publish(b"a/b", b"hello", 0x0102)

    assert packet == b"\x32\x0c" + b"\x00\x03a/b" + b"\x01\x02" + b"hello"


@pytest.mark.parametrize("size", [118, 119, 120, 16_374, 16_375, 16_376])
def test_a_publish_packet_is_as_long_as_it_says(size: int) -> None:
    packet = publishing._publish(b"topic", bytes(size), 1)

    body = 2 + len(b"topic") + 2 + size
    assert packet[1:] == publishing._length(body) + packet[-body:]


def test_signing_in_names_user_and_password_and_asks_for_a_clean_session() -> None:
    address = BrokerAddress(host="h", port=1, username="me", password=SecretStr("pw"))

    packet = publishing._connect(address)

    assert packet == b"\x10\x14" + b"\0\4MQTT\4\xc2\0\0" + b"\0\0" + b"\0\2me" + b"\0\2pw"


def test_a_message_has_four_values_within_their_range() -> None:
    messages = [json.loads(payload_of(1, seq)) for seq in range(200)]

    assert all(len(message["values"]) == publishing.VALUES for message in messages)
    assert all(-50 <= value <= 100 for m in messages for value in m["values"].values())


def test_topics_are_those_of_the_contract() -> None:
    topic = parse_topic(topic_of(7))

    assert topic == (publishing.DISTRICT, publishing.DOMAIN, "bench-000007", "telemetry")


def test_devices_take_turns_and_each_counts_on_and_moves_on_in_time() -> None:
    by_topic = defaultdict(list)
    for topic, payload in stream(devices=3, count=10, first_seq=5):
        by_topic[topic].append(json.loads(payload))

    assert [len(messages) for messages in by_topic.values()] == [4, 3, 3]
    for messages in by_topic.values():
        assert [message["seq"] for message in messages] == list(range(5, 5 + len(messages)))
        assert all(one["ts"] < next_one["ts"] for one, next_one in pairwise(messages))
