"""An answer asked for once and given to everybody who wants it in the next moment."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Generic, TypeVar

T = TypeVar("T")


class Remembered(Generic[T]):
    """Keeps one answer for a while; of many who ask at once, one asks the database."""

    def __init__(self, ask: Callable[[], Awaitable[T]], *, keep_s: float) -> None:
        """Remember what `ask` answers, for `keep_s` seconds."""
        self._ask = ask
        self._keep_s = keep_s
        self._asking = asyncio.Lock()
        self._known: tuple[T] | None = None
        self._stale_at = -float("inf")

    async def get(self) -> T:
        """Return the answer, at most `keep_s` old; whatever asking raises is raised here."""
        async with self._asking:
            if self._known is None or time.monotonic() >= self._stale_at:
                self._known = (await self._ask(),)
                self._stale_at = time.monotonic() + self._keep_s
            return self._known[0]
