"""Every password of an instance: random, made on its first start, readable by its owner only."""

import json
import secrets
from collections.abc import Mapping
from pathlib import Path

from devices.files import replace_file

DATABASE_ROLES = ("owner", "ingest", "alerts", "api", "grafana")
BROKER_ACCOUNTS = ("svc-ingest", "svc-alerts", "svc-api", "svc-simulators")
DEMO_ROLES = ("viewer", "officer", "supervisor", "admin")

SUPERUSER = "postgres"
API_SECRET_KEY = "api-secret-key"  # noqa: S105 - the name of one, not one

NAMES = (
    SUPERUSER,
    API_SECRET_KEY,
    *(f"yiwang_{role}" for role in DATABASE_ROLES),
    *BROKER_ACCOUNTS,
    *(f"demo-{role}" for role in DEMO_ROLES),
)

Passwords = Mapping[str, str]
"""Password by name; see `NAMES`."""


def keep_passwords(path: Path) -> Passwords:
    """Return the passwords kept in `path`; what is missing there is made up and kept."""
    known: dict[str, str] = json.loads(path.read_text()) if path.exists() else {}
    passwords = {name: known.get(name) or _new(name) for name in NAMES}
    if passwords != known:
        replace_file(path, json.dumps(passwords, indent=1).encode())
    return passwords


def _new(name: str) -> str:
    """Return a password people can type for people, and a long one for programs."""
    if name.startswith("demo-"):
        return "-".join(secrets.token_hex(2) for _ in range(3))
    return secrets.token_urlsafe(32)
