"""The native payload: what is read, what is marked, what is refused and under which code."""

import pytest

from core.errors import Invalid
from devices.payload import decode
from devices.reading import Event, Quality, Report
from devices.registry import Registry, Speaker
from devices.topic import Topic
from tests.unit.devices.conftest import Decode

T = 1_767_225_600_000  # ms, 2026-01-01T00:00:00Z
T_US = T * 1000


def values(registry: Registry, report: Report) -> dict[str, float]:
    return {registry.metric_names[reading.metric]: reading.value for reading in report.readings}


def test_telemetry_becomes_readings_of_one_instant(registry: Registry, say: Decode) -> None:
    report = say(b'{"ts":1767225600000,"seq":7,"values":{"power_w":88,"voltage_v":221.5}}')

    assert (report.observed_us, report.seq) == (T_US, 7)
    assert values(registry, report) == {"power_w": 88.0, "voltage_v": 221.5}
    assert {reading.observed_us for reading in report.readings} == {T_US}
    assert {reading.quality for reading in report.readings} == {Quality.GOOD}


@pytest.mark.parametrize(
    ("ts", "expected_us"),
    [
        pytest.param(b"1767225600000", T_US, id="epoch-in-milliseconds"),
        pytest.param(b"1767225600000.25", T_US + 250, id="epoch-with-a-fraction"),
        pytest.param(b'"2026-01-01T00:00:00Z"', T_US, id="rfc-3339-in-utc"),
        pytest.param(b'"2026-01-01T08:00:00+08:00"', T_US, id="rfc-3339-with-an-offset"),
        pytest.param(b'"2026-01-01T00:00:00.000001Z"', T_US + 1, id="microseconds"),
        pytest.param(b"946684800000", 946_684_800_000_000, id="first-instant-of-2000"),
        pytest.param(b"4102444799999", 4_102_444_799_999_000, id="last-millisecond-of-2099"),
    ],
)
def test_a_time_is_read_exactly(say: Decode, ts: bytes, expected_us: int) -> None:
    assert say(b'{"ts":%b,"values":{"power_w":1}}' % ts).observed_us == expected_us


@pytest.mark.parametrize(
    ("members", "code"),
    [
        pytest.param(b"", "bad_time", id="no-time"),
        pytest.param(b'"ts":null,', "bad_time", id="time-null"),
        pytest.param(b'"ts":true,', "bad_time", id="time-a-truth-value"),
        pytest.param(b'"ts":1767225600,', "bad_time", id="time-in-seconds"),
        pytest.param(b'"ts":946684799999,', "bad_time", id="just-before-2000"),
        pytest.param(b'"ts":4102444800000,', "bad_time", id="first-instant-of-2100"),
        pytest.param(b'"ts":1e400,', "not_finite", id="time-beyond-a-float"),
        pytest.param(b'"ts":%b,' % (b"9" * 5000), "bad_time", id="time-a-huge-integer"),
        pytest.param(b'"ts":"2026-01-01T00:00:00",', "bad_time", id="time-without-a-zone"),
        pytest.param(b'"ts":"0001-01-01T00:00:00+23:59",', "bad_time", id="year-1"),
        pytest.param(b'"ts":"tomorrow",', "bad_time", id="time-in-words"),
        pytest.param(b'"ts":1767225600000,"seq":-1,', "bad_seq", id="seq-below-zero"),
        pytest.param(b'"ts":1767225600000,"seq":9007199254740993,', "bad_seq", id="seq-over-2^53"),
        pytest.param(b'"ts":1767225600000,"seq":1.5,', "bad_seq", id="seq-a-fraction"),
        pytest.param(b'"ts":1767225600000,"seq":"1",', "bad_seq", id="seq-a-text"),
    ],
)
def test_a_bad_time_or_sequence_number_is_refused(say: Decode, members: bytes, code: str) -> None:
    with pytest.raises(Invalid) as refusal:
        say(b'{%b"values":{"power_w":1}}' % members)

    assert refusal.value.code == code


@pytest.mark.parametrize("seq", [0, 2**53], ids=["zero", "two-to-the-53"])
def test_sequence_numbers_are_read_up_to_their_bounds(say: Decode, seq: int) -> None:
    assert say(b'{"ts":1767225600000,"seq":%d,"values":{"power_w":1}}' % seq).seq == seq


