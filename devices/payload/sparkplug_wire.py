"""The wire form of Sparkplug B: the protobuf messages, as far as they are read here.

Field numbers: Sparkplug 3.0.0, chapter 6 (`sparkplug_b.proto`); fields left out are skipped by
the parser, so templates, data sets and properties cost nothing.
"""

from collections.abc import Sequence
from typing import Final, NamedTuple, Protocol, cast

from google.protobuf import descriptor_pb2, descriptor_pool, message_factory
from google.protobuf.message import DecodeError, Message

from core.errors import Invalid

_File = descriptor_pb2.FileDescriptorProto
_Field = descriptor_pb2.FieldDescriptorProto

_METRIC: Final = (
    ("name", 1, _Field.TYPE_STRING),
    ("alias", 2, _Field.TYPE_UINT64),
    ("timestamp", 3, _Field.TYPE_UINT64),
    ("datatype", 4, _Field.TYPE_UINT32),
    ("is_null", 7, _Field.TYPE_BOOL),
)
_VALUE: Final = (
    ("int_value", 10, _Field.TYPE_UINT32),
    ("long_value", 11, _Field.TYPE_UINT64),
    ("float_value", 12, _Field.TYPE_FLOAT),
    ("double_value", 13, _Field.TYPE_DOUBLE),
    ("boolean_value", 14, _Field.TYPE_BOOL),
    ("string_value", 15, _Field.TYPE_STRING),
)
_METRICS: Final = _Field(
    name="metrics",
    number=2,
    type=_Field.TYPE_MESSAGE,
    type_name=".sparkplug.Metric",
    label=_Field.LABEL_REPEATED,
)
_SIGNED_BITS: Final = {1: 8, 2: 16, 3: 32, 4: 64}
"""Data types whose negative numbers travel as two's complement (chapter 6.4.16)."""


class Metric(NamedTuple):
    """One metric as sent: by name, by alias, or by both; `value` is raw."""

    name: str | None
    alias: int | None
    timestamp_ms: int | None
    datatype: int | None
    value: float | str | None


class Payload(NamedTuple):
    """One Sparkplug message."""

    timestamp_ms: int | None
    metrics: tuple[Metric, ...]


class _WireMetric(Protocol):
    """The attributes protobuf gives a parsed metric."""

    name: str
    alias: int
    timestamp: int
    datatype: int
    is_null: bool

    def HasField(self, field_name: str) -> bool: ...  # noqa: N802 - protobuf's own
    def WhichOneof(self, oneof_group: str) -> str | None: ...  # noqa: N802 - the same


class _WirePayload(Protocol):
    """The attributes protobuf gives a parsed payload."""

    timestamp: int
    metrics: Sequence[_WireMetric]

    def HasField(self, field_name: str) -> bool: ...  # noqa: N802 - protobuf's own


def parse(payload: bytes) -> Payload:
    """Read the bytes of one message; Invalid (`bad_sparkplug`) if they are no such thing."""
    message = PAYLOAD_CLASS()
    try:
        message.ParseFromString(payload)
        wire = cast("_WirePayload", message)
        timestamp_ms = wire.timestamp if wire.HasField("timestamp") else None
        return Payload(timestamp_ms, tuple(map(_metric, wire.metrics)))
    except DecodeError as error:
        raise Invalid(
            f"The payload is not a Sparkplug B message ({error}).", code="bad_sparkplug"
        ) from None


def signed(value: float, datatype: int | None) -> float:
    """Return a whole number with the sign its data type gives it."""
    bits = _SIGNED_BITS.get(datatype or 0)
    if bits is None or not isinstance(value, int):
        return value
    low = value % (1 << bits)
    return low - (1 << bits) if low >> (bits - 1) else low


def _metric(wire: _WireMetric) -> Metric:
    kind = None if wire.is_null else wire.WhichOneof("value")
    return Metric(
        wire.name if wire.HasField("name") else None,
        wire.alias if wire.HasField("alias") else None,
        wire.timestamp if wire.HasField("timestamp") else None,
        wire.datatype if wire.HasField("datatype") else None,
        None if kind is None else getattr(wire, kind),
    )


def _field(
    name: str, number: int, kind: _Field.Type.ValueType, oneof_index: int | None = None
) -> _Field:
    return _Field(
        name=name,
        number=number,
        type=kind,
        label=_Field.LABEL_OPTIONAL,
        oneof_index=oneof_index,
    )


def _message_class() -> type[Message]:
    """Build the parser from the field numbers above.

    The specification is written in protobuf 2; edition 2023 has the same wire form, the same
    explicit presence, and refuses texts that are not UTF-8.
    """
    file = _File(
        name="sparkplug_b.proto",
        package="sparkplug",
        syntax="editions",
        edition=descriptor_pb2.EDITION_2023,
    )
    metric = file.message_type.add(name="Metric")
    metric.field.extend(_field(*field) for field in _METRIC)
    metric.field.extend(_field(*field, oneof_index=0) for field in _VALUE)
    metric.oneof_decl.add(name="value")
    payload = file.message_type.add(name="Payload")
    payload.field.extend([_field("timestamp", 1, _Field.TYPE_UINT64), _METRICS])
    pool = descriptor_pool.DescriptorPool()
    pool.Add(file)
    return message_factory.GetMessageClass(pool.FindMessageTypeByName("sparkplug.Payload"))


PAYLOAD_CLASS: Final = _message_class()
"""The protobuf class, for whoever writes Sparkplug (simulated gateways, tests)."""
