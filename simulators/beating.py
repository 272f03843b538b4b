"""The simulators' heartbeat: what was said and confirmed, for whoever compares books."""

import asyncio
import time
from collections.abc import Callable, Mapping

import msgspec

from core.settings import BrokerAddress
from devices.topic import system_topic
from simulators.books import Books
from simulators.line import Line
from simulators.message import Message

_PERIOD_S = 1.0
_NOBODY = -1  # a heartbeat is no device's

Facts = Callable[[], Mapping[str, object]]


def pulse(instance: str, state: str, facts: Mapping[str, object]) -> Message:
    """Return one beat, to be retained."""
    payload = {
        "program": "simulators",
        "instance": instance,
        "at": time.time_ns() // 1_000_000,
        "state": state,
        "detail": None,
        **facts,
    }
    topic = system_topic("simulators", instance)
    return Message(_NOBODY, topic, msgspec.json.encode(payload), retain=True)


def beat_line(address: BrokerAddress, instance: str) -> Line:
    """Return the line of the heartbeat: it remembers only the newest beat."""
    return Line(
        address,
        f"heartbeat-{instance}",
        Books(),  # beats are not the city's words
        will=lambda: pulse(instance, "lost", {}),
        capacity=1,
    )


async def beat_forever(line: Line, instance: str, facts: Facts) -> None:
    """Say each second that the city lives, and what stands in its books."""
    while True:
        line.offer(pulse(instance, "running", facts()))
        await asyncio.sleep(_PERIOD_S)
