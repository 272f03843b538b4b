"""From deliveries to rows: pure, with no clock but the deliveries' own."""

import hashlib
from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple, TypeVar

import msgspec

from core.broker import Delivery
from core.errors import Invalid
from devices.payload import SparkplugSession, decode, decode_sparkplug
from devices.reading import Event, Position, Quality, Reading, Report
from devices.registry import Registry
from devices.topic import NAMESPACES, ROOT, parse_topic
from ingest.timing import Limits, clock_is_ahead, is_last_will, marked

NOBODY = 0
"""The device number of messages whose sender is not known."""

_OURS = tuple(f"{ROOT}/{namespace}/" for namespace in NAMESPACES)
_NOT_KEPT = ("/command", "/reply")  # whoever asked reads the answer
_SPARKPLUG = "spBv1.0/"
_SPARKPLUG_NOT_KEPT = ("NCMD", "DCMD", "STATE")

_ALWAYS = -1  # every instant is later than this

SaidT = TypeVar("SaidT", Reading, Position, Event)


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


class Redated(NamedTuple):
    """A message stored under the time of receipt, because the time it claims is not its own."""

    channel: str
    claimed_us: int
    quality: Quality


class Message(NamedTuple):
    """One message understood: who spoke, what was said, or why it cannot be read."""

    source: Source
    device: int
    report: Report | None
    problem: Invalid | None
    redated: Redated | None = None

    @property
    def quality(self) -> int:
        """Return the quality of what has none of its own: events and positions."""
        return Quality.GOOD if self.redated is None else self.redated.quality


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

    def without(self, places: set[int], limits: Limits) -> "Batch":
        """Return the batch less the messages in those places."""
        if not places:
            return self
        kept = (message for place, message in enumerate(self.messages) if place not in places)
        return batch_of(kept, limits)


def batch_of(messages: Iterable[Message], limits: Limits) -> Batch:
    """Make a batch of messages that are read already."""
    batch = Batch()
    for message in messages:
        batch.add(message, limits)
    return batch


@lru_cache(maxsize=65_536)
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
        return _dated(Message(source, device, report, None), limits)
    except Invalid as problem:
        return Message(source, device, None, problem)


def _dated(message: Message, limits: Limits) -> Message:
    """Move a report to the time of receipt where its own time cannot be meant.

    A clock that runs ahead is not believed; a last will was dated when its device connected.
    """
    report, received_us = message.report, message.source.received_us
    if report is None:
        return message
    if is_last_will(report):
        quality, beyond_us = Quality.GOOD, _ALWAYS
    elif clock_is_ahead(report, received_us, limits):
        quality, beyond_us = Quality.UNCERTAIN_CLOCK, received_us + limits.ahead_us
    else:
        return message
    move = Move(beyond_us, received_us - report.observed_us, quality)
    channel = message.source.topic.rpartition("/")[2]
    return message._replace(
        report=moved(report, move), redated=Redated(channel, report.observed_us, quality)
    )


class Move(NamedTuple):
    """What is dated later than `beyond_us` moves `by_us`, and is no better than `quality` then."""

    beyond_us: int
    by_us: int
    quality: Quality


def moved(report: Report, move: Move) -> Report:
    """Move in time what cannot be meant as it is dated, and leave the rest of the report alone."""
    return report._replace(
        observed_us=report.observed_us + move.by_us,
        readings=[_judged(reading, move) for reading in report.readings],
        positions=tuple(_redated(position, move) for position in report.positions),
        events=tuple(_redated(event, move) for event in report.events),
    )


def _judged(reading: Reading, move: Move) -> Reading:
    later = _redated(reading, move)
    return later if later is reading else later._replace(quality=max(later.quality, move.quality))


def _redated(said: SaidT, move: Move) -> SaidT:
    if said.observed_us <= move.beyond_us:
        return said
    return said._replace(observed_us=said.observed_us + move.by_us)


def has_strangers(messages: Iterable[Message]) -> bool:
    """Say whether somebody spoke whom this copy of the registry does not know."""
    return any(m.problem is not None and m.problem.code == "unknown_device" for m in messages)