@pytest.mark.parametrize(
    ("given", "code"),
    [
        pytest.param(b"{}", "empty", id="no-values"),
        pytest.param(b"[]", "bad_value", id="values-a-list"),
        pytest.param(b'{"power_w":null}', "bad_value", id="null"),
        pytest.param(b'{"power_w":"88"}', "bad_value", id="a-text"),
        pytest.param(b'{"power_w":true}', "bad_value", id="a-truth-value"),
        pytest.param(b'{"power_w":{}}', "bad_value", id="an-object"),
        pytest.param(b'{"power_w":NaN}', "not_finite", id="not-a-number"),
        pytest.param(b'{"power_w":-Infinity}', "not_finite", id="infinity"),
        pytest.param(b'{"power_w":1e400}', "not_finite", id="beyond-a-float"),
        pytest.param(b'{"power_w":%b}' % (b"9" * 400), "not_finite", id="a-huge-integer"),
        pytest.param(b'{"power":88}', "unknown_metric", id="no-such-metric"),
        pytest.param(b'{"smoke_db_m":1}', "unknown_metric", id="another-kinds-metric"),
        pytest.param(b'{"power_w":1,}', "not_json", id="a-trailing-comma"),
        pytest.param(b'{"power_w":1', "not_json", id="cut-off"),
        pytest.param(b'{"power_w":"\xff"}', "not_utf8", id="not-utf-8"),
    ],
)
def test_bad_values_refuse_the_whole_message(say: Decode, given: bytes, code: str) -> None:
    with pytest.raises(Invalid) as refusal:
        say(b'{"ts":1767225600000,"values":%b}' % given)

    assert refusal.value.code == code


@pytest.mark.parametrize(
    ("payload", "code"),
    [
        pytest.param(b"", "not_json", id="nothing"),
        pytest.param(b"on", "not_json", id="a-word"),
        pytest.param(b"42", "not_json", id="a-number"),
        pytest.param(b'{"x":' + b"[" * 60_000, "not_json", id="very-deep-where-nobody-looks"),
        pytest.param(b'{"ts":1,"x":"\xc3","values":{}}', "not_utf8", id="unread-member"),
        pytest.param(b" " * 65_537, "too_large", id="one-byte-over-64-KiB"),
    ],
)
def test_what_is_no_message_is_refused(say: Decode, payload: bytes, code: str) -> None:
    with pytest.raises(Invalid) as refusal:
        say(payload)

    assert refusal.value.code == code


def test_a_message_of_exactly_64_kib_is_read(say: Decode) -> None:
    message = b'{"ts":1767225600000,"values":{"power_w":1}}'

    assert say(message.ljust(65_536)).readings


@pytest.mark.parametrize(("count", "is_read"), [(256, True), (257, False)])
def test_a_message_has_at_most_256_values(
    registry: Registry, lamp: Speaker, count: int, is_read: bool
) -> None:
    names = [f"m{number}" for number in range(count)]
    rule = lamp.metrics["power_w"]
    speaker = Speaker(
        device=lamp.device,
        profile=lamp.profile,
        metrics=dict.fromkeys(names, rule),
        events=lamp.events,
    )
    payload = b'{"ts":%d,"values":{%b}}' % (T, b",".join(b'"%b":1' % n.encode() for n in names))
    topic = Topic("620171", "lighting", "lamp-controller", "telemetry")

    if is_read:
        assert len(decode(topic, payload, speaker, registry).readings) == count
    else:
        with pytest.raises(Invalid, match="at most 256"):
            decode(topic, payload, speaker, registry)


@pytest.mark.parametrize(
    ("value", "quality"),
    [
        pytest.param(-0.001, Quality.UNCERTAIN_RANGE, id="just-below-the-range"),
        pytest.param(0, Quality.GOOD, id="at-its-lower-end"),
        pytest.param(100, Quality.GOOD, id="at-its-upper-end"),
        pytest.param(100.001, Quality.UNCERTAIN_RANGE, id="just-above-the-range"),
    ],
)
def test_an_implausible_value_is_kept_and_marked(
    say: Decode, value: float, quality: Quality
) -> None:
    report = say(b'{"ts":1767225600000,"values":{"dimming_pct":%b}}' % str(value).encode())

    assert (report.readings[0].value, report.readings[0].quality) == (value, quality)


def test_members_nobody_knows_are_left_for_later_versions(say: Decode) -> None:
    assert say(b'{"ts":1767225600000,"values":{"power_w":1},"firmware":{"v":[1,2]}}').readings


def test_a_position_may_carry_values(registry: Registry, say: Decode) -> None:
    report = say(
        b'{"ts":1767225600000,"position":{"lon":103.6,"lat":36.5,"speed_kmh":40,'
        b'"direction_deg":360,"altitude_m":1900},"values":{"load_state":1}}',
        channel="position",
        device_id="truck-terminal",
    )

    assert report.positions == ((T_US, 103.6, 36.5, 40.0, 0.0, 1900.0),)
    assert values(registry, report) == {"load_state": 1.0}


