"""Look at the running system with its own tools: `listen` on the broker, `sql` on the database."""

import os

from devices.files import replace_file
from stack.addresses import HOST
from stack.deployment import Deployment
from stack.parts import Parts

_ACCOUNT = "svc-simulators"  # the demo's own; it may hear everything


def listen(deployment: Deployment, parts: Parts, topic: str) -> None:
    """Become `mosquitto_sub` on `topic`; its password stays out of the process list."""
    folder = deployment.instance.folder / "clients"
    folder.mkdir(exist_ok=True)
    password = deployment.passwords[_ACCOUNT]
    replace_file(folder / "mosquitto_sub", f"-u {_ACCOUNT}\n-P {password}\n".encode())
    address = ["-h", HOST, "-p", str(deployment.ports.mqtt)]
    client = str(parts.clients / "mosquitto_sub")
    environment = {**os.environ, "XDG_CONFIG_HOME": str(folder)}
    os.execve(client, [client, *address, "-v", "-t", topic], environment)  # noqa: S606


def query(deployment: Deployment, parts: Parts) -> None:
    """Become `psql` as the role that sees nearly everything, kept from writing by mistake."""
    role = "yiwang_api"
    address = [f"--host={HOST}", f"--port={deployment.ports.database}", f"--username={role}"]
    client = str(parts.postgres / "psql")
    environment = {
        **os.environ,
        "PGPASSWORD": deployment.passwords[role],
        "PGOPTIONS": "-c default_transaction_read_only=on -c search_path=public,dash",
    }
    os.execve(client, [client, *address, "yiwang"], environment)  # noqa: S606
