"""Sparkplug B 3.0: gateways that announce their metrics once and then speak in short numbers."""

from collections.abc import Iterator, MutableMapping
from typing import Final, NamedTuple

import msgspec

from core.errors import Invalid
from devices.payload import sparkplug_wire as wire
from devices.payload.instants import from_ms
from devices.payload.judging import check_count, check_size, judge_event, judge_value
from devices.reading import Event, Reading, Report
from devices.registry import Registry, Speaker

NAMESPACE: Final = "spBv1.0"
OF_NODE: Final = ("NBIRTH", "NDATA", "NDEATH")
OF_DEVICE: Final = ("DBIRTH", "DDATA", "DDEATH")
COMMANDS: Final = ("NCMD", "DCMD")

_DEATH_COUNTER: Final = "bdSeq"
_HOUSEKEEPING: Final = ("Node Control/", "Device Control/", "Properties/", _DEATH_COUNTER)
"""Metrics of the protocol itself (chapter 6.4.20 and following), not of the city."""


class SparkplugTopic(NamedTuple):
    """Who speaks through which edge node; `device` is None where the edge node itself does."""

    district: str
    kind: str
    gateway: str
    device: str | None

    @property
    def edge(self) -> str:
        """Return the key under which the edge node's session is kept."""
        return f"{self.district}/{self.gateway}"


class SparkplugSession(msgspec.Struct):
    """What one edge node has announced since its NBIRTH; the caller holds it, and may save it.

    A path is `device/metric`, with an empty device for the edge node's own metrics.
    """

    paths: dict[int, str] = {}
    datatypes: dict[str, int] = {}
    death_counter: int | None = None

    def learn(self, device: str, metric: wire.Metric) -> None:
        """Remember what a birth says: the name behind an alias, and the type of its numbers."""
        path = f"{device}/{metric.name}"
        if metric.alias is not None:
            self.paths[metric.alias] = path
        if metric.datatype is not None:
            self.datatypes[path] = metric.datatype

    def name(self, device: str, metric: wire.Metric) -> str:
        """Return the metric's name, looked up where only its alias was sent."""
        if metric.name:
            return metric.name
        path = "" if metric.alias is None else self.paths.get(metric.alias, "")
        owner, _, name = path.partition("/")
        if not name or owner != device:
            raise Invalid(
                f"No birth has announced the alias {metric.alias}; the edge node should send "
                "one (`Node Control/Rebirth`).",
                code="bad_sparkplug",
            )
        return name

    def datatype(self, device: str, name: str, metric: wire.Metric) -> int | None:
        """Return the data type sent now, or at birth."""
        return metric.datatype or self.datatypes.get(f"{device}/{name}")


Sessions = MutableMapping[str, SparkplugSession]


def parse_sparkplug_topic(topic: str) -> SparkplugTopic:
    """Read `spBv1.0/{district}/{kind}/{gateway}[/{device}]`; Invalid (`bad_topic`) otherwise."""
    match topic.split("/"):
        case [namespace, district, kind, gateway] if namespace == NAMESPACE and kind in (
            *OF_NODE,
            "NCMD",
        ):
            return SparkplugTopic(district, kind, gateway, None)
        case [namespace, district, kind, gateway, device] if namespace == NAMESPACE and kind in (
            *OF_DEVICE,
            "DCMD",
        ):
            return SparkplugTopic(district, kind, gateway, device)
    raise Invalid(
        f"The topic {topic[:200]!r} does not read {NAMESPACE}/district/kind/gateway[/device].",
        code="bad_topic",
    )


def decode_sparkplug(
    topic: str,
    payload: bytes,
    registry: Registry,
    sessions: Sessions,
    *,
    received_us: int | None = None,
) -> Report | None:
    """Read one Sparkplug message; None if nothing is said (commands, hosts, a death outlived).

    A death was written when its edge node connected; `received_us`, if given, dates it better.
    """
    if topic.startswith(f"{NAMESPACE}/STATE/"):
        return None
    check_size(payload)
    where = parse_sparkplug_topic(topic)
    if where.kind in COMMANDS:
        return None
    speaker = _speaker(where, registry)
    message = wire.parse(payload)
    if where.kind in ("NDEATH", "DDEATH"):
        return _death(where, message, speaker, sessions, received_us)
    if where.kind == "NBIRTH":
        sessions[where.edge] = SparkplugSession(death_counter=_death_counter(message))
    return _report(where, message, speaker, sessions.setdefault(where.edge, SparkplugSession()))


def _speaker(where: SparkplugTopic, registry: Registry) -> Speaker:
    """Find who speaks; a device must be registered behind the edge node it comes through."""
    speaker = registry.speaker(where.device or where.gateway)
    device = speaker.device
    behind = where.device is None or device.gateway_id == where.gateway
    if device.district != where.district or not behind:
        raise Invalid(
            f"The device {device.device_id} does not speak through {where.edge}.",
            code="topic_mismatch",
        )
    return speaker


def _death(
    where: SparkplugTopic,
    message: wire.Payload,
    speaker: Speaker,
    sessions: Sessions,
    received_us: int | None,
) -> Report | None:
    session = sessions.get(where.edge)
    if where.kind == "NDEATH" and session is not None:
        if _death_counter(message) != session.death_counter:
            return None  # the will of an earlier connection: the edge node is back already
        del sessions[where.edge]
    at = _time(message) if received_us is None else received_us
    return Report(speaker.number, at, None, events=(Event(at, "online", active=False),))


def _report(
    where: SparkplugTopic, message: wire.Payload, speaker: Speaker, session: SparkplugSession
) -> Report:
    at = _time(message)
    device = where.device or ""
    if is_birth := where.kind.endswith("BIRTH"):
        for metric in message.metrics:
            session.learn(device, metric)
    said = list(_said(message, at, speaker, session, device))
    check_count(said)
    events = tuple(word for word in said if isinstance(word, Event))
    born = (Event(at, "online", active=True),) if is_birth else ()
    readings = [word for word in said if isinstance(word, Reading)]
    instants = [at, *(word.observed_us for word in said)]
    return Report(
        speaker.number,
        max(instants),
        None,
        readings,
        events=born + events,
        earliest_us=min(instants),
    )


def _said(
    message: wire.Payload, at: int, speaker: Speaker, session: SparkplugSession, device: str
) -> Iterator[Reading | Event]:
    for metric in message.metrics:
        name = session.name(device, metric)
        if metric.value is None or name.startswith(_HOUSEKEEPING):
            continue
        observed_us = at if metric.timestamp_ms is None else from_ms(metric.timestamp_ms)
        value = _number(name, metric.value, session.datatype(device, name, metric))
        if name in speaker.events and name not in speaker.metrics:
            yield judge_event(speaker, name, observed_us, active=bool(value))
        else:
            yield judge_value(speaker, name, observed_us, value)


def _number(name: str, value: float | str, datatype: int | None) -> float:
    if isinstance(value, str):
        raise Invalid(f"The value of {name[:64]!r} is a text.", code="bad_value")
    return float(wire.signed(value, datatype))


def _time(message: wire.Payload) -> int:
    if message.timestamp_ms is None:
        raise Invalid("The Sparkplug message has no timestamp.", code="bad_time")
    return from_ms(message.timestamp_ms)


def _death_counter(message: wire.Payload) -> int | None:
    """Return `bdSeq`, which pairs a death with its birth (chapter 6.4.21)."""
    for metric in message.metrics:
        if metric.name == _DEATH_COUNTER and isinstance(metric.value, int):
            return metric.value
    return None
