"""Two starts at once: the second waits for the first instead of colliding with it."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from stack.progress import say


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Hold `path` alone, waiting for whoever holds it now."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("Another start is at work here; waiting for it.")
            fcntl.flock(file, fcntl.LOCK_EX)
        yield
