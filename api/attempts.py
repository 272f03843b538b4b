"""Failed sign-ins are counted, so that guessing takes years."""

from collections import OrderedDict, deque
from datetime import datetime, timedelta

from api.errors import TooManyAttempts

WINDOW = timedelta(minutes=5)
PER_PERSON = 5
"""Failures from one address under one name within the window."""
PER_ADDRESS = 30
"""Failures from one address under any name."""

_KEYS_AT_MOST = 20_000


class Attempts:
    """The failures of the last minutes, by address and by address and name."""

    def __init__(self) -> None:
        """Start with a clean slate."""
        self._failures: OrderedDict[tuple[str, str], deque[datetime]] = OrderedDict()

    def check(self, address: str, username: str, *, now: datetime) -> None:
        """Raise TooManyAttempts while this caller has to wait."""
        for key, limit in (((address, username), PER_PERSON), ((address, ""), PER_ADDRESS)):
            recent = self._recent(key, now)
            if len(recent) >= limit:
                wait = recent[-limit] + WINDOW - now
                raise TooManyAttempts(
                    "Too many failed sign-ins; wait a few minutes.",
                    retry_after_s=max(1, round(wait.total_seconds())),
                )

    def failed(self, address: str, username: str, *, now: datetime) -> None:
        """Count one failure."""
        for key in ((address, username), (address, "")):
            self._failures.setdefault(key, deque(maxlen=PER_ADDRESS)).append(now)
            self._failures.move_to_end(key)
        while len(self._failures) > _KEYS_AT_MOST:
            self._failures.popitem(last=False)

    def succeeded(self, address: str, username: str) -> None:
        """Forget the failures under this name."""
        self._failures.pop((address, username), None)

    def _recent(self, key: tuple[str, str], now: datetime) -> list[datetime]:
        return [at for at in self._failures.get(key, ()) if at > now - WINDOW]
