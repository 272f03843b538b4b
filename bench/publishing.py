"""A publisher that costs next to nothing, so that what is measured is the other side.

MQTT 3.1.1 written straight to a socket: PUBLISH at QoS 1 with a bounded window, PUBACKs counted
by their length (four bytes each, MQTT 3.1.1, 3.4). Runs as a process of its own.
"""

import argparse
import json
import socket
import struct
import sys
import time
from collections.abc import Iterator

from core.settings import BrokerAddress, parse_broker_url
from devices.topic import build_topic

DISTRICT = "620171"
DOMAIN = "bench"
VALUES = 4
"""Readings in each message."""

_WINDOW = 4000  # unacknowledged messages at most
_CHUNK = 64  # messages in one write
_PUBACK_LENGTH = 4
_PACKET_IDS = 65_000


def device_id(number: int) -> str:
    """Return the id of the bench's device `number`."""
    return f"bench-{number:06d}"


def topic_of(number: int) -> str:
    """Return the topic on which it speaks."""
    return build_topic(DISTRICT, DOMAIN, device_id(number), "telemetry")


def payload_of(at_ms: int, seq: int) -> bytes:
    """Return one message of four values."""
    return (
        b'{"ts":%d,"seq":%d,"values":{"bench_a":%d.5,"bench_b":21.25,"bench_c":%d,"bench_d":0.125}}'
        % (at_ms, seq, seq % 90, seq % 70)
    )


class Publisher:
    """One connection that publishes as fast as the broker takes it."""

    def __init__(self, address: BrokerAddress) -> None:
        """Connect and sign in; raises ConnectionError where the broker refuses."""
        self._socket = socket.create_connection((address.host, address.port))
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._socket.sendall(_connect(address))
        if self._socket.recv(4)[3:] != b"\0":
            raise ConnectionError("The broker refuses the bench's publisher.")
        self.sent = self._acknowledged_bytes = 0

    @property
    def acknowledged(self) -> int:
        """Count the messages the broker has taken."""
        return self._acknowledged_bytes // _PUBACK_LENGTH

    def publish(self, messages: Iterator[tuple[str, bytes]]) -> None:
        """Send all messages; returns when the broker has acknowledged every one."""
        chunk: list[bytes] = []
        for topic, payload in messages:
            chunk.append(_publish(topic.encode(), payload, self.sent % _PACKET_IDS + 1))
            self.sent += 1
            if len(chunk) >= _CHUNK:
                self._send(chunk)
        self._send(chunk)
        self._wait_until(self.sent)

    def _send(self, chunk: list[bytes]) -> None:
        self._wait_until(self.sent - _WINDOW)
        self._socket.sendall(b"".join(chunk))
        chunk.clear()

    def _wait_until(self, acknowledged: int) -> None:
        while self.acknowledged < acknowledged:
            received = len(self._socket.recv(65_536))
            if not received:
                raise ConnectionError("The broker closed the connection of the bench's publisher.")
            self._acknowledged_bytes += received


def stream(
    *, devices: int, count: int, first_seq: int = 0, rate: float | None = None
) -> Iterator[tuple[str, bytes]]:
    """Yield `count` messages of `devices` devices in turn, at `rate` a second or at once.

    A message bears the time it is made at; each of a device's is later than the one before.
    """
    topics = [topic_of(number) for number in range(devices)]
    started, at_ms = time.monotonic(), 0
    for index in range(count):
        if rate is not None and index % _CHUNK == 0:
            time.sleep(max(0.0, started + index / rate - time.monotonic()))
        lap, device = divmod(index, devices)
        if device == 0:
            at_ms = max(at_ms + 1, time.time_ns() // 1_000_000)
        yield topics[device], payload_of(at_ms, first_seq + lap)


def _connect(address: BrokerAddress) -> bytes:
    username = address.username.encode()
    password = address.password.get_secret_value().encode()
    body = b"\0\4MQTT\4\xc2\0\0" + b"".join(
        struct.pack("!H", len(part)) + part for part in (b"", username, password)
    )
    return b"\x10" + _length(len(body)) + body


def _publish(topic: bytes, payload: bytes, packet_id: int) -> bytes:
    body = struct.pack("!H", len(topic)) + topic + struct.pack("!H", packet_id) + payload
    return b"\x32" + _length(len(body)) + body


def _length(value: int) -> bytes:
    """Encode a remaining length (MQTT 3.1.1, 2.2.3)."""
    encoded = bytearray()
    while True:
        value, digit = divmod(value, 128)
        encoded.append(digit | 0x80 if value else digit)
        if not value:
            return bytes(encoded)


def main() -> None:
    """Publish from the command line; prints when it began (monotonic) and how long it took."""
    parser = argparse.ArgumentParser(prog="python -m bench.publishing", description=__doc__)
    parser.add_argument("--devices", type=int, required=True)
    parser.add_argument("--count", type=int, required=True)
    parser.add_argument("--first-seq", type=int, default=0)
    parser.add_argument("--rate", type=float)
    options = vars(parser.parse_args())
    publisher = Publisher(parse_broker_url(sys.stdin.readline().strip()))
    started = time.monotonic()
    publisher.publish(stream(**options))
    print(json.dumps({"started": started, "seconds": time.monotonic() - started}))


if __name__ == "__main__":
    main()
