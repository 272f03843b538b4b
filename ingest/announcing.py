"""What Sparkplug edge nodes have announced, kept on disk: without it their numbers mean nothing."""

from collections.abc import Iterable
from pathlib import Path

import msgspec
import structlog

from devices.files import replace_file
from devices.payload import SparkplugSession
from ingest.batch import Sessions, Source

log = structlog.get_logger()

_DECODER = msgspec.json.Decoder(dict[str, SparkplugSession])
_ANNOUNCING = ("BIRTH/", "DEATH/")


class Announcements:
    """The sessions of all edge nodes of a shard; saved before a batch that changed them is."""

    def __init__(self, file: Path) -> None:
        """Take back what was announced before a restart."""
        self._file = file
        self._unsaved = False
        self.sessions: Sessions = _DECODER.decode(file.read_bytes()) if file.exists() else {}

    def save_after(self, sources: Iterable[Source]) -> None:
        """Put the sessions on disk if one of these messages may have changed them.

        A disk that refuses is asked again after the next batch: until then only a restart would
        forget, and the messages themselves are not held up.
        """
        if any(kind in source.topic for source in sources for kind in _ANNOUNCING):
            self._unsaved = True
        if not self._unsaved:
            return
        try:
            replace_file(self._file, msgspec.json.encode(self.sessions))
        except OSError as error:
            log.error("announcements not saved", reason=error.strerror)  # noqa: TRY400 - handled
        else:
            self._unsaved = False


def announcements_in(state_dir: Path) -> Announcements:
    """Return what the ingester with this folder knows."""
    state_dir.mkdir(parents=True, exist_ok=True)
    return Announcements(state_dir / "sparkplug.json")
