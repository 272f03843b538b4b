"""One life of a connection to the broker, on gmqtt (docs/adr/0002)."""

import asyncio
import logging
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import partial
from typing import Any

import gmqtt
from gmqtt.storage import PersistentStorage

from core.messages import NO_PROPERTIES, Delivery, Publication, first
from core.settings import BrokerAddress

logging.getLogger("gmqtt").setLevel(logging.CRITICAL)  # it reports each packet; we report causes

_CONNECT_WITHIN = 10.0  # seconds
_GOODBYE_WITHIN = 2.0  # seconds; the broker closes as soon as it has read our DISCONNECT
_KEEPALIVE = 15  # seconds; a dead broker is noticed within twice that, a closed socket at once
_QOS, _RETAIN = 0x06, 0x01  # MQTT 5, 3.3.1: flags of a PUBLISH
_PUBACK = b"\x40\x02"  # MQTT 5, 3.4: PUBACK, success
_TAKEN_OVER = 0x8E  # MQTT 5, 3.14.2.1: session taken over
_DEFAULT_WINDOW = 65535  # MQTT 5, 3.2.2.3.3: receive maximum where the broker names none


class Connection:
    """From CONNECT until the socket is gone; `lost` says when, `reason` why."""

    def __init__(
        self,
        options: dict[str, Any],
        on_delivery: Callable[[Delivery], None],
        on_room: Callable[[], None],
    ) -> None:
        """Prepare a client with gmqtt's `options`; `on_room` is called when one more may go out."""
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
        """Say goodbye and hear the broker out; never raises for a connection that is gone already.

        Closing a socket that holds unread messages resets it, and a broker that is reset forgets
        the acknowledgements it has not read: stored messages would come again.
        """
        self._on_delivery = _leave
        with suppress(Exception):  # the library trips over half-open connections in many ways
            if not self.lost.is_set():
                self._send_pubacks()
                self._client._connection.send_disconnect()  # noqa: SLF001 - see __init__
                async with asyncio.timeout(_GOODBYE_WITHIN):
                    await self.lost.wait()
        with suppress(Exception):
            await self._client.disconnect()

    def _connected(
        self, _client: object, _flags: int, _code: int, properties: dict[str, Any]
    ) -> None:
        self._window = first(properties.get("receive_maximum")) or _DEFAULT_WINDOW

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
        properties, payload = NO_PROPERTIES, packet[end + 1 :]
        if packet[end]:
            handler = self._client._package_handler  # noqa: SLF001 - see __init__
            properties, payload = handler._parse_properties(packet[end:])  # noqa: SLF001
        self._on_delivery(
            Delivery(
                topic,
                payload or b"",
                properties or NO_PROPERTIES,
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


def _leave(_: Delivery) -> None:
    """Take no message: unacknowledged, it comes again."""


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
