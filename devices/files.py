"""Files that are replaced whole: a reader sees the old one or the new one, never half of one."""

import os
from pathlib import Path
from tempfile import NamedTemporaryFile

PRIVATE = 0o600
"""Readable by the owner alone: what we write holds addresses, names and verifiers."""


def replace_file(path: Path, content: bytes, *, mode: int = PRIVATE) -> None:
    """Put `content` in place of the file in one step, owned as its folder is, safe on disk."""
    with NamedTemporaryFile(dir=path.parent, prefix=f".{path.name}.", delete=False) as file:
        try:
            file.write(content)
            file.flush()
            os.fchmod(file.fileno(), mode)
            _give_to_owner(file.fileno(), path.parent)
            os.fsync(file.fileno())
            Path(file.name).replace(path)
        except BaseException:
            Path(file.name).unlink(missing_ok=True)
            raise
    _sync_folder(path.parent)


def _give_to_owner(descriptor: int, folder: Path) -> None:
    """Let whoever owns the folder (the broker's user) read what root wrote there."""
    if os.geteuid() == 0:
        owner = folder.stat()
        os.fchown(descriptor, owner.st_uid, owner.st_gid)


def _sync_folder(folder: Path) -> None:
    """Make the new name survive a power cut too."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
