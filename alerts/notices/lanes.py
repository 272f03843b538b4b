"""What may go out now by one channel: no more at once, and no more a minute, than it bears."""

from collections.abc import Iterator
from typing import Final

from alerts.notices.notice import Notice

AT_ONCE: Final = {False: 2, True: 4}
"""Sendings of a channel at a time, and of those what is about lives.

One slow provider must not keep the others waiting.
"""

_MINUTE_US: Final = 60_000_000


class Lane:
    """The notices of one channel that are ready, and a bucket of leave to send them (tokens).

    What is about lives goes first and needs no leave.
    """

    def __init__(self, rate_per_min: int | None) -> None:
        """Begin with a full bucket; without a rate nothing is held back."""
        self._rate = rate_per_min
        self._tokens = float(rate_per_min or 0)
        self._filled_us = 0
        self.ready: dict[str, Notice] = {}
        self.on_the_way: dict[str, bool] = {}

    def take(self, now_us: int) -> Iterator[Notice]:
        """Yield what goes out now; each stays on its way until `settle`."""
        self._fill(now_us)
        for notice in sorted(self.ready.values(), key=_urgency):
            if self._may_go(notice):
                del self.ready[notice.notice_id]
                self.on_the_way[notice.notice_id] = notice.life_safety
                yield notice

    def crowd(self, now_us: int) -> list[Notice]:
        """Return what should go as one message: there is leave for fewer than are ready."""
        self._fill(now_us)
        waiting = [each for each in self.ready.values() if not each.life_safety]
        room = int(self._tokens)
        if self._rate is None or room < 1 or len(waiting) <= room:
            return []
        return sorted(waiting, key=_urgency)[room - 1 :]

    def settle(self, notice_id: str) -> None:
        """Let the next one go."""
        self.on_the_way.pop(notice_id, None)

    def forget(self, notice_id: str) -> None:
        """Take a notice out that must not go any more."""
        self.ready.pop(notice_id, None)
        self.settle(notice_id)

    def _may_go(self, notice: Notice) -> bool:
        """Say whether it goes now, and take the leave for it."""
        lives = notice.life_safety
        if list(self.on_the_way.values()).count(lives) >= AT_ONCE[lives]:
            return False
        if self._rate is None or lives:
            return True
        if self._tokens < 1:
            return False
        self._tokens -= 1
        return True

    def _fill(self, now_us: int) -> None:
        if self._rate is not None and now_us > self._filled_us:
            grown = (now_us - self._filled_us) * self._rate / _MINUTE_US
            self._tokens = min(float(self._rate), self._tokens + grown)
            self._filled_us = now_us


def _urgency(notice: Notice) -> tuple[bool, int, str]:
    return not notice.life_safety, notice.made_us, notice.notice_id
