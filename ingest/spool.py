"""The disk stands in while the database is away: one file a batch, whole or not there at all.

A file is written under another name, synced, and renamed; then its folder is synced. What is
kept is the messages as they came, not rows: they are read again by the same code on the way into
the database, which needs no registry while it is down (docs/adr/0004).
"""

import shutil
import zlib
from collections.abc import Sequence
from pathlib import Path

import msgspec

from core.errors import Unavailable
from devices.files import replace_file
from ingest.batch import Source

_SUFFIX = ".spool"
_ENCODER = msgspec.msgpack.Encoder()
_DECODER = msgspec.msgpack.Decoder(list[Source])


class Spool:
    """A folder of batches in order of arrival."""

    def __init__(self, folder: Path, *, keep_free_bytes: int) -> None:
        """Open the folder, creating it; `keep_free_bytes` of the disk are never taken."""
        folder.mkdir(parents=True, exist_ok=True)
        for unfinished in folder.glob(f".*{_SUFFIX}.*"):
            unfinished.unlink()  # never acknowledged, so the broker still has it
        self._folder = folder
        self._keep_free_bytes = keep_free_bytes
        self._files = sorted(folder.glob(f"*{_SUFFIX}"))
        self._counts = {file: _count_in(file) for file in self._files}

    def __len__(self) -> int:
        """Count the messages that wait on disk."""
        return sum(self._counts.values())

    @property
    def room_bytes(self) -> int:
        """Return how much may still be written."""
        return max(0, shutil.disk_usage(self._folder).free - self._keep_free_bytes)

    def append(self, sources: Sequence[Source]) -> None:
        """Put a batch on disk; when this returns it survives a crash of the machine.

        Raises Unavailable where there is no room: the messages must stay unacknowledged.
        """
        body = _ENCODER.encode(sources)
        if len(body) > self.room_bytes:
            raise Unavailable("There is no room left on the disk for messages that wait.")
        file = self._folder / f"{self._next_number():012d}-{len(sources)}{_SUFFIX}"
        try:
            replace_file(file, zlib.crc32(body).to_bytes(4, "big") + body)
        except OSError as error:
            raise Unavailable(f"Messages that wait cannot be written: {error.strerror}.") from error
        self._files.append(file)
        self._counts[file] = len(sources)

    def oldest(self, at_most: int) -> tuple[list[Path], list[Source]]:
        """Read the oldest batches, one at least and up to `at_most` messages; nothing is removed.

        A file that does not read as it was written is set aside under the name `.damaged`.
        """
        files: list[Path] = []
        sources: list[Source] = []
        for file in list(self._files):
            if files and len(sources) + self._counts[file] > at_most:
                break
            batch = _read(file)
            if batch is None:
                file.rename(file.with_suffix(".damaged"))
                self._forget(file)
                continue
            files.append(file)
            sources += batch
        return files, sources

    def remove(self, files: Sequence[Path]) -> None:
        """Delete batches that are in the database now."""
        for file in files:
            file.unlink()
            self._forget(file)

    def _forget(self, file: Path) -> None:
        self._files.remove(file)
        del self._counts[file]

    def _next_number(self) -> int:
        return int(self._files[-1].name.split("-")[0]) + 1 if self._files else 1


def _count_in(file: Path) -> int:
    return int(file.stem.split("-")[1])


def _read(file: Path) -> list[Source] | None:
    raw = file.read_bytes()
    if zlib.crc32(raw[4:]).to_bytes(4, "big") != raw[:4]:
        return None
    return _DECODER.decode(raw[4:])
