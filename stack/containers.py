"""`python3 -m stack.containers up`: the same system from compose.yaml, where Docker is installed.

Needs neither the environment nor Debian: the standard library and a container engine.
"""

import shutil
import subprocess
import sys

from core.errors import Unavailable, YiwangError
from stack.folders import ROOT
from stack.passwords import DEMO_ROLES
from stack.secret_files import write_secrets

_COMPOSE = ("docker", "compose", "--profile", "demo")


def up() -> None:
    """Build and start everything, print where it is, and stay until Ctrl-C."""
    _require_engine()
    deployment = write_secrets()
    _compose("up", "--build", "--detach", "--wait")
    port = _compose("port", "api", "8000", quiet=True)
    people = (f"  {role:<12}{deployment.passwords[f'demo-{role}']}" for role in DEMO_ROLES)
    print(f"\n  page        http://{port}\n", *people, "\n  Ctrl-C stops everything.", sep="\n")
    try:
        _compose("wait", "api", quiet=True)
    except KeyboardInterrupt:
        down()


def down() -> None:
    """Stop the containers; their volumes keep everything."""
    _require_engine()
    _compose("stop")


def _require_engine() -> None:
    if shutil.which("docker") is None:
        raise Unavailable("There is no `docker` here; `make up` works without it on Debian.")
    if not _succeeds("docker", "info"):
        raise Unavailable("Docker is installed, but its engine does not answer; start it first.")
    if not _succeeds("docker", "compose", "version"):
        raise Unavailable("Docker is installed without its `compose` command; install that too.")


def _succeeds(*command: str) -> bool:
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


def _compose(*arguments: str, quiet: bool = False) -> str:
    command = [*_COMPOSE, *arguments]
    output = subprocess.PIPE if quiet else None
    done = subprocess.run(command, cwd=ROOT, stdout=output, text=True, check=False)
    if done.returncode:
        raise Unavailable(f"`{' '.join(command)}` failed; its reason stands above.")
    return (done.stdout or "").strip()


if __name__ == "__main__":
    try:
        {"up": up, "down": down}[sys.argv[1]]()
    except YiwangError as error:
        sys.exit(error.message)
    except KeyboardInterrupt:
        sys.exit("Stopped.")
