"""`python3 -m stack.cleaning`: stop this checkout's instances and remove what they left.

Runs with the system's Python, because the environment is among what goes.
"""

import shutil
import subprocess
import sys
from pathlib import Path

from stack.folders import ROOT, instances, parts_cache
from stack.progress import say
from stack.setup import VENV

_CACHES = (".mypy_cache", ".ruff_cache", ".pytest_cache", ".hypothesis", ".import_linter_cache")


def clean(*, parts: bool) -> None:
    """Remove data, environment and caches; the shared parts only when asked."""
    _stop_all()
    for folder in (instances(), VENV, *(ROOT / name for name in _CACHES)):
        _remove(folder)
    if parts:
        _remove(parts_cache())


def _stop_all() -> None:
    python = VENV / "bin/python"
    for folder in instances().glob("*/supervisord.conf"):
        if python.exists():
            down = [str(python), "-m", "stack", "down", "--instance", folder.parent.name]
            subprocess.run(down, cwd=ROOT, check=True)


def _remove(folder: Path) -> None:
    if folder.exists():
        say(f"Removing {folder}")
        shutil.rmtree(folder)


if __name__ == "__main__":
    clean(parts="--parts" in sys.argv[1:])
