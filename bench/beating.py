"""The programs' heartbeats: what they say of themselves each second."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import msgspec
from paho.mqtt.client import Client, MQTTMessage

from bench.connecting import connected
from core.errors import Unavailable
from core.settings import BrokerAddress
from devices.topic import system_topic

Beat = dict[str, Any]


class Heartbeats:
    """The newest beat of each program."""

    def __init__(self) -> None:
        """Start with none."""
        self._beats: dict[str, Beat] = {}
        self._came = threading.Condition()

    def take(self, _client: Client, _userdata: object, message: MQTTMessage) -> None:
        """Note one beat; requests to the engine and their replies pass here too."""
        if message.retain or not message.payload:
            return
        beat = msgspec.json.decode(message.payload)
        if program := beat.get("program"):
            with self._came:
                self._beats[program] = beat
                self._came.notify_all()

    def wait_until(
        self, program: str, says: Callable[[Beat], bool], *, within_s: float = 30
    ) -> Beat:
        """Return the first beat from now on of which `says` is true."""
        deadline = time.monotonic() + within_s
        with self._came:
            self._beats.pop(program, None)
            while not ((beat := self._beats.get(program)) and says(beat)):
                if not self._came.wait(max(0.0, deadline - time.monotonic())):
                    raise Unavailable(f"{program} does not get there; it last said {beat}.")
        return beat


@contextmanager
def heartbeats(address: BrokerAddress) -> Iterator[Heartbeats]:
    """Listen to the heartbeats for as long as the block lasts."""
    beats = Heartbeats()
    with connected(address, system_topic("+", "+")) as client:
        client.on_message = beats.take
        yield beats
