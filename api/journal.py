"""The last transitions in order and without holes: what a client that was away asks for again."""

from collections import deque
from collections.abc import Iterable

from api.alert import Alert

SIZE = 20_000


class Journal:
    """A ring of transitions; one that comes too early waits until the hole before it is filled.

    Everything after `floor` up to `cursor` is here. `cursor` is None until the first `start`.
    """

    def __init__(self, size: int = SIZE) -> None:
        """Hold up to `size` transitions."""
        self.size = size
        self.floor = 0
        self.cursor: int | None = None
        self._ring: deque[Alert] = deque()
        self._early: dict[int, Alert] = {}

    def start(self, floor: int) -> None:
        """Begin anew after `floor`; whatever was known before is forgotten."""
        self._ring.clear()
        self._early = {seq: alert for seq, alert in self._early.items() if seq > floor}
        self.floor = self.cursor = floor

    def knows(self, seq: int) -> bool:
        """Say whether the transition has been seen already."""
        return seq in self._early or (self.cursor is not None and seq <= self.cursor)

    def add(self, alert: Alert) -> list[Alert]:
        """Take a transition as it happens; return those that are now in order, often just it."""
        self._early[alert.facts.seq] = alert
        if len(self._early) > self.size:
            del self._early[min(self._early)]
        return self._settle()

    def fill(self, alerts: Iterable[Alert], *, up_to: int) -> list[Alert]:
        """Take what the engine remembers up to and with `up_to`; numbers it left out never were."""
        self._early |= {alert.facts.seq: alert for alert in alerts}
        ready = [self._early.pop(seq) for seq in sorted(self._early) if seq <= up_to]
        settled = [self._append(alert) for alert in ready if alert.facts.seq > (self.cursor or 0)]
        self.cursor = max(up_to, self.cursor or 0)
        return settled + self._settle()

    def since(self, seq: int) -> list[Alert] | None:
        """Return every transition after `seq`; None where the ring cannot vouch for that."""
        if self.cursor is None or not self.floor <= seq <= self.cursor:
            return None
        return [alert for alert in self._ring if alert.facts.seq > seq]

    def _settle(self) -> list[Alert]:
        settled = []
        while self.cursor is not None and (alert := self._early.pop(self.cursor + 1, None)):
            settled.append(self._append(alert))
        return settled

    def _append(self, alert: Alert) -> Alert:
        self._ring.append(alert)
        self.cursor = alert.facts.seq
        if len(self._ring) > self.size:
            self.floor = self._ring.popleft().facts.seq
        return alert
