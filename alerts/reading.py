"""From a delivery to what a device said, whichever of the two wire families it came in."""

from typing import Final

import msgspec

from core.broker import Delivery
from devices.payload import SparkplugSession, decode, decode_sparkplug
from devices.reading import Report
from devices.registry import Registry, Speaker
from devices.topic import parse_topic

SESSIONS: Final = "sparkplug"
"""The note that keeps what edge nodes announced: without it their numbers mean nothing."""

_PREFIX: Final = "spBv1.0/"
_DECODER: Final = msgspec.json.Decoder(dict[str, SparkplugSession])


class Reader:
    """Reads native and Sparkplug messages; remembers what Sparkplug edge nodes announced."""

    def __init__(self, note: bytes | None) -> None:
        """Take back what was announced before a restart."""
        self._sessions = _DECODER.decode(note or b"{}")
        self._announced = False

    def read(self, delivery: Delivery, registry: Registry) -> tuple[Speaker, Report] | None:
        """Return who said what, None where nothing is said; Invalid where it cannot be read."""
        if delivery.topic.startswith(_PREFIX):
            return self._read_sparkplug(delivery, registry)
        topic = parse_topic(delivery.topic)
        speaker = registry.speaker(topic.device)
        return speaker, decode(topic, delivery.payload, speaker, registry)

    def take_note(self) -> bytes | None:
        """Hand over the announcements, if there were any since the last time."""
        if not self._announced:
            return None
        self._announced = False
        return msgspec.json.encode(self._sessions)

    def _read_sparkplug(
        self, delivery: Delivery, registry: Registry
    ) -> tuple[Speaker, Report] | None:
        report = decode_sparkplug(
            delivery.topic,
            delivery.payload,
            registry,
            self._sessions,
            received_us=delivery.received_us,
        )
        self._announced |= "BIRTH/" in delivery.topic or "DEATH/" in delivery.topic
        return None if report is None else (registry.by_number[report.device], report)
