"""Orders to a running supervisor, over the socket in its instance's folder."""

import socket
import xmlrpc.client
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Any, cast

from core.errors import Unavailable
from stack.folders import Instance


@dataclass(frozen=True, slots=True)
class State:
    """What supervisor says of one program."""

    name: str
    state: str
    pid: int
    detail: str


class Supervisor:
    """The running supervisor of one instance, spoken to over its socket."""

    def __init__(self, instance: Instance) -> None:
        """Nothing is opened before the first question."""
        self._socket = instance.socket

    def answers(self) -> bool:
        """Tell whether it runs and takes orders."""
        try:
            return cast("str", self._ask("getState")["statename"]) == "RUNNING"
        except (OSError, HTTPException):
            return False

    def states(self) -> list[State]:
        """Return the state of every program."""
        return [
            State(found["name"], found["statename"], found["pid"], found["description"])
            for found in self._ask("getAllProcessInfo")
        ]

    def state(self, name: str) -> State:
        """Return the state of one program."""
        return next(state for state in self.states() if state.name == name)

    def start(self, name: str) -> None:
        """Start a program unless it runs; return at once."""
        self._order("startProcess", name, False, unless="ALREADY_STARTED")

    def stop(self, name: str) -> None:
        """Stop a program gracefully and wait until it has ended."""
        self._order("stopProcess", name, True, unless="NOT_RUNNING")

    def signal(self, name: str, signal: str) -> None:
        """Send a signal, such as `KILL`; supervisor restarts what dies of it."""
        self._order("signalProcess", name, signal, unless="NOT_RUNNING")

    def shutdown(self) -> None:
        """End supervisor and whatever still runs below it."""
        self._ask("shutdown")

    def _order(self, method: str, *arguments: str | bool, unless: str) -> None:
        """Give an order that changes nothing if things are so already."""
        try:
            self._ask(method, *arguments)
        except xmlrpc.client.Fault as fault:
            if not fault.faultString.startswith(unless):
                raise Unavailable(f"Supervisor refuses: {fault.faultString}.") from fault

    def _ask(self, method: str, *arguments: str | bool) -> Any:  # noqa: ANN401 - XML-RPC
        transport = _SocketTransport(self._socket)
        with xmlrpc.client.ServerProxy("http://localhost", transport=transport) as server:
            return getattr(server.supervisor, method)(*arguments)


class _SocketTransport(xmlrpc.client.Transport):
    """XML-RPC over a socket in the file system."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self._path = path

    def make_connection(self, host: Any) -> HTTPConnection:  # noqa: ANN401 - as inherited
        connection = _SocketConnection(str(host), self._path)
        self._connection = (host, connection)  # where the inherited `close` looks
        return connection


class _SocketConnection(HTTPConnection):
    """HTTP over a socket in the file system."""

    def __init__(self, host: str, path: Path) -> None:
        super().__init__(host)
        self._path = path

    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.connect(str(self._path))
