"""From deliveries to rows: pure, with no clock but the deliveries' own."""

import hashlib
from collections.abc import Iterable
from typing import NamedTuple, TypeVar

import msgspec

from core.broker import Delivery
from core.errors import Invalid
from devices.payload import SparkplugSession, decode, decode_sparkplug
from devices.reading import Event, Position, Quality, Report
from devices.registry import Registry
from devices.topic import NAMESPACES, ROOT, parse_topic
from ingest.timing import Limits, clock_error_us, marked

NOBODY = 0
"""The device number of messages whose sender is not known."""

_OURS = tuple(f"{ROOT}/{namespace}/" for namespace in NAMESPACES)
_NOT_KEPT = ("/command", "/reply")  # whoever asked reads the answer
_SPARKPLUG = "spBv1.0/"
_SPARKPLUG_NOT_KEPT = ("NCMD", "DCMD", "STATE")

SaidT = TypeVar("SaidT", Position, Event)


Sessions = dict[str, SparkplugSession]


class Source(NamedTuple):
    """A message as it came; what the spool keeps and the quarantine shows."""

    received_us: int
    topic: str
    payload: bytes

    @property
    def digest(self) -> bytes:
        """Return 16 bytes that are the same for the same message said again."""
        return hashlib.blake2b(self.topic.encode() + b"\0" + self.payload, digest_size=16).digest()


class ClockFault(NamedTuple):
    """A clock was `ahead_us` ahead, so the message was stored under the time of receipt."""

    channel: str
    claimed_us: int
    ahead_us: int


class Message(NamedTuple):
    """One message understood: who spoke, what was said, or why it cannot be read."""

    source: Source
    device: int
    report: Report | None
    problem: Invalid | None
    clock_fault: ClockFault | None = None

    @property
    def quality(self) -> int:
        """Return the quality of what has none of its own: events and positions."""
        return Quality.GOOD if self.clock_fault is None else Quality.UNCERTAIN_CLOCK

    def is_in(self, digests: set[bytes]) -> bool:
        """Say whether exactly this message is among those; cheap where there are none."""
        return bool(digests) and self.source.digest in digests


class Columns(msgspec.Struct):
    """Readings by column, ready for a binary COPY."""

    observed_us: list[int] = []
    received_us: list[int] = []
    device: list[int] = []
    metric: list[int] = []
    value: list[float] = []
    quality: list[int] = []

    def __len__(self) -> int:
        """Count the rows."""
        return len(self.device)

    def take(self, message: Message, limits: Limits) -> None:
        """Append the readings of one message."""
        if message.report is None:
            return
        received = message.source.received_us
        for metric, observed, value, quality in message.report.readings:
            self.observed_us.append(observed)
            self.received_us.append(received)
            self.device.append(message.device)
            self.metric.append(metric)
            self.value.append(value)
            self.quality.append(marked(quality, received - observed, limits))


class Batch(msgspec.Struct):
    """Messages that are written together, and their readings laid out while they were read."""

    messages: list[Message] = []
    columns: Columns = msgspec.field(default_factory=Columns)

    def add(self, message: Message, limits: Limits) -> None:
        """Add one message."""
        self.messages.append(message)
        self.columns.take(message, limits)

    def without(self, digests: set[bytes], limits: Limits) -> "Batch":
        """Return the batch less those messages."""
        if not digests:
            return self
        return batch_of((m for m in self.messages if not m.is_in(digests)), limits)


def batch_of(messages: Iterable[Message], limits: Limits) -> Batch:
    """Make a batch of messages that are read already."""
    batch = Batch()
    for message in messages:
        batch.add(message, limits)
    return batch


def is_for_us(topic: str) -> bool:
    """Say whether a device speaks here of the city: not our own alerts, heartbeats, commands."""
    if topic.startswith(_SPARKPLUG):
        return not any(f"/{kind}/" in topic for kind in _SPARKPLUG_NOT_KEPT)
    return not topic.startswith(_OURS) and not topic.endswith(_NOT_KEPT)


def source_of(delivery: Delivery) -> Source:
    """Keep of a delivery what must survive its acknowledgement."""
    return Source(delivery.received_us, delivery.topic, delivery.payload)


def read_message(
    source: Source, registry: Registry, sparkplug: Sessions, limits: Limits
) -> Message:
    """Understand one message; a report of None says nothing that was not known before."""
    device = NOBODY
    try:
        if source.topic.startswith(_SPARKPLUG):
            report = decode_sparkplug(
                source.topic, source.payload, registry, sparkplug, received_us=source.received_us
            )
            device = NOBODY if report is None else report.device
        else:
            topic = parse_topic(source.topic)
            speaker = registry.speaker(topic.device)
            device = speaker.number
            report = decode(topic, source.payload, speaker, registry)
        ahead_us = 0 if report is None else clock_error_us(report, source.received_us, limits)
    except Invalid as problem:
        return Message(source, device, None, problem)
    if report is None or not ahead_us:
        return Message(source, device, report, None)
    fault = ClockFault(source.topic.rpartition("/")[2], report.observed_us, ahead_us)
    return Message(source, device, set_back(report, ahead_us), None, fault)


def set_back(report: Report, by_us: int) -> Report:
    """Move a report whose clock was ahead to the time of receipt, marked as uncertain."""
    return report._replace(
        observed_us=report.observed_us - by_us,
        readings=[
            reading._replace(
                observed_us=reading.observed_us - by_us,
                quality=max(reading.quality, Quality.UNCERTAIN_CLOCK),
            )
            for reading in report.readings
        ],
        positions=tuple(_earlier(position, by_us) for position in report.positions),
        events=tuple(_earlier(event, by_us) for event in report.events),
    )


def _earlier(said: SaidT, by_us: int) -> SaidT:
    return said._replace(observed_us=said.observed_us - by_us)


def has_strangers(messages: Iterable[Message]) -> bool:
    """Say whether somebody spoke whom this copy of the registry does not know."""
    return any(m.problem is not None and m.problem.code == "unknown_device" for m in messages)
