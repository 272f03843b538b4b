"""The one door to the broker: MQTT 5, acknowledged when we say so, connected again for ever.

gmqtt is hidden here (docs/adr/0002): each connection is a client object of its own, so an
acknowledgement that comes after the connection was lost can never reach the next one, where the
same packet number may stand for another message.
"""

import asyncio
import logging
import random
import time
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from functools import partial
from types import MappingProxyType
from typing import Any, Literal, NamedTuple, Self

import gmqtt
import structlog
from gmqtt.mqtt.handler import MQTTConnectError
from gmqtt.storage import PersistentStorage

from core.settings import BrokerAddress

log = structlog.get_logger()
logging.getLogger("gmqtt").setLevel(logging.CRITICAL)  # it reports each packet; we report causes

_CONNECT_WITHIN = 10.0  # seconds
_KEEPALIVE = 15  # seconds; a dead broker is noticed within twice that, a closed socket at once
_BACK_OFF = (0.2, 5.0)  # seconds, first and longest pause between attempts
_QOS, _RETAIN = 0x06, 0x01  # MQTT 5, 3.3.1: flags of a PUBLISH
_NO_PROPERTIES: Mapping[str, Any] = MappingProxyType({})
_PUBACK = b"\x40\x02"  # MQTT 5, 3.4: PUBACK, success
_TAKEN_OVER = 0x8E  # MQTT 5, 3.14.2.1: session taken over
_RETAINED = {"all": 0, "new": 1, "none": 2}  # MQTT 5, 3.8.3.1: retain handling
# MQTT 5, 3.1.2.11.2: the session does not expire. A finite expiry would let mosquitto 2.0 drop a
# living session after it reloads its access files (see stack/broker/mosquitto.conf).
_NEVER = 0xFFFFFFFF
_DEFAULT_WINDOW = 65535  # MQTT 5, 3.2.2.3.3: receive maximum where the broker names none


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
        properties: Mapping[str, Any] = _NO_PROPERTIES,
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
        self.response_topic = _first(properties.get("response_topic"))
        self.correlation = _first(properties.get("correlation_data"))
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
        self._connection: _Connection | None = None
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
            connection = _Connection(self._client_options(), self._on_delivery, self._send_waiting)
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

    async def _live(self, connection: "_Connection") -> None:
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


