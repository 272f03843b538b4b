"""`python -m stack` as a person uses it: start, look, start again, stop, and the sad ways."""

import json
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator

import pytest

from stack.folders import ROOT, Instance, instance
from stack.stopping import down
from stack.supervising import Supervisor
from tests.fixtures.servers import Servers

SERVERS = ("--only", "broker,database")


def _command(place: Instance, *arguments: str) -> list[str]:
    return [sys.executable, "-m", "stack", "--instance", place.name, *arguments]


def _run(place: Instance, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        _command(place, *arguments),
        cwd=ROOT,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture
def place() -> Iterator[Instance]:
    place = instance(f"test-{os.getpid()}-{secrets.token_hex(2)}")
    yield place
    down(place)
    shutil.rmtree(place.folder, ignore_errors=True)


def test_a_second_start_says_that_it_runs_already(servers: Servers) -> None:
    second = _run(servers.deployment.instance, "up", *SERVERS, "--ports", "auto", "--detach")

    assert second.returncode == 0
    assert second.stdout.startswith("The system is running already.")
    assert "SIGN IN" in second.stdout


def test_status_tells_programs_where_everything_is(servers: Servers) -> None:
    told = json.loads(_run(servers.deployment.instance, "status", "--json").stdout)

    assert {name: set(fields) for name, fields in told.items()} == {
        "mqtt": {"host", "port", "username", "password"},
        "database": {"dsn"},
        "api": {"url", "username", "password"},
    }


def test_interrupting_the_foreground_stops_everything(place: Instance) -> None:
    with subprocess.Popen(
        _command(place, "up", *SERVERS, "--ports", "auto"),
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        _read_until(process.stdout, "make down")

        process.send_signal(signal.SIGINT)
        process.wait(timeout=60)

    assert process.returncode == 0
    assert not Supervisor(place).answers()


def test_down_from_elsewhere_ends_the_foreground(place: Instance) -> None:
    with subprocess.Popen(
        _command(place, "up", *SERVERS, "--ports", "auto"),
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        _read_until(process.stdout, "make down")

        stopped = _run(place, "down")
        process.wait(timeout=60)

    assert stopped.stdout.endswith("Stopped.\n")


def test_a_busy_port_is_one_sentence_and_nothing_starts(place: Instance) -> None:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        port = listener.getsockname()[1]

        refused = _run(place, "up", *SERVERS, "--detach", YIWANG_MQTT_PORT=str(port))

    assert refused.returncode == 1
    assert refused.stderr.startswith(f"Port {port} is in use by another program;")
    assert refused.stderr.count("\n") == 1
    assert not Supervisor(place).answers()


def test_an_absurd_port_is_refused_by_name(place: Instance) -> None:
    refused = _run(place, "up", *SERVERS, "--detach", YIWANG_MQTT_PORT="many")

    assert refused.returncode != 0
    assert "YIWANG_MQTT_PORT" in refused.stdout + refused.stderr
    assert "Traceback" not in refused.stderr


def test_status_of_nothing_is_one_sentence(place: Instance) -> None:
    asked = _run(place, "status")

    assert asked.returncode == 1
    assert asked.stderr == "The system is not running; start it with `make up`.\n"


@pytest.mark.chaos
def test_what_a_killed_supervisor_left_does_not_stand_in_the_way(place: Instance) -> None:
    _run(place, "up", *SERVERS, "--ports", "auto", "--detach")
    os.kill(int((place.folder / "supervisord.pid").read_text()), signal.SIGKILL)

    again = _run(place, "up", *SERVERS, "--ports", "auto", "--detach")

    assert again.returncode == 0, again.stderr


def _read_until(lines: Iterator[str], text: str) -> None:
    next(line for line in lines if text in line)
