"""The environment: installed once, again when its pins change, and without a host's help."""

from pathlib import Path

import pytest

from stack import setup


@pytest.fixture
def lock(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(setup, "_STAMP", tmp_path / "stamp")
    lock = tmp_path / "requirements.lock"
    lock.write_text("uvloop==0.23.0\n")
    return lock


def test_an_environment_without_a_stamp_is_installed(lock: Path) -> None:
    assert not setup._is_installed(lock)


def test_a_stamped_environment_is_left_alone(lock: Path, tmp_path: Path) -> None:
    (tmp_path / "stamp").write_text(f"{setup._digest(lock)}\n")

    assert setup._is_installed(lock)


def test_changed_pins_are_installed(lock: Path, tmp_path: Path) -> None:
    (tmp_path / "stamp").write_text(f"{setup._digest(lock)}\n")

    lock.write_text("uvloop==0.24.0\n")

    assert not setup._is_installed(lock)


def test_pip_trusts_its_own_authorities_where_the_host_keeps_none(tmp_path: Path) -> None:
    core = tmp_path / "core.py"
    core.write_text(f"PATH = '{setup._AUTHORITIES}'\n")

    setup._trust_pips_own(tmp_path)

    assert core.read_text() == f"PATH = '{tmp_path}/cacert.pem'\n"


@pytest.mark.parametrize("lock", [setup.RUNTIME, setup.DEVELOPMENT], ids=lambda path: path.name)
def test_every_pin_has_hashes_and_no_index(lock: Path) -> None:
    lines = lock.read_text().splitlines()
    pins = [line for line in lines if "==" in line and not line.lstrip().startswith("#")]

    assert pins
    assert all(line.endswith("\\") for line in pins)
    assert not any("://" in line for line in lines)


def test_development_pins_contain_the_runtimes() -> None:
    runtime, development = (
        {line.split()[0] for line in lock.read_text().splitlines() if "==" in line.split("#")[0]}
        for lock in (setup.RUNTIME, setup.DEVELOPMENT)
    )

    assert runtime <= development
