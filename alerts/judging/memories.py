"""The memories of all devices under all rules, what must become durable of them, and by when."""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from alerts.agenda import Agenda
from alerts.judging.lasting import UNKNOWN, Memory, Phase


class Key(NamedTuple):
    """Whose memory it is."""

    device_id: str
    rule_id: str


class Memories:
    """Only what is not as usual is kept here: no memory means quiet.

    `changed` collects what moved since the caller last took it to disk. A value that moves nothing
    is not written: told again after a restart, it moves nothing again.
    """

    def __init__(self) -> None:
        """Begin with no memory."""
        self._kept: dict[Key, Memory] = {}
        self._deadlines: Agenda[Key] = Agenda()
        self.changed: dict[Key, Memory] = {}

    def __contains__(self, key: object) -> bool:
        """Say whether there is a memory."""
        return key in self._kept

    def __iter__(self) -> Iterator[tuple[Key, Memory]]:
        """Go through them as they are at this moment."""
        return iter(list(self._kept.items()))

    def restore(self, memories: Mapping[Key, Memory]) -> None:
        """Take back what was on disk, pending delays with it."""
        for key, memory in memories.items():
            self.keep(key, memory)

    def get(self, key: Key) -> Memory:
        """Return the memory; UNKNOWN where there is none."""
        return self._kept.get(key, UNKNOWN)

    def keep(self, key: Key, memory: Memory) -> None:
        """Remember this from now on; a restart need not know."""
        self._kept[key] = memory
        if memory.phase is Phase.RISING:
            self._deadlines.set(key, memory.deadline_us)
        else:
            self._deadlines.drop(key)

    def write(self, key: Key, memory: Memory) -> None:
        """Remember this from now on, whatever happens."""
        self.changed[key] = memory
        self.keep(key, memory)

    def drop(self, key: Key) -> None:
        """Forget it: nothing is unusual any more. What was to become durable still does."""
        self._kept.pop(key, None)
        self._deadlines.drop(key)

    def give_grace(self, key: Key, until_us: int) -> None:
        """Let a pending delay that would be over by then wait until this instant."""
        memory = self._kept[key]
        self.keep(key, memory._replace(deadline_us=max(memory.deadline_us, until_us)))

    def due(self, now_us: int) -> Iterator[tuple[Key, Memory]]:
        """Yield the memories whose pending delay is over on the engine's clock."""
        for key in self._deadlines.due(now_us):
            yield key, self._kept[key]
