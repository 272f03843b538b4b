"""Deliveries wait here between the broker and the batch; the receive window bounds how many."""

import asyncio
from collections import deque
from contextlib import suppress

from core.broker import Delivery


class Inbox:
    """A queue that is emptied by the batch, not by the piece."""

    def __init__(self) -> None:
        """Start empty."""
        self._waiting: deque[Delivery] = deque()
        self._arrived = asyncio.Event()
        self._enough = asyncio.Event()
        self._wanted = 1

    def __len__(self) -> int:
        """Count the deliveries that wait."""
        return len(self._waiting)

    @property
    def oldest_us(self) -> int | None:
        """Return when the delivery that has waited longest was received."""
        return self._waiting[0].received_us if self._waiting else None

    def put(self, delivery: Delivery) -> None:
        """Add one delivery; called for every message, so it does next to nothing."""
        self._waiting.append(delivery)
        if len(self._waiting) == 1:
            self._arrived.set()
        if len(self._waiting) >= self._wanted:
            self._enough.set()

    async def next_batch(self, *, size: int, wait_s: float) -> list[Delivery]:
        """Wait for one delivery, then `wait_s` seconds at most for up to `size` in all."""
        await self._arrived.wait()
        if len(self._waiting) < size:
            await self._wait_for(size, wait_s)
        batch = [self._waiting.popleft() for _ in range(min(size, len(self._waiting)))]
        if not self._waiting:
            self._arrived.clear()
        return batch

    async def _wait_for(self, size: int, wait_s: float) -> None:
        self._wanted = size
        self._enough.clear()
        with suppress(TimeoutError):  # its time is up: the batch goes as it is
            async with asyncio.timeout(wait_s):
                await self._enough.wait()
