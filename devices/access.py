"""Who may say what at the broker: mosquitto's password and ACL files, rendered from the registry.

A device writes its own channels and reads its own commands. A gateway does the same for the
devices behind it, and speaks Sparkplug B as an edge node.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final, NamedTuple

from core.errors import Unavailable
from devices.credentials import Credential
from devices.files import replace_file
from devices.payload.sparkplug import NAMESPACE
from devices.registry import Registry, Speaker
from devices.topic import FROM_DEVICE, build_topic

_SHARED_MODE: Final = 0o640
"""The folder's group is the broker's: it reads, nobody else does."""

Children = Mapping[str, Sequence[Speaker]]
"""The devices behind each gateway, by the gateway's id."""


class Access(NamedTuple):
    """The devices' part of both files."""

    passwd: str
    acl: str


def render_access(registry: Registry, credentials: Sequence[Credential]) -> Access:
    """Write the lines of every working credential; those of unknown devices are left out."""
    children = _children(registry)
    known = [held for held in credentials if held.device_id in registry.speakers]
    rules = (_rules(it.username, registry.speakers[it.device_id], children) for it in known)
    return Access("".join(f"{it.username}:{it.verifier}\n" for it in known), "".join(rules))


def write_access(folder: Path, registry: Registry, credentials: Sequence[Credential]) -> None:
    """Put the services' part and the devices' together; the broker notices a changed file."""
    access = render_access(registry, credentials)
    for name, devices in access._asdict().items():
        content = _services(folder / f"services.{name}") + devices.encode()
        if not _holds(folder / name, content):
            replace_file(folder / name, content, mode=_SHARED_MODE)


def _services(path: Path) -> bytes:
    try:
        return path.read_bytes().rstrip(b"\n") + b"\n"
    except FileNotFoundError:
        raise Unavailable(f"The broker's own accounts are missing: there is no {path}.") from None


def _holds(path: Path, content: bytes) -> bool:
    return path.exists() and path.read_bytes() == content


def _children(registry: Registry) -> Children:
    children: defaultdict[str, list[Speaker]] = defaultdict(list)
    for speaker in registry.speakers.values():
        if speaker.device.gateway_id is not None:
            children[speaker.device.gateway_id].append(speaker)
    return children


def _rules(username: str, speaker: Speaker, children: Children) -> str:
    lines = ["", f"user {username}", *_own(speaker)]
    if speaker.profile.gateway:
        lines += _edge_node(speaker)
        for child in children.get(speaker.device.device_id, ()):
            lines += _own(child)
    return "\n".join(lines) + "\n"


def _own(speaker: Speaker) -> Iterator[str]:
    place = (speaker.device.district, speaker.profile.domain, speaker.device.device_id)
    for channel in FROM_DEVICE:
        yield f"topic write {build_topic(*place, channel)}"
    yield f"topic read {build_topic(*place, 'command')}"


def _edge_node(speaker: Speaker) -> Iterator[str]:
    district, device = speaker.device.district, speaker.device.device_id
    yield f"topic readwrite {NAMESPACE}/{district}/+/{device}"
    yield f"topic readwrite {NAMESPACE}/{district}/+/{device}/#"
