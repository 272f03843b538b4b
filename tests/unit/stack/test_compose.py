"""compose.yaml: valid, closed to the outside, and in step with what the programs read."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from stack.environments import environment
from stack.folders import ROOT
from stack.secret_files import containers, is_secret, secret_files

COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "compose.yaml").read_text())
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
PROGRAMS = ("ingest", "alerts", "api", "prepare", "simulators", "migrate")
ONE_SHOTS = {"access", "migrate", "prepare"}


def test_it_is_valid_by_the_compose_specification() -> None:
    check = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.compose-spec"]

    done = subprocess.run(
        [*check, str(ROOT / "compose.yaml")], capture_output=True, text=True, check=False
    )

    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("program", PROGRAMS)
def test_a_program_is_given_the_same_variables_as_on_one_machine(
    program: str, tmp_path: Path
) -> None:
    service = SERVICES[program]

    expected = environment(program, containers(tmp_path))

    assert set(service.get("environment", {})) == {n for n in expected if not is_secret(n)}
    assert set(service["secrets"]) == {n.lower() for n in expected if is_secret(n)}


@pytest.mark.parametrize("program", PROGRAMS)
def test_plain_values_agree_with_the_hosts_in_the_secrets(program: str, tmp_path: Path) -> None:
    expected = environment(program, containers(tmp_path))
    elsewhere = {"API_HOST", "API_BROKER_ACCESS_DIR"}  # all of the container; a shared volume

    for name, value in SERVICES[program].get("environment", {}).items():
        assert name in elsewhere or str(value) == expected[name]


def test_every_secret_that_is_declared_is_written(tmp_path: Path) -> None:
    assert set(COMPOSE["secrets"]) == set(secret_files(containers(tmp_path)))


def test_every_secret_that_is_used_is_declared() -> None:
    used = {name for service in SERVICES.values() for name in service.get("secrets", [])}

    assert used == set(COMPOSE["secrets"])


def test_ports_are_published_on_loopback_only() -> None:
    ports = [port for service in SERVICES.values() for port in service.get("ports", [])]

    assert ports
    assert all(port.startswith("127.0.0.1:") for port in ports)


def test_every_lasting_service_is_watched_and_restarted() -> None:
    lasting = {name: found for name, found in SERVICES.items() if name not in ONE_SHOTS}

    assert all(found["restart"] == "unless-stopped" for found in lasting.values())
    assert {name for name, found in lasting.items() if "healthcheck" not in found} == {"simulators"}


def test_every_image_is_pinned() -> None:
    tags = {service["image"].partition(":")[2] for service in SERVICES.values()}

    assert all(tag[:1].isdigit() for tag in tags)


def test_every_file_that_is_mounted_exists() -> None:
    mounts = [mount for service in SERVICES.values() for mount in service.get("volumes", [])]
    sources = {mount.split(":")[0] for mount in mounts if mount.startswith("./")}

    assert {source for source in sources if not (ROOT / source).exists()} == set()


def test_secrets_are_only_reachable_through_their_folder(tmp_path: Path) -> None:
    containers(tmp_path / "secrets")

    assert (tmp_path / "secrets").stat().st_mode & 0o777 == 0o700
