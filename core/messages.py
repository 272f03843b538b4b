"""What travels between us and the broker, in both directions."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

NO_PROPERTIES: Mapping[str, Any] = MappingProxyType({})


class Will(NamedTuple):
    """What the broker says on our behalf when we die."""

    topic: str
    payload: bytes
    retain: bool = True


class Delivery:
    """One received message together with its acknowledgement."""

    __slots__ = (
        "_settle",
        "correlation",
        "payload",
        "received_us",
        "response_topic",
        "retain",
        "topic",
    )

    def __init__(
        self,
        topic: str,
        payload: bytes,
        properties: Mapping[str, Any] = NO_PROPERTIES,
        *,
        received_us: int,
        retain: bool = False,
        settle: Callable[[], None] | None = None,
    ) -> None:
        """Keep the message; `settle` sends the PUBACK, None where the sender wants none (QoS 0)."""
        self.topic = topic
        self.payload = payload
        self.received_us = received_us
        self.retain = retain
        self.response_topic = first(properties.get("response_topic"))
        self.correlation = first(properties.get("correlation_data"))
        self._settle = settle

    def acknowledge(self) -> None:
        """Tell the broker to forget the message; harmless when late, repeated, or not wanted."""
        settle, self._settle = self._settle, None
        if settle is not None:
            settle()


class Publication(NamedTuple):
    """A message on its way out, kept until the broker has it."""

    topic: str
    payload: bytes
    retain: bool
    response_topic: str | None
    correlation: bytes | None


def first(values: Any) -> Any:  # noqa: ANN401 - gmqtt gives every property as a list
    """Return the one value of a property, None where it was not sent."""
    return values[0] if isinstance(values, list) and values else values
