"""The broker's folder: configuration, service accounts and what each of them may say."""

import os
import pwd
import shutil
from pathlib import Path

from core.broker_password import verifier, verifies
from stack.addresses import HOST
from stack.deployment import Deployment
from stack.folders import ROOT, is_root
from stack.passwords import BROKER_ACCOUNTS, Passwords

SHARED_CONFIGURATION = ROOT / "stack/broker/mosquitto.conf"
SERVICES_ACL = ROOT / "stack/broker/services.acl"
UNPRIVILEGED = "nobody"
"""Who servers run as when root starts them."""


def prepare_broker(deployment: Deployment) -> None:
    """Write the broker's configuration and make its folders; its queue stays as it is."""
    folder = deployment.instance.broker
    data = folder / "data"
    data.mkdir(parents=True, exist_ok=True)
    if is_root():
        shutil.chown(data, UNPRIVILEGED)
    _guard(deployment.instance.access)
    write_services(deployment.instance.access, deployment.passwords)
    configuration = folder / "mosquitto.conf"
    configuration.write_text(_place(deployment, data) + SHARED_CONFIGURATION.read_text())
    configuration.chmod(0o644)


def write_services(access: Path, passwords: Passwords) -> None:
    """Write the service accounts' part; the registry adds the devices' to `passwd` and `acl`."""
    access.mkdir(parents=True, exist_ok=True)
    _write_readable(access / "services.passwd", _verifiers(access / "services.passwd", passwords))
    _write_readable(access / "services.acl", SERVICES_ACL.read_text())
    _write_readable(access / "passwd", _with_devices(access))
    if not (access / "acl").exists():
        _write_readable(access / "acl", SERVICES_ACL.read_text())


def _with_devices(access: Path) -> str:
    """Return the password file with our accounts as they are now, and the devices as they were."""
    whole = access / "passwd"
    lines = whole.read_text().splitlines(keepends=True) if whole.exists() else []
    devices = [line for line in lines if line.partition(":")[0] not in BROKER_ACCOUNTS]
    return (access / "services.passwd").read_text() + "".join(devices)


def _verifiers(kept: Path, passwords: Passwords) -> str:
    """Return a line per account, the kept one where it still holds: no change, no reload."""
    lines = kept.read_text().splitlines() if kept.exists() else []
    known = dict(line.split(":", 1) for line in lines)
    return "".join(
        f"{account}:{_verifier(passwords[account], known.get(account, ''))}\n"
        for account in BROKER_ACCOUNTS
    )


def _verifier(password: str, kept: str) -> str:
    return kept if verifies(password, kept) else verifier(password)


def _guard(access: Path) -> None:
    """Keep others out; files made here belong to the broker's group, so that it can read them."""
    access.mkdir(parents=True, exist_ok=True)
    if is_root():
        os.chown(access, 0, pwd.getpwnam(UNPRIVILEGED).pw_gid)
    access.chmod(0o2750)


def _write_readable(path: Path, text: str) -> None:
    path.write_text(text)
    path.chmod(0o640)


def _place(deployment: Deployment, data: Path) -> str:
    access = deployment.instance.access
    lines = [
        f"listener {deployment.ports.mqtt} {HOST}",
        f"persistence_location {data}/",
        f"password_file {access}/passwd",
        f"acl_file {access}/acl",
    ]
    if is_root():
        lines.append(f"user {UNPRIVILEGED}")
    return "\n".join(lines) + "\n\n"
