"""The one door to the broker: MQTT 5, acknowledged when we say so, connected again for ever.

gmqtt is hidden behind it (docs/adr/0002): each connection is a client object of its own, so an
acknowledgement that comes after the connection was lost can never reach the next one, where the
same packet number may stand for another message.
"""

import asyncio
import random
from collections import deque
from collections.abc import Callable, Sequence
from typing import Any, Literal, Self

import gmqtt
import structlog
from gmqtt.mqtt.handler import MQTTConnectError

from core.connection import Connection
from core.messages import Delivery, Publication, Will
from core.settings import BrokerAddress

__all__ = ["BrokerClient", "Delivery", "Will"]

log = structlog.get_logger()

_BACK_OFF = (0.2, 5.0)  # seconds, first and longest pause between attempts
_RETAINED = {"all": 0, "new": 1, "none": 2}  # MQTT 5, 3.8.3.1: retain handling
# MQTT 5, 3.1.2.11.2: the session does not expire. A finite expiry would let mosquitto 2.0 drop a
# living session after it reloads its access files (see stack/broker/mosquitto.conf).
_NEVER = 0xFFFFFFFF


class BrokerClient:
    """A connection that is always being kept up, for as long as the `async with` block lasts."""

    def __init__(
        self,
        address: BrokerAddress,
        *,
        client_id: str,
        on_delivery: Callable[[Delivery], None],
        subscriptions: Sequence[str],
        will: Will | None = None,
        persistent: bool = False,
        receive_maximum: int = 1000,
        retained: Literal["all", "new", "none"] = "all",
    ) -> None:
        """Describe the connection; `persistent` asks the broker to queue for us for ever.

        `receive_maximum` bounds the messages handed over and not yet acknowledged, and so memory.
        """
        self._address = address
        self._client_id = client_id
        self._on_delivery = on_delivery
        self._subscriptions = subscriptions
        self._will = will
        self._persistent = persistent
        self._receive_maximum = receive_maximum
        self._retained = retained
        self._connection: Connection | None = None
        self._waiting: deque[Publication] = deque()
        self._listeners: list[Callable[[], None]] = []
        self._tasks = asyncio.TaskGroup()
        self._keeper: asyncio.Task[None] | None = None

    @property
    def connected(self) -> bool:
        """Say whether messages flow just now."""
        return self._connection is not None

    @property
    def unsent(self) -> int:
        """Count the publications the broker has not confirmed."""
        unconfirmed = len(self._connection.unconfirmed) if self._connection else 0
        return len(self._waiting) + unconfirmed

    def on_connected(self, listener: Callable[[], None]) -> None:
        """Call `listener` after each successful connect, the first included."""
        self._listeners.append(listener)

    async def __aenter__(self) -> Self:
        """Start keeping the connection up; does not wait for it."""
        await self._tasks.__aenter__()
        self._keeper = self._tasks.create_task(self._stay_connected(), name="broker")
        return self

    async def __aexit__(self, *exc_info: object) -> None:
        """Close the connection; what is unconfirmed by then is dropped."""
        if self._keeper is not None:
            self._keeper.cancel()
        await self._tasks.__aexit__(None, None, None)

    def publish(
        self,
        topic: str,
        payload: bytes,
        *,
        retain: bool = False,
        qos: int = 1,
        response_topic: str | None = None,
        correlation: bytes | None = None,
    ) -> None:
        """Send a message; at QoS 1 it is kept and sent again until the broker confirms it."""
        publication = Publication(topic, payload, retain, response_topic, correlation)
        if qos == 0:
            if self._connection is not None:
                self._connection.send(publication, qos=0)
            return
        self._waiting.append(publication)
        self._send_waiting()

    def _send_waiting(self) -> None:
        connection = self._connection
        while connection is not None and self._waiting and connection.has_room:
            connection.send(self._waiting.popleft(), qos=1)

    async def _stay_connected(self) -> None:
        pause = _BACK_OFF[0]
        while True:
            connection = Connection(self._client_options(), self._on_delivery, self._send_waiting)
            try:
                await self._live(connection)
                pause = _BACK_OFF[0]
            except (OSError, TimeoutError, MQTTConnectError) as error:
                log.warning(
                    "broker not reached", broker=self._where, reason=str(error) or "timeout"
                )
            finally:
                self._connection = None
                self._waiting.extendleft(reversed(connection.unconfirmed.values()))
                await connection.close()
            await asyncio.sleep(pause * random.uniform(0.5, 1.5))  # noqa: S311 - jitter, no secret
            pause = min(pause * 2, _BACK_OFF[1])

    async def _live(self, connection: Connection) -> None:
        await connection.open(self._address)
        connection.subscribe(self._subscriptions, _RETAINED[self._retained])
        self._connection = connection
        log.info("broker connected", broker=self._where, client_id=self._client_id)
        self._send_waiting()
        for listener in self._listeners:
            listener()
        await connection.lost.wait()
        log.warning("broker connection lost", broker=self._where, reason=connection.reason)

    @property
    def _where(self) -> str:
        return f"{self._address.host}:{self._address.port}"

    def _client_options(self) -> dict[str, Any]:
        will = self._will and gmqtt.Message(
            self._will.topic, self._will.payload, qos=1, retain=self._will.retain
        )
        return {
            "client_id": self._client_id,
            "clean_session": not self._persistent,
            "session_expiry_interval": _NEVER if self._persistent else 0,
            "receive_maximum": self._receive_maximum,
            "will_message": will,
        }
