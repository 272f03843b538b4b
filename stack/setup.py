"""`python3 -m stack.setup`: make `.venv` with everything pinned, from a bare Python and apt.

Runs before anything is installed, so it uses the standard library alone.
"""

import hashlib
import subprocess
import sys
import tempfile
import zipfile
from collections import deque
from importlib.util import find_spec
from pathlib import Path

from core.errors import Unavailable, YiwangError
from stack import apt
from stack.folders import ROOT, require_space
from stack.locking import locked
from stack.progress import Percentage, say

VENV = ROOT / ".venv"
RUNTIME = ROOT / "requirements.lock"
DEVELOPMENT = ROOT / "requirements-dev.lock"  # the runtime's and the tools on top

_STAMP = VENV / ".installed"
_MEGABYTES = 1_000
_AUTHORITIES = Path("/etc/ssl/certs/ca-certificates.crt")
_LAST_WORDS = 8  # lines of pip's output worth showing when it fails


def ensure_environment(lock: Path) -> None:
    """Make the environment that `lock` describes, unless it is there already."""
    with locked(ROOT / ".yiwang/setup.lock"):
        if _is_usable() and _is_installed(lock):
            return
        require_space(ROOT, megabytes=_MEGABYTES)
        if not _is_usable():
            _create()
        _install(lock)
        _STAMP.write_text(f"{_digest(lock)}\n{_digest(RUNTIME)}\n")


def _is_installed(lock: Path) -> bool:
    return _STAMP.exists() and _digest(lock) in _STAMP.read_text()


def _is_usable() -> bool:
    """Tell whether the environment runs and has pip; a moved checkout breaks it."""
    try:
        asked = subprocess.run(
            [VENV / "bin/python", "-m", "pip", "--version"], capture_output=True, check=False
        )
    except OSError:
        return False
    return asked.returncode == 0


def _create() -> None:
    say("Creating .venv")
    bare = find_spec("ensurepip") is None  # Debian keeps it in a package of its own
    options = ["--without-pip"] if bare else []
    subprocess.run([sys.executable, "-m", "venv", "--clear", *options, VENV], check=True)
    if bare:
        _bring_pip()


def _bring_pip() -> None:
    """Fetch pip as a Debian package and unpack its wheel into the environment."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)  # apt downloads as a user of its own
        packages = apt.download(["python3-pip-whl"], folder / "apt", label="Downloading pip")
        apt.unpack(packages, folder / "unpacked", label="Unpacking pip")
        wheel = next((folder / "unpacked/usr/share/python-wheels").glob("pip-*.whl"))
        site = next(VENV.glob("lib/python3.*/site-packages"))
        with zipfile.ZipFile(wheel) as content:
            content.extractall(site)
    if not _AUTHORITIES.exists():
        _trust_pips_own(site / "pip/_vendor/certifi")


def _trust_pips_own(certifi: Path) -> None:
    """Debian's pip asks the host which authorities to trust; a bare host keeps no list."""
    core = certifi / "core.py"
    text = core.read_text().replace(str(_AUTHORITIES), str(certifi / "cacert.pem"))
    core.write_text(text)


def _install(lock: Path) -> None:
    """Install with pip, which honours the mirror this machine is configured for."""
    progress = Percentage("Downloading Python packages")
    total = sum("==" in line for line in lock.read_text().splitlines())
    pip_install = [str(VENV / "bin/python"), "-m", "pip", "install", "--requirement", str(lock)]
    options = ["--require-hashes", "--only-binary", ":all:", "--disable-pip-version-check"]
    words: deque[str] = deque(maxlen=_LAST_WORDS)
    found = 0
    with subprocess.Popen(
        [*pip_install, *options], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as pip:
        for line in pip.stdout or ():
            words.append(line)
            found += line.startswith(("Collecting", "Requirement already satisfied"))
            progress.show(min(100 * found / total, 99))
    if pip.returncode:
        raise Unavailable("pip could not install the Python packages:\n\n" + "".join(words))
    progress.show(100)


def _digest(lock: Path) -> str:
    return hashlib.sha256(lock.read_bytes()).hexdigest()


if __name__ == "__main__":
    try:
        ensure_environment(DEVELOPMENT if "--dev" in sys.argv[1:] else RUNTIME)
    except YiwangError as error:
        sys.exit(error.message)
    except (OSError, subprocess.CalledProcessError) as error:  # the disk, or a tool of the host
        sys.exit(f"{error}.")
    except KeyboardInterrupt:
        sys.exit("Stopped.")
