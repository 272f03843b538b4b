"""The live stream's own end: frames go to all listeners at once, none holds up the others."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from typing import NamedTuple

from api.alert import Alert
from api.metrics import LISTENERS, LISTENERS_DROPPED
from core.errors import Unavailable

_QUEUE = 1000  # frames a listener may be behind


class Frame(NamedTuple):
    """One server-sent event, ready to be written; `seq` is its id where it has one."""

    data: bytes
    seq: int | None = None


def alert_frame(alert: Alert, *, in_order: bool = True) -> Frame:
    """Write an alert's transition; without an id where earlier ones are still missing."""
    seq = alert.facts.seq if in_order else None
    return Frame(_write("alert", alert.document, seq), seq)


def city_frame(document: bytes) -> Frame:
    """Write the second's summary."""
    return Frame(_write("city", document, None))


def reset_frame(cursor: int) -> Frame:
    """Tell a client that its past is gone: load the open alerts anew, then go on from here."""
    return Frame(_write("reset", b'{"reload":"alerts"}', cursor))


def _write(event: str, data: bytes, seq: int | None) -> bytes:
    head = b"" if seq is None else b"id: %d\n" % seq
    return b"%sevent: %s\ndata: %s\n\n" % (head, event.encode(), data)


class Listener:
    """One open stream: a bounded queue, ended when its owner cannot keep up."""

    def __init__(self) -> None:
        """Start with nothing to say."""
        self._queue: asyncio.Queue[Frame | None] = asyncio.Queue(_QUEUE)

    def offer(self, frame: Frame) -> bool:
        """Queue a frame; False when the listener is too far behind."""
        if self._queue.full():
            return False
        self._queue.put_nowait(frame)
        return True

    def end(self) -> None:
        """End the stream: what is queued is not worth waiting for."""
        while not self._queue.empty():
            self._queue.get_nowait()
        self._queue.put_nowait(None)

    async def frames(self) -> AsyncIterator[Frame]:
        """Yield frames until the end."""
        while (frame := await self._queue.get()) is not None:
            yield frame


class Stream:
    """Everybody who listens."""

    def __init__(self, *, at_most: int) -> None:
        """Admit up to `at_most` listeners."""
        self._at_most = at_most
        self._listeners: set[Listener] = set()
        self.last_city: Frame | None = None

    @property
    def count(self) -> int:
        """Count the listeners."""
        return len(self._listeners)

    def check_room(self) -> None:
        """Raise Unavailable when the house is full."""
        if len(self._listeners) >= self._at_most:
            raise Unavailable("Too many live streams are open.")

    @contextmanager
    def listening(self) -> Iterator[Listener]:
        """Admit a listener for as long as the block lasts."""
        listener = Listener()
        self._listeners.add(listener)
        LISTENERS.inc()
        try:
            yield listener
        finally:
            self._listeners.discard(listener)
            LISTENERS.dec()

    def send(self, frame: Frame) -> None:
        """Give the frame to all; who is too far behind is shown out and will come back."""
        for listener in tuple(self._listeners):
            if not listener.offer(frame):
                LISTENERS_DROPPED.inc()
                self._listeners.discard(listener)
                listener.end()

    def close(self) -> None:
        """End every stream."""
        for listener in self._listeners:
            listener.end()