class _Connection:
    """One life of a connection: from CONNECT until the socket is gone."""

    def __init__(
        self,
        options: dict[str, Any],
        on_delivery: Callable[[Delivery], None],
        on_room: Callable[[], None],
    ) -> None:
        self.lost = asyncio.Event()
        self.reason = "closed by the broker"
        self.unconfirmed: dict[int, Publication] = {}
        self._pubacks = bytearray()
        self._window = _DEFAULT_WINDOW
        self._on_delivery = on_delivery
        self._confirmations = _Confirmations(self.unconfirmed, on_room)
        self._client = gmqtt.Client(persistent_storage=self._confirmations, **options)
        self._client.set_config({"reconnect_retries": -2})  # never by itself: we do that
        self._client.on_connect = self._connected
        self._client.on_disconnect = self._disconnected
        # gmqtt acknowledges before the handler, or after a coroutine of its own per message. We
        # acknowledge after the commit, a thousand at a time: take the packet ourselves.
        self._client._package_handler._handle_publish_packet = self._published  # noqa: SLF001

    @property
    def has_room(self) -> bool:
        """Say whether the broker's receive window allows another publication."""
        return len(self.unconfirmed) < self._window

    async def open(self, address: BrokerAddress) -> None:
        """Connect and sign in; raises OSError, TimeoutError or MQTTConnectError."""
        self._client.set_auth_credentials(address.username, address.password.get_secret_value())
        async with asyncio.timeout(_CONNECT_WITHIN):
            await self._client.connect(address.host, address.port, keepalive=_KEEPALIVE)
        if self.lost.is_set():
            raise ConnectionError(self.reason)

    def subscribe(self, topics: Sequence[str], retain_handling: int) -> None:
        """Ask for the topics at QoS 1."""
        wanted = [
            gmqtt.Subscription(topic, qos=1, retain_handling_options=retain_handling)
            for topic in topics
        ]
        if wanted:
            self._client.subscribe(wanted)

    def send(self, publication: Publication, *, qos: int) -> None:
        """Write one PUBLISH; at QoS 1 it stays in `unconfirmed` until its PUBACK."""
        properties: dict[str, Any] = {}
        if publication.response_topic is not None:
            properties["response_topic"] = publication.response_topic
        if publication.correlation is not None:
            properties["correlation_data"] = publication.correlation
        self._confirmations.publication = publication
        self._client.publish(
            publication.topic, publication.payload, qos=qos, retain=publication.retain, **properties
        )

    async def close(self) -> None:
        """Say goodbye; never raises for a connection that is gone already."""
        with suppress(Exception):  # the library trips over half-open connections in many ways
            await self._client.disconnect()

    def _connected(
        self, _client: object, _flags: int, _code: int, properties: dict[str, Any]
    ) -> None:
        self._window = _first(properties.get("receive_maximum")) or _DEFAULT_WINDOW

    def _disconnected(self, _client: object, packet: bytes, _exc: object = None) -> None:
        if packet and packet[0] == _TAKEN_OVER:
            self.reason = "another client signed in with the same client id"
        self.lost.set()

    def _published(self, header: int, packet: bytes) -> None:
        """Read one PUBLISH (MQTT 5, 3.3) and hand it over with its acknowledgement."""
        end = 2 + int.from_bytes(packet[:2], "big")
        topic = packet[2:end].decode("utf-8", "replace")
        settle = None
        if header & _QOS:
            settle = partial(self._acknowledge, int.from_bytes(packet[end : end + 2], "big"))
            end += 2
        properties, payload = _NO_PROPERTIES, packet[end + 1 :]
        if packet[end]:
            handler = self._client._package_handler  # noqa: SLF001 - see __init__
            properties, payload = handler._parse_properties(packet[end:])  # noqa: SLF001
        self._on_delivery(
            Delivery(
                topic,
                payload or b"",
                properties or _NO_PROPERTIES,
                retain=bool(header & _RETAIN),
                received_us=time.time_ns() // 1000,
                settle=settle,
            )
        )

    def _acknowledge(self, mid: int) -> None:
        """Collect PUBACKs and write them in one go: a thousand come at once after a commit."""
        if not self._pubacks:
            asyncio.get_running_loop().call_soon(self._send_pubacks)
        self._pubacks += _PUBACK + mid.to_bytes(2, "big")

    def _send_pubacks(self) -> None:
        pubacks, self._pubacks = bytes(self._pubacks), bytearray()
        if not self.lost.is_set():
            self._client._connection.send_package(pubacks)  # noqa: SLF001 - see __init__


class _Confirmations(PersistentStorage):  # type: ignore[misc] # gmqtt ships no types
    """gmqtt's store of unconfirmed packets, kept as publications: they survive the connection."""

    def __init__(self, unconfirmed: dict[int, Publication], on_room: Callable[[], None]) -> None:
        super().__init__()
        self._unconfirmed = unconfirmed
        self._on_room = on_room
        self.publication: Publication | None = None

    def push_message(self, mid: int, _raw: bytes) -> None:
        """Note the publication that has just been given this packet number."""
        if self.publication is not None:
            self._unconfirmed[mid] = self.publication

    def remove_message_by_mid(self, mid: int) -> None:
        """Forget it, confirmed."""
        if self._unconfirmed.pop(mid, None) is not None:
            self._on_room()


def _first(values: Any) -> Any:  # noqa: ANN401 - gmqtt gives every property as a list
    return values[0] if isinstance(values, list) and values else values
