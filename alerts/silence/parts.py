"""Our own parts: is an ingester gone, or the broker? Then no device can be blamed for silence."""

from collections.abc import Iterable
from typing import Final

BROKER: Final = "broker"
"""The source of what is wrong with our own connection; an ingester's is `ingest/{shard}`."""


class Parts:
    """When each part was last known to live, and which are lost.

    An ingester is expected once its heartbeat has been seen; a part that says goodbye is given
    `farewell_us` to come back, one that falls silent `stale_us`.
    """

    def __init__(self, *, stale_us: int, farewell_us: int) -> None:
        """Expect nobody yet."""
        self._stale_us = stale_us
        self._farewell_us = farewell_us
        self._doomed_us: dict[str, int] = {}
        self.lost: set[str] = set()

    @property
    def expected(self) -> list[str]:
        """Return every part that has been seen."""
        return sorted(self._doomed_us)

    def restore(self, expected: Iterable[str], lost: Iterable[str], now_us: int) -> None:
        """Take over from the previous run; everybody gets their full time."""
        for source in expected:
            self._doomed_us[source] = now_us + self._stale_us
        self.lost.update(lost)

    def expect(self, source: str, now_us: int) -> None:
        """Note that there is such a part, without a sign that it lives."""
        self._doomed_us.setdefault(source, now_us + self._stale_us)

    def forget(self, source: str) -> None:
        """Expect this part no longer."""
        self._doomed_us.pop(source, None)
        self.lost.discard(source)

    def hear(self, source: str, now_us: int) -> bool:
        """Note a sign of life; say whether the part had been lost."""
        self._doomed_us[source] = now_us + self._stale_us
        was_lost = source in self.lost
        self.lost.discard(source)
        return was_lost

    def part(self, source: str, now_us: int) -> None:
        """Note that the part has said goodbye, or that the broker did so for it."""
        doomed_us = now_us + self._farewell_us
        self._doomed_us[source] = min(doomed_us, self._doomed_us.get(source, doomed_us))

    def give_grace(self, now_us: int) -> None:
        """Give everybody their full time again: until now we could not have heard them."""
        for source in self._doomed_us:
            self._doomed_us[source] = now_us + self._stale_us

    def due(self, now_us: int, among: Iterable[str]) -> list[str]:
        """Return the parts that are lost by now."""
        lost = [
            source
            for source in among
            if source not in self.lost and self._doomed_us[source] <= now_us
        ]
        self.lost.update(lost)
        return lost
