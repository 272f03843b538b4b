"""What the host says about itself: its Debian release, its mirrors, the keys it trusts."""

import platform
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from core.errors import Unavailable

PARTS_RELEASE = "trixie"
"""The release our packages come from, also on an older host."""

_KEYRINGS = Path("/usr/share/keyrings")
_ALIASES = ("stable", "oldstable")


@dataclass(frozen=True, slots=True)
class Source:
    """One suite of one mirror, as apt writes it: `http://mirror.example/debian`, `trixie`."""

    uri: str
    suite: str


def codename() -> str:
    """Return the host's Debian release; any other system is sent to containers."""
    try:
        facts = platform.freedesktop_os_release()
    except OSError:
        facts = {}
    name = facts.get("VERSION_CODENAME", "")
    if facts.get("ID") != "debian" or name not in {"bookworm", PARTS_RELEASE}:
        raise Unavailable(
            "This way of starting needs Debian 12 or 13; elsewhere install Docker and run "
            "`make up STACK=docker`."
        )
    return name


def host_sources(apt_folder: Path = Path("/etc/apt")) -> list[Source]:
    """Return every suite the host's own apt configuration names, one-line and deb822 alike."""
    lists = [apt_folder / "sources.list", *sorted(apt_folder.glob("sources.list.d/*.list"))]
    stanzas = sorted(apt_folder.glob("sources.list.d/*.sources"))
    return [
        *(found for file in lists if file.is_file() for found in _one_line(file.read_text())),
        *(found for file in stanzas for found in _deb822(file.read_text())),
    ]


def parts_sources(sources: list[Source], release: str) -> list[Source]:
    """Turn the host's mirrors to the release our packages come from, updates and security too."""
    turned = [
        Source(source.uri, suite)
        for source in sources
        if (suite := _turned(source.suite, release)) is not None
    ]
    if not any(source.suite == PARTS_RELEASE for source in turned):
        raise Unavailable(
            f"The apt configuration of this machine names no Debian mirror for {release}."
        )
    return list(dict.fromkeys(turned))


def trusted_keyring(keyrings: Path = _KEYRINGS) -> Path | None:
    """Return the host's Debian keys if they cover our release; an old host may lack them."""
    if not any(keyrings.glob(f"debian-archive-{PARTS_RELEASE}-stable.*")):
        return None
    return keyrings / "debian-archive-keyring.gpg"


def _turned(suite: str, release: str) -> str | None:
    name, dash, kind = suite.partition("-")
    if name not in {release, *_ALIASES} or kind not in {"", "updates", "security"}:
        return None
    return f"{PARTS_RELEASE}{dash}{kind}"


def _one_line(text: str) -> Iterator[Source]:
    for line in text.splitlines():
        words = line.partition("#")[0].split()
        if not words or words.pop(0) != "deb":
            continue
        if words[0].startswith("["):
            words = " ".join(words).partition("]")[2].split()
        yield Source(uri=words[0].rstrip("/"), suite=words[1])


def _deb822(text: str) -> Iterator[Source]:
    lines = [line for line in text.splitlines() if not line.startswith("#")]
    for stanza in "\n".join(lines).split("\n\n"):
        fields = _fields(stanza)
        if "deb" not in fields.get("types", "").split() or fields.get("enabled", "yes") == "no":
            continue
        for uri in fields.get("uris", "").split():
            for suite in fields.get("suites", "").split():
                yield Source(uri=uri.rstrip("/"), suite=suite)


def _fields(stanza: str) -> dict[str, str]:
    fields: dict[str, str] = {}
    name = ""
    for line in stanza.splitlines():
        if not line.startswith((" ", "\t")):
            name, _, line = line.partition(":")  # noqa: PLW2901 - what follows the name
        fields[name.lower()] = f"{fields.get(name.lower(), '')} {line.strip()}".strip()
    return fields
