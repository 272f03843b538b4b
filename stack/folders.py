"""Where things lie on this machine: parts shared between checkouts, and each instance's own."""

import hashlib
import os
import shutil
from dataclasses import dataclass
from pathlib import Path

from core.errors import Unavailable

ROOT = Path(__file__).resolve().parent.parent
"""The checkout; every program runs with it as its working directory."""

_LONGEST_SOCKET = 90  # bytes; the kernel allows 107, supervisor appends its process id


def is_root() -> bool:
    """Tell whether we run as root, which PostgreSQL refuses to."""
    return os.geteuid() == 0


def parts_cache() -> Path:
    """Return the folder of downloaded parts, shared by all checkouts of this user."""
    if is_root():
        return Path("/var/cache/yiwang")
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "yiwang"


def instances() -> Path:
    """Return the folder of this checkout's instances; root's is where `nobody` can reach it."""
    if not is_root():
        return ROOT / ".yiwang"
    path = hashlib.sha256(str(ROOT).encode()).hexdigest()[:8]
    return Path("/var/lib/yiwang") / f"{ROOT.name}-{path}"


@dataclass(frozen=True, slots=True)
class Instance:
    """One running copy of the system: its data, configuration, sockets, logs and secrets."""

    name: str
    folder: Path

    @property
    def database(self) -> Path:
        """PostgreSQL's data."""
        return self.folder / "database"

    @property
    def broker(self) -> Path:
        """The broker's configuration and its queue."""
        return self.folder / "broker"

    @property
    def access(self) -> Path:
        """The broker's password and access files."""
        return self.folder / "access"

    @property
    def logs(self) -> Path:
        """One log per program."""
        return self.folder / "logs"

    @property
    def socket(self) -> Path:
        """Where supervisor takes orders."""
        return self.folder / "supervisor.sock"

    @property
    def configuration(self) -> Path:
        """What supervisor runs."""
        return self.folder / "supervisord.conf"

    def state(self, program: str) -> Path:
        """Return the private folder of one program."""
        return self.folder / "state" / program


def instance(name: str) -> Instance:
    """Return the instance called `name`, whether it exists or not."""
    found = Instance(name, instances() / name)
    if len(str(found.socket)) > _LONGEST_SOCKET:
        raise Unavailable(f"{found.folder} is too long for a socket's path; use a shorter one.")
    return found


def require_space(folder: Path, *, megabytes: int) -> None:
    """Refuse to begin what the disk cannot hold."""
    existing = next(parent for parent in (folder, *folder.parents) if parent.exists())
    free = shutil.disk_usage(existing).free // 1_000_000
    if free < megabytes:
        raise Unavailable(f"The disk of {existing} has {free} MB free; this needs {megabytes} MB.")
