"""Messages of devices nobody has told us about yet: kept for a moment, for one may be a fire."""

from collections import deque
from collections.abc import Iterator
from typing import Final, NamedTuple

from core.broker import Delivery

_PATIENCE_US: Final = 3_000_000
_ROOM: Final = 200


class _Stranger(NamedTuple):
    delivery: Delivery
    until_us: int


class Strangers:
    """Bounded, oldest first. A device registered a second ago is known before its time is up."""

    def __init__(self) -> None:
        """Keep nobody yet."""
        self._kept: deque[_Stranger] = deque()

    def keep(self, delivery: Delivery, now_us: int) -> bool:
        """Keep the message until the registry has been read again; False if there is no room."""
        if len(self._kept) >= _ROOM:
            return False
        self._kept.append(_Stranger(delivery, now_us + _PATIENCE_US))
        return True

    def take_all(self) -> list[Delivery]:
        """Hand over everybody: the registry has changed."""
        kept = [each.delivery for each in self._kept]
        self._kept.clear()
        return kept

    def take_expired(self, now_us: int) -> Iterator[Delivery]:
        """Hand over those whose time is up: they remain unknown."""
        while self._kept and self._kept[0].until_us <= now_us:
            yield self._kept.popleft().delivery
