"""The database's folder: made once by initdb, configured afresh at every start."""

import os
import pwd
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import Any

from core.errors import Unavailable
from stack.addresses import HOST
from stack.deployment import Deployment
from stack.folders import ROOT, is_root
from stack.mosquitto import UNPRIVILEGED
from stack.parts import Parts
from stack.passwords import SUPERUSER

SHARED_CONFIGURATION = ROOT / "stack/database/postgresql.conf"

_INITDB = (
    "--encoding=UTF8",
    "--locale-provider=builtin",
    "--builtin-locale=C.UTF-8",
    "--locale=C",  # the same everywhere, whatever the host has installed
    "--auth=scram-sha-256",
    "--no-instructions",
    f"--username={SUPERUSER}",
)


def prepare_database(deployment: Deployment, parts: Parts) -> None:
    """Write the configuration; initialise the data folder on the first start."""
    folder = deployment.instance.database
    for needed in (folder, _sockets(deployment)):
        needed.mkdir(parents=True, exist_ok=True)
        if is_root():
            shutil.chown(needed, UNPRIVILEGED)
    configuration = _configuration(deployment)
    shutil.copyfile(SHARED_CONFIGURATION, configuration)
    configuration.chmod(0o644)
    if not _data(deployment).exists():
        _initialise(deployment, parts)


def postgres_command(deployment: Deployment, parts: Parts) -> list[str]:
    """Return how the server is started: loopback only, its socket in the instance's folder."""
    places = {
        "config_file": _configuration(deployment),
        "listen_addresses": HOST,
        "port": deployment.ports.database,
        "unix_socket_directories": _sockets(deployment),
    }
    options = [word for name, value in places.items() for word in ("-c", f"{name}={value}")]
    return [str(parts.postgres / "postgres"), "-D", str(_data(deployment)), *options]


def _initialise(deployment: Deployment, parts: Parts) -> None:
    """Initialise aside and rename, so that an interrupted first start leaves nothing half-made."""
    fresh = deployment.instance.database / "fresh"
    _as_unprivileged("rm", "-rf", fresh)
    with tempfile.NamedTemporaryFile("w") as password:
        password.write(deployment.passwords[SUPERUSER])
        password.flush()
        if is_root():
            shutil.chown(password.name, UNPRIVILEGED)
        _as_unprivileged(
            parts.postgres / "initdb", *_INITDB, f"--pwfile={password.name}", "-D", fresh
        )
    fresh.rename(_data(deployment))


def _as_unprivileged(*command: str | os.PathLike[str]) -> None:
    """Run one command as the user the server will run as; its words are shown if it fails."""
    done = subprocess.run(
        command,
        **_identity(),
        cwd="/",
        env={"LC_ALL": "C", "PATH": os.defpath},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise Unavailable(f"{command[0]} failed: {done.stderr.strip()}")


def _identity() -> dict[str, Any]:
    """Return what makes a child of root an ordinary user: its user, its group and no others."""
    if not is_root():
        return {}
    return {"user": UNPRIVILEGED, "group": pwd.getpwnam(UNPRIVILEGED).pw_gid, "extra_groups": []}


def _data(deployment: Deployment) -> Path:
    return deployment.instance.database / "data"


def _sockets(deployment: Deployment) -> Path:
    return deployment.instance.folder / "sockets"


def _configuration(deployment: Deployment) -> Path:
    return deployment.instance.folder / "postgresql.conf"
