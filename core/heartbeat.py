"""Every program says each second that it lives; the broker says when it died."""

import asyncio
import time
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Literal, NamedTuple

import msgspec

from core.broker import BrokerClient, Will

State = Literal["running", "degraded", "stopping", "lost"]
Facts = Mapping[str, object]

_PERIOD = 1.0  # seconds


class Pulse(NamedTuple):
    """What one beat says: the state, a sentence where it is not `running`, and figures."""

    state: State = "running"
    detail: str | None = None
    facts: Facts = MappingProxyType({})


def last_will(topic: str, program: str, instance: str) -> Will:
    """Return the will that marks the program as lost."""
    return Will(topic, _encode(program, instance, Pulse("lost")))


async def beat_forever(
    client: BrokerClient, topic: str, program: str, instance: str, pulse: Callable[[], Pulse]
) -> None:
    """Publish the pulse each second, retained; says `stopping` on the way out."""
    try:
        while True:
            # QoS 0: a beat that is late is worthless, the next one is a second away.
            client.publish(topic, _encode(program, instance, pulse()), retain=True, qos=0)
            await asyncio.sleep(_PERIOD)
    finally:
        last = pulse()._replace(state="stopping")
        client.publish(topic, _encode(program, instance, last), retain=True, qos=0)


def _encode(program: str, instance: str, pulse: Pulse) -> bytes:
    head = {
        "program": program,
        "instance": instance,
        "at": time.time_ns() // 1_000_000,
        "state": pulse.state,
        "detail": pulse.detail,
    }
    return msgspec.json.encode(head | dict(pulse.facts))
