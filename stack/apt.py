"""Packages from Debian without installing any: a private apt-get in a folder of its own.

Nothing here needs root, and nothing of the host changes. Signatures are checked as always.
"""

import os
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from pathlib import Path

from core.errors import Unavailable
from stack import debian
from stack.progress import Percentage

_CONFIGURATION = """\
Dir::Etc::Parts "/dev/null";
Dir::Etc::main "/dev/null";
Dir::Etc::sourcelist "{folder}/yiwang.sources";
Dir::Etc::sourceparts "/dev/null";
Dir::Etc::preferences "/dev/null";
Dir::Etc::preferencesparts "/dev/null";
Dir::State "{folder}";
Dir::State::status "{folder}/status";
Dir::Cache "{folder}";
APT::Install-Recommends "false";
APT::Get::Assume-Yes "true";
Acquire::Languages "none";
Acquire::Retries "3";
"""

_STANZA = """\
Types: deb
URIs: {uri}
Suites: {suite}
Components: main
Signed-By: {keyring}

"""


def download(packages: Sequence[str], folder: Path, *, label: str) -> list[Path]:
    """Fetch `packages` and all they depend on into `folder`; return the package files."""
    _require_tools()
    release = debian.codename()
    sources = debian.host_sources()
    keyring = debian.trusted_keyring() or _newer_keyring(folder / "keys", sources, release)
    _configure(folder, debian.parts_sources(sources, release), keyring)
    return _fetch(packages, folder, label=label)


def unpack(packages: Sequence[Path], prefix: Path, *, label: str) -> None:
    """Lay the files of `packages` out below `prefix`; their install scripts never run."""
    prefix.mkdir(parents=True, exist_ok=True)
    progress = Percentage(label)
    for done, package in enumerate(packages, start=1):
        subprocess.run(["dpkg", "-x", package, prefix], check=True)  # noqa: S607 - the host's
        progress.show(100 * done / len(packages))


def _require_tools() -> None:
    for tool in ("apt-get", "dpkg"):
        if shutil.which(tool) is None:
            raise Unavailable(
                f"This machine has no {tool}; without it, install Docker and run "
                "`make up STACK=docker`."
            )


def _newer_keyring(folder: Path, sources: list[debian.Source], release: str) -> Path:
    """Fetch newer archive keys with the keys the host already trusts, as an upgrade would."""
    ours = [source for source in sources if source.suite.startswith(release)]
    _configure(folder, ours, Path("/usr/share/keyrings/debian-archive-keyring.gpg"))
    unpack(
        _fetch(["debian-archive-keyring"], folder, label="Downloading Debian's newer keys"),
        folder / "unpacked",
        label="Unpacking them",
    )
    keyring = debian.trusted_keyring(folder / "unpacked/usr/share/keyrings")
    if keyring is None:
        raise Unavailable(
            f"This machine does not know the signing keys of Debian {debian.PARTS_RELEASE}; "
            "upgrade its package debian-archive-keyring."
        )
    return keyring


def _configure(folder: Path, sources: list[debian.Source], keyring: Path) -> None:
    for needed in ("lists/partial", "archives/partial"):
        (folder / needed).mkdir(parents=True, exist_ok=True)
    (folder / "status").touch()
    stanzas = (_STANZA.format(uri=s.uri, suite=s.suite, keyring=keyring) for s in sources)
    (folder / "yiwang.sources").write_text("".join(stanzas))
    (folder / "apt.conf").write_text(_CONFIGURATION.format(folder=folder) + _host_network())


def _host_network() -> str:
    """Return how the host's apt reaches the network (proxy, certificates), and only that."""
    dump = subprocess.run(
        ["apt-config", "dump", "Acquire"],  # noqa: S607 - the host's
        check=True,
        capture_output=True,
        text=True,
    )
    return dump.stdout


def _fetch(packages: Sequence[str], folder: Path, *, label: str) -> list[Path]:
    _apt_get(folder, "update", label="Reading Debian's package lists")
    _apt_get(folder, "install", "--download-only", *packages, label=label)
    return sorted((folder / "archives").glob("*.deb"))


def _apt_get(folder: Path, *arguments: str, label: str) -> None:
    environment = {**os.environ, "APT_CONFIG": str(folder / "apt.conf"), "LC_ALL": "C.UTF-8"}
    with subprocess.Popen(
        ["apt-get", "-o", "APT::Status-Fd=1", *arguments],  # noqa: S607 - the host's
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as process:
        complaints = _follow(process.stdout or [], Percentage(label))
    if process.returncode or complaints:
        reason = complaints[0] if complaints else f"it ended with {process.returncode}"
        raise Unavailable(f"apt-get could not fetch packages ({reason}).")


def _follow(lines: Iterator[str] | Sequence[str], progress: Percentage) -> list[str]:
    """Show apt's own percentages and keep what it complains about."""
    complaints = []
    for line in lines:
        kind, _, rest = line.strip().partition(":")
        if kind == "dlstatus":
            progress.show(float(rest.split(":")[1]))
        elif kind == "E" or (kind == "W" and "Failed to fetch" in rest):
            complaints.append(rest.strip().rstrip("."))
    progress.show(100)
    return complaints
