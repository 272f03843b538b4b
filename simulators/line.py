"""One MQTT connection of the field: keeps what is said until the broker has confirmed it."""

import asyncio
import math
import random
from collections import deque
from collections.abc import Callable
from contextlib import AsyncExitStack, suppress

import aiomqtt
import structlog

from core.settings import BrokerAddress
from simulators.books import Books
from simulators.message import Message

log = structlog.get_logger()

CAPACITY = 10_000
"""Messages a field device's memory holds while the broker is away."""
_LAST_WORDS_S = 3.0  # what was offered before a line leaves is said first, as on backup battery
_FIRST_WAIT_S = 0.5
_PATIENCE_S = 30.0  # for one answer of the broker
_LONGEST_WAIT_S = 30.0

Wording = Callable[[], Message]
"""Words a message at the moment it is needed: a greeting carries the time of the connection."""


class _HungUpError(Exception):
    """The line was told to leave the broker."""


class Line:
    """A connection and its outbox; `window` messages may be under way at once (1 keeps order)."""

    def __init__(
        self,
        address: BrokerAddress,
        name: str,
        books: Books,
        *,
        will: Wording | None = None,
        greeting: Wording | None = None,
        window: int = 1,
        capacity: int = CAPACITY,
    ) -> None:
        """Prepare the line; nothing is sent before `speak_forever` runs."""
        self._address = address
        self.name = name
        self._books = books
        self._will = will
        self._greeting = greeting
        self._window = window
        self._capacity = capacity
        self._outbox: deque[Message] = deque()
        self._unconfirmed = 0
        self._something = asyncio.Event()
        self._nothing = asyncio.Event()
        self._nothing.set()
        self._wanted = asyncio.Event()
        self._wanted.set()
        self._leave = asyncio.Event()
        self._jitter = random.Random(name)
        self._failures = 0

    def offer(self, message: Message) -> None:
        """Take a message without waiting; when the memory is full the oldest is forgotten."""
        self._books.published += 1
        if len(self._outbox) >= self._capacity:
            self._outbox.popleft()
            self._books.discarded += 1
            self._unconfirmed -= 1
        self._outbox.append(message)
        self._unconfirmed += 1
        self._something.set()
        self._nothing.clear()

    @property
    def waiting(self) -> int:
        """Return how many messages the broker has not confirmed yet."""
        return self._unconfirmed

    async def drained(self) -> None:
        """Wait until the broker has confirmed everything offered so far."""
        await self._nothing.wait()

    def hang_up(self) -> None:
        """Leave the broker and stay away until `dial`."""
        self._wanted.clear()
        self._leave.set()

    def dial(self) -> None:
        """Come back to the broker."""
        self._wanted.set()

    def reconnect(self) -> None:
        """Leave the broker and come back at once, as after a short power cut."""
        self._leave.set()

    async def speak_forever(self) -> None:
        """Stay connected and send what is offered; after a loss, wait longer each time."""
        while True:
            await self._wanted.wait()
            self._leave.clear()
            if reason := await self._talk():
                self._books.connections_lost += 1
                wait_s = backoff_s(self._failures, self._jitter.random())
                self._failures += 1
                log.warning("line lost", line=self.name, reason=reason, again_in_s=wait_s)
                await asyncio.sleep(wait_s)

    async def _talk(self) -> str:
        """Hold one connection; return why it was lost, or nothing if it was left on purpose."""
        reason = ""
        try:
            async with AsyncExitStack() as connected:
                async with asyncio.timeout(_PATIENCE_S):
                    client = await connected.enter_async_context(self._client())
                self._failures = 0
                await self._converse(client)
        except* aiomqtt.MqttError as errors:
            reason = str(_innermost(errors))
        except* TimeoutError:
            reason = f"The broker has not answered within {_PATIENCE_S:.0f} s."
        return reason

    def _client(self) -> aiomqtt.Client:
        """Prepare a connection without limits of its own: its callers set them.

        aiomqtt's are `asyncio.wait_for`, which in Python 3.11 swallows a cancellation that meets
        the broker's answer: a line told to leave just then would stand still for ever.
        """
        will = self._will() if self._will else None
        return aiomqtt.Client(
            self._address.host,
            self._address.port,
            username=self._address.username,
            password=self._address.password.get_secret_value(),
            identifier=f"sim-{self.name}",
            protocol=aiomqtt.ProtocolVersion.V5,
            will=aiomqtt.Will(will.topic, will.payload, qos=1, retain=True) if will else None,
            max_inflight_messages=self._window,
            timeout=math.inf,
        )

    async def _converse(self, client: aiomqtt.Client) -> None:
        client.pending_calls_threshold = self._window
        if self._greeting:
            self._offer_first(self._greeting())
        try:
            async with asyncio.TaskGroup() as tasks:
                tasks.create_task(_raise_when_lost(client), name=f"{self.name} watch")
                tasks.create_task(self._raise_when_told_to_leave(), name=f"{self.name} leave")
                for number in range(self._window):
                    tasks.create_task(self._send_forever(client), name=f"{self.name} {number}")
        except* _HungUpError:
            await self._say_last_will(client)

    def _offer_first(self, message: Message) -> None:
        self.offer(message)
        self._outbox.rotate(1)

    async def _say_last_will(self, client: aiomqtt.Client) -> None:
        """Say what the broker would say had the cable been cut: DISCONNECT keeps it quiet."""
        if self._will:
            self._offer_first(self._will())
            await self._send(client, self._outbox.popleft())

    async def _raise_when_told_to_leave(self) -> None:
        await self._leave.wait()
        with suppress(TimeoutError):
            async with asyncio.timeout(_LAST_WORDS_S):
                await self.drained()
        raise _HungUpError

    async def _send_forever(self, client: aiomqtt.Client) -> None:
        while True:
            await self._something.wait()
            while self._outbox:
                await self._send(client, self._outbox.popleft())
            self._something.clear()

    async def _send(self, client: aiomqtt.Client, message: Message) -> None:
        try:
            async with asyncio.timeout(_PATIENCE_S):
                await client.publish(message.topic, message.payload, qos=1, retain=message.retain)
        except (aiomqtt.MqttError, TimeoutError, asyncio.CancelledError):
            self._outbox.appendleft(message)  # perhaps twice on the wire, never lost
            self._something.set()
            raise
        self._books.acknowledged += 1
        self._unconfirmed -= 1
        if not self._unconfirmed:
            self._nothing.set()


def _innermost(error: BaseException) -> BaseException:
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    return error


async def _raise_when_lost(client: aiomqtt.Client) -> None:
    async for _ in client.messages:
        log.debug("a line hears nothing it asked for")


def backoff_s(failures: int, jitter: float) -> float:
    """Return how long to stay away: doubling, capped, spread by `jitter` (0 to 1) over a half.

    The spread keeps a hundred gateways from coming back in the same second.
    """
    longest = min(_LONGEST_WAIT_S, _FIRST_WAIT_S * 2.0 ** min(failures, 10))
    return longest * (0.5 + 0.5 * jitter)
