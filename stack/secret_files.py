"""Secrets as files for compose.yaml: one per variable, made once, kept for later starts."""

from collections.abc import Mapping
from pathlib import Path

from core.broker_password import verifier
from stack.addresses import Ports
from stack.deployment import Deployment, Hosts
from stack.environments import environment
from stack.folders import ROOT, Instance
from stack.passwords import BROKER_ACCOUNTS, SUPERUSER, keep_passwords

FOLDER = ROOT / "secrets"
STATE = Path("/var/lib/yiwang")

_PORTS = Ports(mqtt=1883, database=5432, api=8000, ingest_metrics=9101, alerts_metrics=9102)
_HOSTS = Hosts(broker="broker", database="db", api="api")
_SECRET = ("_BROKER_URL", "_DATABASE_URL", "_PASSWORD", "_SECRET_KEY", "_DEMO_USERS")


def containers(folder: Path = FOLDER) -> Deployment:
    """Return the system as its containers see it; its passwords are made on the first call."""
    folder.mkdir(mode=0o700, exist_ok=True)
    (folder / ".gitignore").write_text("*\n")
    passwords = keep_passwords(folder / "passwords.json")
    return Deployment(Instance("containers", STATE), _PORTS, passwords, _HOSTS)


def write_secrets(folder: Path = FOLDER) -> Deployment:
    """Write every secret of every container; only the folder's owner gets to them."""
    deployment = containers(folder)
    for name, text in secret_files(deployment).items():
        file = folder / name
        file.unlink(missing_ok=True)
        file.write_text(text)
        file.chmod(0o444)  # containers read them as users of their own
    return deployment


def secret_files(deployment: Deployment) -> Mapping[str, str]:
    """Return the content of every file by name: the variable's, in lower case."""
    passwords = deployment.passwords
    lines = (f"{account}:{verifier(passwords[account])}\n" for account in BROKER_ACCOUNTS)
    files = {
        "postgres_password": passwords[SUPERUSER],
        "grafana_admin_password": passwords["demo-admin"],
        "services_passwd": "".join(lines),
    }
    for program in ("migrate", "ingest", "alerts", "prepare", "simulators"):
        for name, value in environment(program, deployment).items():
            if is_secret(name):
                files[name.lower()] = value
    return files


def is_secret(variable: str) -> bool:
    """Tell whether a variable's value must not stand in compose.yaml."""
    return variable.endswith(_SECRET)
