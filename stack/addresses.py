"""Where an instance listens: always on loopback, on ports nobody else has."""

import json
import random
import socket
from contextlib import ExitStack, suppress
from dataclasses import asdict, dataclass, fields
from pathlib import Path

from core.errors import Unavailable

HOST = "127.0.0.1"

_OURS = range(20_000, 32_768)
"""Above these the kernel hands ports out by itself: one found free there is soon taken again."""


@dataclass(frozen=True, slots=True)
class Ports:
    """One port per listening program."""

    mqtt: int
    database: int
    api: int
    ingest_metrics: int
    alerts_metrics: int


def free_ports() -> Ports:
    """Return ports that are free now; all are held until the last is found, so none repeats."""
    with ExitStack() as held:
        found = {}
        for name in _names():
            listener = held.enter_context(socket.socket())
            found[name] = _bind_somewhere(listener)
    return Ports(**found)


def _bind_somewhere(listener: socket.socket) -> int:
    """Take any free port of ours, others in turn; Unavailable where there is none."""
    for port in random.sample(_OURS, len(_OURS)):
        with suppress(OSError):
            listener.bind((HOST, port))
            return port
    raise Unavailable(f"No port from {_OURS.start} to {_OURS.stop - 1} is free.")


def require_free(ports: Ports, names: frozenset[str]) -> None:
    """Refuse to start where somebody else already listens, and say what to do."""
    for name in sorted(names):
        port = getattr(ports, name)
        if not is_free(port):
            raise Unavailable(
                f"Port {port} is in use by another program; choose one with "
                f"YIWANG_{name.upper()}_PORT={_another(port)}."
            )


def is_free(port: int) -> bool:
    """Tell whether nobody listens on `port`; connections that are just ending do not count."""
    with socket.socket() as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((HOST, port))
        except OSError:
            return False
    return True


def _another(port: int) -> int:
    """Return a port to suggest instead, recognisably related."""
    return port + 10_000 if port < _OURS.stop else port - 10_000


def save_ports(ports: Ports, path: Path) -> None:
    """Keep where the instance listens, for whoever asks later."""
    path.write_text(json.dumps(asdict(ports)))


def load_ports(path: Path) -> Ports:
    """Return where the instance listens."""
    return Ports(**json.loads(path.read_text()))


def _names() -> list[str]:
    return [field.name for field in fields(Ports)]
