"""One instance as everybody needs it: its folder, its ports, its passwords, and their URLs."""

from dataclasses import dataclass

from stack.addresses import HOST, Ports
from stack.folders import Instance
from stack.passwords import SUPERUSER, Passwords

DATABASE = "yiwang"


@dataclass(frozen=True, slots=True)
class Hosts:
    """By what name the programs find each other."""

    broker: str = HOST
    database: str = HOST
    api: str = HOST


@dataclass(frozen=True, slots=True)
class Deployment:
    """Everything that differs between two instances."""

    instance: Instance
    ports: Ports
    passwords: Passwords
    hosts: Hosts = Hosts()

    def broker_url(self, account: str) -> str:
        """Return how `account` reaches the broker."""
        return f"mqtt://{account}:{self.passwords[account]}@{self.hosts.broker}:{self.ports.mqtt}"

    def database_url(self, role: str, database: str = DATABASE) -> str:
        """Return how `role` reaches `database`."""
        password = self.passwords[role]
        return (
            f"postgresql://{role}:{password}@{self.hosts.database}:{self.ports.database}/{database}"
        )

    def superuser_url(self, database: str = "postgres") -> str:
        """Return how the database's superuser reaches `database`."""
        return self.database_url(SUPERUSER, database)

    @property
    def api_url(self) -> str:
        """Where the page and the API are."""
        return f"http://{self.hosts.api}:{self.ports.api}"
