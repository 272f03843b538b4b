"""What foreign devices put on the wire, written by hand: no library of ours, so no shared bug."""

import json
import socket
import struct
from typing import Any, Self

from tests.fixtures.whole import Login, Whole

Values = dict[str, float]


def native(ts_ms: int, values: Values, **rest: Any) -> bytes:
    return json.dumps({"ts": ts_ms, "values": values, **rest}).encode()


def senml(ts_ms: int, device_id: str, values: Values) -> bytes:
    base = {"bn": f"{device_id}/", "bt": ts_ms / 1000}
    records = [{"n": name, "v": value} for name, value in values.items()]
    return json.dumps([base | records[0], *records[1:]]).encode()


def sparkplug(ts_ms: int, values: Values, *, metric_ts_ms: int | None = None) -> bytes:
    """Write a Sparkplug B payload: timestamp (1), then a metric (2) per value."""
    metrics = [field(1, name.encode()) + double(value) for name, value in values.items()]
    timed = b"" if metric_ts_ms is None else b"\x18" + varint(metric_ts_ms)
    return _payload(ts_ms, [metric + timed for metric in metrics])


def sparkplug_aliased(ts_ms: int, values: dict[int, float], names: dict[int, str]) -> bytes:
    """Write metrics by alias (2); a birth gives their names too."""
    return _payload(
        ts_ms,
        [
            (field(1, names[alias].encode()) if alias in names else b"")
            + b"\x10"
            + varint(alias)
            + double(value)
            for alias, value in values.items()
        ],
    )


def _payload(ts_ms: int, metrics: list[bytes]) -> bytes:
    return b"\x08" + varint(ts_ms) + b"".join(field(2, metric) for metric in metrics)


def field(number: int, content: bytes) -> bytes:
    """Write a protobuf field of bytes."""
    return bytes([number << 3 | 2]) + varint(len(content)) + content


def double(value: float) -> bytes:
    """Write a metric's data type (4: Double is 10) and value (13)."""
    return b"\x20\x0a\x69" + struct.pack("<d", value)


def varint(number: int) -> bytes:
    """Write seven bits a byte, lowest first: protobuf's integers and MQTT's lengths alike."""
    written = bytearray()
    while True:
        number, low = number >> 7, number & 127
        written.append(low | 128 if number else low)
        if not number:
            return bytes(written)


def text(raw: bytes) -> bytes:
    return struct.pack(">H", len(raw)) + raw


def packet(kind: int, body: bytes) -> bytes:
    return bytes([kind]) + varint(len(body)) + body


class RawClient:
    """An MQTT 3.1.1 client that checks nothing: its topics are any bytes at all."""

    def __init__(self, whole: Whole, login: Login) -> None:
        self._socket = socket.create_connection(
            ("127.0.0.1", whole.servers.deployment.ports.mqtt), timeout=10
        )
        head = text(b"MQTT") + b"\x04\xc2" + struct.pack(">H", 30)
        who = text(b"raw") + text(login.username.encode()) + text(login.password.encode())
        self._socket.sendall(packet(0x10, head + who))
        assert self._socket.recv(4) == b"\x20\x02\x00\x00"

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._socket.close()

    def publish(self, topic: bytes, payload: bytes) -> bool:
        """Publish at QoS 1; False where the broker ends the connection instead of confirming."""
        try:
            self._socket.sendall(packet(0x32, text(topic) + b"\x00\x01" + payload))
            return self._socket.recv(4) == b"\x40\x02\x00\x01"
        except ConnectionError:
            return False


def publish_raw(whole: Whole, login: Login, topic: bytes, payload: bytes) -> bool:
    with RawClient(whole, login) as client:
        return client.publish(topic, payload)
