"""What a broken or hostile device may send, and the reason for which it can never be read."""

import json
from typing import Any, NamedTuple

from tests.acceptance import wires
from tests.fixtures.whole import DISTRICT, now_ms, topic

TELEMETRY = topic("hostile-1")
EVENT = topic("hostile-1", "event")
POSITION = topic("hostile-truck", "position", domain="truck")
SPARKPLUG = f"spBv1.0/{DISTRICT}/DDATA/hostile-gateway/hostile-behind"

YEAR_MS = 366 * 86_400_000


def said(**members: Any) -> bytes:
    return json.dumps({"ts": now_ms()} | members).encode()


def at(ts: str, rest: str = '"values":{"temperature_c":1}') -> bytes:
    return f'{{"ts":{ts},{rest}}}'.encode()


def value(written: str) -> bytes:
    return at(str(now_ms()), f'"values":{{"temperature_c":{written}}}')


class Case(NamedTuple):
    topic: str
    payload: bytes
    reason: str


CASES = {
    "not-json": Case(TELEMETRY, b"<xml/>", "not_json"),
    "empty": Case(TELEMETRY, b"", "not_json"),
    "cut-off": Case(TELEMETRY, said(values={"temperature_c": 1})[:-1], "not_json"),
    "null": Case(TELEMETRY, b"null", "not_json"),
    "nested-sixty-thousand-deep": Case(TELEMETRY, b"[" * 60_000, "bad_senml"),
    "nested-in-a-member-nobody-knows": Case(
        TELEMETRY, at("1", '"x":' + "[" * 60_000 + "]" * 5_000), "not_json"
    ),
    "lone-surrogate": Case(EVENT, at("1", '"event":"fire","text":"\\ud800"'), "not_json"),
    "invalid-utf-8": Case(TELEMETRY, b'{"ts":1,"values":{"\xff\xfe":1}}', "not_utf8"),
    "utf-16": Case(TELEMETRY, '{"ts":1}'.encode("utf-16"), "not_utf8"),
    "nan": Case(TELEMETRY, value("NaN"), "not_finite"),
    "infinity": Case(TELEMETRY, value("-Infinity"), "not_finite"),
    "beyond-a-float": Case(TELEMETRY, value("1e400"), "not_finite"),
    "text-for-a-value": Case(TELEMETRY, value('"21"'), "bad_value"),
    "truth-for-a-value": Case(TELEMETRY, value("true"), "bad_value"),
    "null-for-a-value": Case(TELEMETRY, value("null"), "bad_value"),
    "list-for-values": Case(TELEMETRY, said(values=[1]), "bad_value"),
    "no-values": Case(TELEMETRY, said(values={}), "empty"),
    "unknown-metric": Case(TELEMETRY, said(values={"wind": 1}), "unknown_metric"),
    "unknown-event": Case(EVENT, said(event="apocalypse"), "unknown_event"),
    "event-that-is-a-number": Case(EVENT, said(event=7), "unknown_event"),
    "unknown-device": Case(topic("hostile-0"), said(values={"temperature_c": 1}), "unknown_device"),
    "another-district": Case(
        TELEMETRY.replace(DISTRICT, "999999"), said(values={"temperature_c": 1}), "topic_mismatch"
    ),
    "another-domain": Case(
        TELEMETRY.replace("fire", "water"), said(values={"temperature_c": 1}), "topic_mismatch"
    ),
    "no-time": Case(TELEMETRY, b'{"values":{"temperature_c":1}}', "bad_time"),
    "time-without-a-zone": Case(TELEMETRY, at('"2026-05-01T08:00:00"'), "bad_time"),
    "seconds-for-milliseconds": Case(TELEMETRY, at("1767225600"), "bad_time"),
    "time-of-1999": Case(TELEMETRY, at("946684799999"), "bad_time"),
    "time-of-2100": Case(TELEMETRY, at("4102444800000"), "bad_time"),
    "time-of-2001": Case(TELEMETRY, at("978307200000"), "too_old"),
    "time-of-a-year-ago": Case(TELEMETRY, at(str(now_ms() - YEAR_MS - 1000)), "too_old"),
    "negative-sequence": Case(TELEMETRY, said(seq=-1, values={"temperature_c": 1}), "bad_seq"),
    "sequence-beyond-2-53": Case(
        TELEMETRY, said(seq=2**53 + 1, values={"temperature_c": 1}), "bad_seq"
    ),
    "position-off-the-globe": Case(POSITION, said(position={"lon": 181, "lat": 0}), "bad_position"),
    "over-64-kib": Case(TELEMETRY, b" " * 65_537, "too_large"),
    "one-megabyte": Case(
        TELEMETRY, said(values={"temperature_c": 1}, x="y" * 1_000_000), "too_large"
    ),
    "just-under-the-brokers-limit": Case(TELEMETRY, b"x" * 2_097_000, "too_large"),
    "257-values": Case(TELEMETRY, said(values={f"m{n}": n for n in range(257)}), "too_large"),
    "senml-without-a-time": Case(TELEMETRY, b'[{"n":"temperature_c","v":1}]', "bad_time"),
    "senml-with-a-text": Case(
        TELEMETRY, b'[{"bt":1767225600,"n":"temperature_c","vs":"x"}]', "bad_senml"
    ),
    "sparkplug-that-is-json": Case(SPARKPLUG, b'{"ts":1}', "bad_sparkplug"),
    "sparkplug-of-a-stranger": Case(
        SPARKPLUG.replace("hostile-behind", "hostile-1"),
        wires.sparkplug(now_ms(), {}),
        "topic_mismatch",
    ),
    "sparkplug-of-an-unknown-kind": Case(f"spBv1.0/{DISTRICT}/XDATA/a", b"", "bad_topic"),
    "one-level": Case("yiwang/v1/x", b"{}", "bad_topic"),
    "thousands-of-letters": Case(f"yiwang/v1/{DISTRICT}/{'x' * 60_000}", b"{}", "bad_topic"),
    "a-hundred-levels": Case("yiwang/v1" + "/x" * 100, b"{}", "bad_topic"),
    "empty-levels": Case("yiwang/v1/////telemetry", b"{}", "bad_topic"),
    "trailing-slash": Case(f"{TELEMETRY}/", b"{}", "bad_topic"),
    "unknown-channel": Case(topic("hostile-1", "gossip"), b"{}", "bad_topic"),
    "letters-for-a-district": Case("yiwang/v1/lanzhou/fire/hostile-1/event", b"{}", "bad_topic"),
    "dots-for-a-device": Case(topic(".."), b"{}", "bad_topic"),
    "sql-for-a-device": Case(topic("'; DROP TABLE readings; --"), b"{}", "bad_topic"),
    "chinese-and-emoji": Case(topic("烟感🔥"), b"{}", "bad_topic"),
    "right-to-left-and-blanks": Case(topic("\u202e \u3000\u200b"), b"{}", "bad_topic"),
}
"""What is sent, and why it can never be read."""
