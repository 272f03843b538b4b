"""Puts turn after turn on disk; a disk that takes nothing is a state, not an end."""

import asyncio
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Final

import structlog

from alerts import metrics
from alerts.journal.backlog import Backlog
from alerts.journal.journal import Journal
from core.broker import Delivery
from core.errors import Unavailable

log = structlog.get_logger()

_AGAIN_AFTER_S: Final = 1.0
_FULL: Final = "So much waits for it that nobody is listened to any more."
_STILL: Final = "Only fires are shown; nobody's command is taken."


class Recorder:
    """Writes the backlog on a thread of its own; `is_stuck` while the disk takes nothing."""

    def __init__(self, journal: Journal) -> None:
        """Write to `journal`."""
        self.backlog = Backlog[Delivery]()
        self._journal = journal
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="journal")
        self._reason: str | None = None
        self._next_at = 0.0

    @property
    def is_stuck(self) -> bool:
        """Say whether the disk took nothing the last time."""
        return self._reason is not None

    @property
    def trouble(self) -> str | None:
        """Say why nothing is written, and what is done meanwhile; None if all is well."""
        if self._reason is None:
            return None
        return f"{self._reason} {_FULL if self.backlog.is_full else _STILL}"

    async def write(self) -> bool:
        """Write the backlog; False while the disk takes nothing, which is tried each second."""
        draft = self.backlog.draft
        if not any(draft):
            return True
        if self.is_stuck and time.monotonic() < self._next_at:
            return False
        loop = asyncio.get_running_loop()
        try:
            with metrics.COMMIT_SECONDS.time():
                await loop.run_in_executor(self._thread, self._journal.commit, draft)
        except Unavailable as error:
            self._note_trouble(error.message)
            return False
        if self.is_stuck:
            log.info("journal written again", lines=len(draft.lines))
            self._reason = None
        return True

    def close(self) -> None:
        """Finish what has begun; the journal may be closed then."""
        self._thread.shutdown()

    def _note_trouble(self, reason: str) -> None:
        self._next_at = time.monotonic() + _AGAIN_AFTER_S
        if not self.is_stuck:
            log.error("journal not written", reason=reason)
        self._reason = reason
