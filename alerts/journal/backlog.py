"""What has been decided and is not on disk yet; with the disk full, all that waits for room."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final, Generic, TypeVar

from alerts.journal.journal import Answer, Draft

if TYPE_CHECKING:
    from alerts.journal.pen import Line
    from alerts.judging.conditions import Key
    from alerts.judging.lasting import Memory

ROOM: Final = 10_000
"""Lines in memory at most, some 20 MB; with as many waiting the engine listens to nobody."""

MessageT = TypeVar("MessageT")


class Backlog(Generic[MessageT]):
    """One turn's draft as a rule; while the disk takes nothing, the drafts of all turns as one.

    `held` are the messages that must not be acknowledged before it is written.
    """

    def __init__(self) -> None:
        """Begin with nothing to write."""
        self.held: list[MessageT] = []
        self._begin()

    def _begin(self) -> None:
        self._lines: list[Line] = []
        self._records: dict[tuple[str, str], bytes | None] = {}
        self._conditions: dict[Key, Memory] = {}
        self._answers: list[Answer] = []

    @property
    def draft(self) -> Draft:
        """Return all that waits; of what is merely current the latest counts."""
        return Draft(self._lines, self._records, self._conditions, self._answers)

    @property
    def is_full(self) -> bool:
        """Say whether no more may be decided before something is written."""
        return len(self._lines) >= ROOM

    def add(self, draft: Draft, messages: Sequence[MessageT]) -> None:
        """Put a turn behind those before it, with the messages it dealt with."""
        self._lines += draft.lines
        self._records.update(draft.records)
        self._conditions.update(draft.conditions)
        self._answers += draft.answers
        self.held += messages

    def let_go(self, draft: Draft, messages: Sequence[MessageT]) -> Sequence[MessageT]:
        """Return those of the turn just added that need not be told again after a crash.

        Values that led to nothing that stays: were they held, the broker would soon send no more,
        and the fire behind them would not be heard.
        """
        if draft.lines or draft.answers or not messages:
            return ()
        del self.held[-len(messages) :]
        return messages

    def take_written(self) -> list[MessageT]:
        """Hand over the messages that may be acknowledged now: all of it is on disk."""
        held, self.held = self.held, []
        self._begin()
        return held
