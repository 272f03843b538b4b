"""What apprise says of a sending: it answers yes or no, and writes the reason into its log."""

import logging
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from alerts.notices.bots import Verdict, judge_status

_STATUS: Final = re.compile(r"error=(\d{3})\b")


class Words:
    """The lines of one sending."""

    def __init__(self) -> None:
        """Begin with none."""
        self.lines: list[str] = []

    def verdict(self, *, sent: bool) -> Verdict:
        """Return what they mean; of apprise's words only the HTTP status is passed on."""
        if sent:
            return Verdict(sent=True, sentence="The provider has taken it.")
        for line in self.lines:
            if found := _STATUS.search(line):
                return judge_status(int(found[1]))._replace(sent=False)
        return Verdict(sent=False, sentence="The provider could not be reached, or refused it.")


class LastWords(logging.Handler):
    """Listens to a logger, each thread to its own sending, and keeps the rest of us from it.

    Its lines may hold addresses; nothing of them reaches our own log.
    """

    def __init__(self, name: str) -> None:
        """Take the logger over."""
        super().__init__(logging.INFO)
        self._here = threading.local()
        logger = logging.getLogger(name)
        logger.handlers = [self]
        logger.setLevel(logging.INFO)
        logger.propagate = False

    def emit(self, record: logging.LogRecord) -> None:
        """Keep a line for the sending of this thread."""
        words: Words | None = getattr(self._here, "words", None)
        if words is not None:
            words.lines.append(record.getMessage())

    @contextmanager
    def listen(self) -> Iterator[Words]:
        """Collect what this thread hears for the length of the block."""
        self._here.words = Words()
        try:
            yield self._here.words
        finally:
            self._here.words = None