@pytest.mark.parametrize(
    "place",
    [
        pytest.param(b"null", id="none"),
        pytest.param(b"{}", id="empty"),
        pytest.param(b'{"lon":103.6}', id="half"),
        pytest.param(b'{"lon":180.01,"lat":36.5}', id="east-of-the-date-line"),
        pytest.param(b'{"lon":103.6,"lat":119.55}', id="north-of-the-pole"),
        pytest.param(b'{"lon":"103.6","lat":36.5}', id="a-text"),
        pytest.param(b'{"lon":103.6,"lat":36.5,"speed_kmh":-1}', id="negative-speed"),
        pytest.param(b'{"lon":103.6,"lat":36.5,"direction_deg":361}', id="beyond-the-circle"),
    ],
)
def test_a_place_that_is_not_on_the_earth_is_refused(say: Decode, place: bytes) -> None:
    with pytest.raises(Invalid) as refusal:
        say(b'{"ts":1767225600000,"position":%b}' % place, channel="position")

    assert refusal.value.code == "bad_position"


@pytest.mark.parametrize(
    ("members", "active"),
    [
        pytest.param(b"", True, id="a-bare-event-is-active"),
        pytest.param(b',"active":true', True, id="true"),
        pytest.param(b',"active":1', True, id="one"),
        pytest.param(b',"active":false', False, id="false"),
        pytest.param(b',"active":0', False, id="zero"),
    ],
)
def test_an_event_begins_or_ends(say: Decode, members: bytes, active: bool) -> None:
    report = say(
        b'{"ts":1767225600000,"event":"fire"%b}' % members,
        channel="event",
        device_id="smoke-detector",
    )

    assert report.events == (Event(T_US, "fire", active),)


def test_an_events_text_loses_what_a_database_cannot_hold(say: Decode) -> None:
    text = "三层\\u0000" + "x" * 600
    payload = f'{{"ts":{T},"event":"fault","text":"{text}"}}'.encode()

    (event,) = say(payload, channel="event").events

    assert event.text == "三层" + "x" * 498


@pytest.mark.parametrize(
    ("payload", "code"),
    [
        pytest.param(b'{"ts":1767225600000,"event":"fire"}', "unknown_event", id="not-a-lamps"),
        pytest.param(b'{"ts":1767225600000}', "unknown_event", id="missing"),
        pytest.param(b'{"ts":1767225600000,"event":7}', "unknown_event", id="a-number"),
        pytest.param(b'{"ts":1,"event":"fault","active":2}', "bad_value", id="active-two"),
        pytest.param(b'{"event":"fault"}', "bad_time", id="no-time"),
    ],
)
def test_bad_events_are_refused(say: Decode, payload: bytes, code: str) -> None:
    with pytest.raises(Invalid) as refusal:
        say(payload, channel="event")

    assert refusal.value.code == code


@pytest.mark.parametrize("kind", ["test", "online"])
def test_every_device_may_test_and_come_online(say: Decode, kind: str) -> None:
    report = say(b'{"ts":1767225600000,"event":"%b"}' % kind.encode(), channel="event")

    assert report.events[0].kind == kind


@pytest.mark.parametrize(("online", "active"), [(b"true", True), (b"false", False), (b"0", False)])
def test_a_status_is_the_event_online(say: Decode, online: bytes, active: bool) -> None:
    report = say(b'{"ts":1767225600000,"online":%b}' % online, channel="status")

    assert report.events == (Event(T_US, "online", active),)


def test_a_reply_is_a_sign_of_life_and_no_more(say: Decode) -> None:
    report = say(b'{"ts":1767225600000,"request_id":"r-1","ok":true}', channel="reply")

    assert (report.readings, report.positions, report.events) == ([], (), ())


@pytest.mark.parametrize(
    "topic",
    [
        pytest.param(Topic("620172", "lighting", "lamp-controller", "telemetry"), id="district"),
        pytest.param(Topic("620171", "fire", "lamp-controller", "telemetry"), id="domain"),
        pytest.param(Topic("620171", "lighting", "lamp-2", "telemetry"), id="device"),
    ],
)
def test_a_topic_that_contradicts_the_registry_is_refused(
    registry: Registry, lamp: Speaker, topic: Topic
) -> None:
    with pytest.raises(Invalid) as refusal:
        decode(topic, b'{"ts":1767225600000,"values":{"power_w":1}}', lamp, registry)

    assert refusal.value.code == "topic_mismatch"
