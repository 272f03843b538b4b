"""Two promises for every wire form: only `Invalid` escapes, and golden messages stay the same."""

import json
from contextlib import suppress
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from core.errors import Invalid
from devices.payload import decode, decode_sparkplug
from devices.payload.sparkplug_wire import PAYLOAD_CLASS
from devices.reading import Report
from devices.registry import Registry
from devices.topic import FROM_DEVICE, parse_topic

GOLDEN = Path(__file__).parents[2] / "golden/payloads"

SPEAKERS = (
    "lamp-controller",
    "truck-terminal",
    "smoke-detector",
    "smoke-detector-nb-iot",
    "hydrant-pressure-meokon",
)
NAMES = (
    *("ts", "seq", "values", "position", "event", "active", "text", "online", "lon", "lat"),
    *("power_w", "load_state", "fire", "direction_deg", "bn", "bt", "n", "u", "v", "vb", "t"),
    *(
        "time",
        "records",
        "value",
        "alarm",
        "battery",
        "reportTime",
        "service",
        "msgNo",
        "faultBits",
    ),
)
VALUES = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.sampled_from([1_767_225_600_000, 1_767_225_600, 10**400, "2026-01-01T00:00:00Z", "fire"])
    | st.text()
)
DOCUMENTS = st.recursive(
    VALUES,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.sampled_from(NAMES) | st.text(), inner, max_size=6)
    ),
    max_leaves=20,
)


METRICS = st.fixed_dictionaries(
    {},
    optional={
        "name": st.sampled_from(["power_w", "lamp_failure", "bdSeq", "Node Control/Rebirth", ""]),
        "alias": st.integers(0, 2**64 - 1),
        "timestamp": st.integers(0, 2**64 - 1),
        "datatype": st.integers(0, 20),
        "is_null": st.booleans(),
        "long_value": st.integers(0, 2**64 - 1),
        "double_value": st.floats(),
        "string_value": st.text(),
    },
)


def sparkplug(metrics: list[dict[str, Any]]) -> bytes:
    """Write a well-formed message of any content; of several values, protobuf keeps the last."""
    message = PAYLOAD_CLASS(timestamp=1_767_225_600_000)
    for fields in metrics:
        message.metrics.add(**fields)
    return message.SerializeToString()


def written(document: object) -> bytes:
    """Write any document, NaN and huge numbers included, as careless devices do."""
    return json.dumps(document).encode()


@settings(suppress_health_check=[HealthCheck.too_slow], max_examples=400)
@given(
    device_id=st.sampled_from(SPEAKERS),
    channel=st.sampled_from(FROM_DEVICE),
    payload=st.binary() | DOCUMENTS.map(written),
)
@example(device_id="lamp-controller", channel="telemetry", payload=b'{"ts":"\\ud800"}')
@example(device_id="lamp-controller", channel="event", payload=b'{"ts":1,"event":"\\udc00"}')
def test_whatever_the_bytes_only_invalid_escapes(
    registry: Registry, device_id: str, channel: str, payload: bytes
) -> None:
    speaker = registry.speaker(device_id)
    topic = parse_topic(f"yiwang/v1/620171/{speaker.profile.domain}/{device_id}/{channel}")

    with suppress(Invalid):
        report = decode(topic, payload, speaker, registry)
        msgspec.json.encode(report)  # no lone surrogate, nothing a database would choke on


@settings(suppress_health_check=[HealthCheck.too_slow], max_examples=400)
@given(
    topic=st.text()
    | st.builds(
        "spBv1.0/620171/{}/lighting-cabinet{}".format,
        st.sampled_from(["NBIRTH", "NDATA", "NDEATH", "DBIRTH", "DDATA", "DDEATH"]),
        st.sampled_from(["", "/lamp-controller"]),
    ),
    payload=st.binary(max_size=200) | st.lists(METRICS, max_size=4).map(sparkplug),
)
@example(
    topic="spBv1.0/620171/NDATA/lighting-cabinet", payload=b"\x08\x80\xb0\xe8\xd3\xb73\x12\x00"
)
def test_whatever_a_sparkplug_edge_node_sends_only_invalid_escapes(
    registry: Registry, topic: str, payload: bytes
) -> None:
    with suppress(Invalid):
        decode_sparkplug(topic, payload, registry, {})


def plain(registry: Registry, report: Report) -> dict[str, Any]:
    """Write a report as golden files do: metrics by name."""
    return {
        "observed_us": report.observed_us,
        "seq": report.seq,
        "readings": [
            [registry.metric_names[it.metric], it.observed_us, it.value, it.quality]
            for it in report.readings
        ],
        "positions": msgspec.to_builtins(list(report.positions)),
        "events": msgspec.to_builtins(list(report.events)),
    }


@pytest.mark.parametrize("case", sorted(GOLDEN.iterdir()), ids=lambda case: case.name)
def test_a_golden_message_reads_as_it_always_did(registry: Registry, case: Path) -> None:
    topic = parse_topic((case / "topic").read_text().strip())
    payload = (case / "payload").read_bytes()
    expected = msgspec.json.decode((case / "expected.json").read_bytes())

    try:
        actual = plain(registry, decode(topic, payload, registry.speaker(topic.device), registry))
    except Invalid as refusal:
        actual = {"refused": refusal.code}

    assert msgspec.json.decode(msgspec.json.encode(actual)) == expected
