"""One city per state folder; whoever comes second may only ask it to perform a scenario."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec


class Request(msgspec.Struct, frozen=True):
    """A scenario (a name or the path of a file) and how many times faster it shall pass."""

    scenario: str
    speed: float


@contextmanager
def only_city(state_dir: Path) -> Iterator[bool]:
    """Hold the folder's lock for the block; say whether we have it.

    Two cities would speak under the same names, and the broker would throw each out in turn. The
    kernel lets go of the lock when the process ends, however it ends.
    """
    state_dir.mkdir(parents=True, exist_ok=True)
    lock = os.open(state_dir / "city.lock", os.O_CREAT | os.O_RDWR)
    try:
        yield _is_ours(lock)
    finally:
        os.close(lock)


def _is_ours(lock: int) -> bool:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def ask(state_dir: Path, request: Request) -> None:
    """Leave a request for the city that is running."""
    half = _path(state_dir).with_suffix(".new")
    half.write_bytes(msgspec.json.encode(request))
    half.replace(_path(state_dir))


def take(state_dir: Path) -> Request | None:
    """Return the request that is waiting, once."""
    path = _path(state_dir)
    if not path.exists():
        return None
    request = msgspec.json.decode(path.read_bytes(), type=Request)
    path.unlink()
    return request


def _path(state_dir: Path) -> Path:
    return state_dir / "request.json"
