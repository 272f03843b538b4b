"""How much memory the programs occupy, looked at while something else happens."""

import threading
import time
from collections import defaultdict
from collections.abc import Sequence
from typing import NamedTuple, Self

from bench.systems import System


class Sample(NamedTuple):
    """The memory of one program at one instant (monotonic)."""

    at: float
    size: int


class MemoryWatch:
    """Looks at some programs again and again for as long as the `with` block lasts."""

    def __init__(self, system: System, names: Sequence[str], *, every_s: float) -> None:
        """Look at `names`; a program that does not run is passed over."""
        self.samples: defaultdict[str, list[Sample]] = defaultdict(list)
        self._system = system
        self._names = names
        self._every_s = every_s
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._look_forever, name="memory", daemon=True)

    def __enter__(self) -> Self:
        """Begin to look."""
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Look no more."""
        self._over.set()
        self._thread.join()

    def highest(self, name: str) -> int:
        """Return the most a program has occupied."""
        return max(sample.size for sample in self.samples[name])

    def since(self, name: str, instant: float) -> list[Sample]:
        """Return what was seen of a program from `instant` on."""
        return [sample for sample in self.samples[name] if sample.at >= instant]

    def _look_forever(self) -> None:
        while not self._over.wait(self._every_s):
            for name in self._names:
                if size := self._system.memory(name):
                    self.samples[name].append(Sample(time.monotonic(), size))
