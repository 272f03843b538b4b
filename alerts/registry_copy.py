"""The registry's copy on the engine's disk, written again and again until it can be written."""

import time
from pathlib import Path
from typing import Final

import structlog

from devices import snapshot
from devices.registry import Registry

log = structlog.get_logger()

_AGAIN_AFTER_S: Final = 1.0


class RegistryCopy:
    """A newer registry is judged by at once; that it cannot be copied is a trouble, not an end."""

    def __init__(self, path: Path) -> None:
        """Copy to `path`."""
        self._path = path
        self._waiting: Registry | None = None
        self._next_at = 0.0
        self.trouble: str | None = None

    def renew(self, registry: Registry) -> None:
        """Let `registry` be copied with the next `write`."""
        self._waiting = registry
        self._next_at = 0.0

    def write(self) -> None:
        """Write what waits, at most once a second while it fails."""
        if self._waiting is None or time.monotonic() < self._next_at:
            return
        try:
            snapshot.save(self._waiting, self._path)
        except OSError as error:
            self._next_at = time.monotonic() + _AGAIN_AFTER_S
            self._note_trouble(error.strerror or str(error))
        else:
            self._waiting = self.trouble = None

    def _note_trouble(self, reason: str) -> None:
        if self.trouble is None:
            log.warning("registry not copied", path=str(self._path), reason=reason)
        self.trouble = (
            f"The registry cannot be copied to the engine's disk: {reason}. After a restart "
            "without the database the engine would not know the latest devices."
        )
