"""A private copy of the system for one benchmark: made for it, and gone after it."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import psutil

from bench import families
from core.settings import BrokerAddress, parse_broker_url
from stack import starting, stopping
from stack.addresses import free_ports
from stack.deployment import DATABASE, Deployment
from stack.folders import Instance, instance, instances
from stack.preparing import known
from stack.supervising import Supervisor

_PREFIX = "bench-"


@dataclass(frozen=True, slots=True)
class System:
    """A running instance, its addresses and its processes."""

    deployment: Deployment

    @property
    def owner_url(self) -> str:
        """Return how the superuser reaches the system's database."""
        return self.deployment.superuser_url(DATABASE)

    def broker(self, account: str) -> BrokerAddress:
        """Return how `account` reaches the broker."""
        return parse_broker_url(self.deployment.broker_url(account))

    def stop(self, name: str) -> None:
        """Stop a program gracefully; it stays away until it is started."""
        self._supervisor.stop(name)

    def order(self, name: str) -> None:
        """Have a program started and do not wait for it."""
        self._supervisor.start(name)

    def start(self, name: str) -> None:
        """Start a program and wait until it is of use."""
        starting.start(self.deployment, name)

    def memory(self, name: str) -> int:
        """Return the bytes a program occupies; 0 where it does not run."""
        return families.memory(self._family(name))

    def cpu_s(self, name: str) -> float:
        """Return the processor time a program has used since it was started."""
        return families.cpu_s(self._family(name))

    def _family(self, name: str) -> families.Family:
        pid = self._supervisor.state(name).pid
        return families.family_of(pid) if pid else []

    @property
    def _supervisor(self) -> Supervisor:
        return Supervisor(self.deployment.instance)


@contextmanager
def private_system(*only: str, name: str = "system") -> Iterator[System]:
    """Start the programs named; take everything down and remove its data at the end."""
    _sweep()
    place = instance(f"{_PREFIX}{os.getpid()}-{name}")
    supervisor = starting.up(place, free_ports(), frozenset(only))
    try:
        yield System(known(place))
    finally:
        _remove(place)
        if supervisor is not None:
            supervisor.wait()


def _remove(place: Instance) -> None:
    stopping.end(place)
    shutil.rmtree(place.folder)


def _sweep() -> None:
    """Remove what a benchmark that was killed, or could not start, has left behind."""
    for folder in instances().glob(f"{_PREFIX}*"):
        if not psutil.pid_exists(int(folder.name.split("-")[1])):
            _remove(Instance(folder.name, folder))
