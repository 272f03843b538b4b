"""What was said and what the broker confirmed, so that the other end's books can be compared."""

from dataclasses import asdict, dataclass
from pathlib import Path

import msgspec


@dataclass(slots=True)
class Books:
    """Counts of distinct messages; published = acknowledged + discarded + waiting."""

    published: int = 0  # handed to a connection
    acknowledged: int = 0  # confirmed by the broker
    discarded: int = 0  # thrown away because the broker was gone for too long
    connections_lost: int = 0

    @property
    def waiting(self) -> int:
        """Return how many messages the broker has not confirmed yet."""
        return self.published - self.acknowledged - self.discarded


class _Page(msgspec.Struct, frozen=True):
    published: int
    acknowledged: int
    discarded: int
    connections_lost: int


def read_books(path: Path) -> Books:
    """Return the books of earlier runs; what was waiting when they ended was never confirmed."""
    if not path.exists():
        return Books()
    page = msgspec.json.decode(path.read_bytes(), type=_Page)
    return Books(**msgspec.structs.asdict(page))


def write_books(path: Path, books: Books) -> None:
    """Keep the books: a reader sees the old page or the new one, never half of one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    half = path.with_suffix(".new")
    half.write_bytes(msgspec.json.encode(asdict(books)))
    half.replace(path)
