"""When is what due? Deadlines by key, on the engine's clock; each part keeps one of these."""

from collections.abc import Iterator
from heapq import heappop, heappush
from typing import Generic, TypeVar

KeyT = TypeVar("KeyT")


class Agenda(Generic[KeyT]):
    """One deadline per key. Setting a key again moves it; the old entry in the heap is skipped."""

    def __init__(self) -> None:
        """Begin with nothing due."""
        self._at_us: dict[KeyT, int] = {}
        self._heap: list[tuple[int, int, KeyT]] = []
        self._order = 0

    def __len__(self) -> int:
        """Count the deadlines ahead."""
        return len(self._at_us)

    def __contains__(self, key: object) -> bool:
        """Say whether the key has a deadline."""
        return key in self._at_us

    def set(self, key: KeyT, at_us: int) -> None:
        """Let `key` be due at this instant, whatever was set before."""
        if self._at_us.get(key) != at_us:
            self._at_us[key] = at_us
            self._order += 1  # keys need no order of their own
            heappush(self._heap, (at_us, self._order, key))

    def drop(self, key: KeyT) -> None:
        """Let `key` never be due."""
        self._at_us.pop(key, None)

    def next_us(self) -> int | None:
        """Return the earliest deadline, None if there is none."""
        while self._heap and self._at_us.get(self._heap[0][2]) != self._heap[0][0]:
            heappop(self._heap)
        return self._heap[0][0] if self._heap else None

    def due(self, now_us: int) -> Iterator[KeyT]:
        """Yield, earliest first, whatever is due by now; each is due only once."""
        while (at_us := self.next_us()) is not None and at_us <= now_us:
            _, _, key = heappop(self._heap)
            del self._at_us[key]
            yield key
