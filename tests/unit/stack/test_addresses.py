"""Ports: free ones are found, taken ones are refused in one sentence."""

import socket
from collections.abc import Iterator
from dataclasses import astuple
from pathlib import Path

import pytest

from core.errors import Unavailable
from stack.addresses import HOST, Ports, free_ports, load_ports, require_free, save_ports


@pytest.fixture
def taken() -> Iterator[int]:
    with socket.socket() as listener:
        listener.bind((HOST, 0))
        listener.listen()
        yield listener.getsockname()[1]


def test_free_ports_do_not_repeat() -> None:
    ports = astuple(free_ports())

    assert len(set(ports)) == len(ports)


def test_a_taken_port_is_refused_with_a_way_out(taken: int) -> None:
    ports = Ports(mqtt=taken, database=1, api=1, ingest_metrics=1, alerts_metrics=1)

    with pytest.raises(Unavailable, match=rf"Port {taken} is in use .* YIWANG_MQTT_PORT=\d+\.$"):
        require_free(ports, frozenset({"mqtt"}))


def test_a_taken_port_that_is_not_needed_does_not_matter(taken: int) -> None:
    ports = Ports(mqtt=taken, database=1, api=1, ingest_metrics=1, alerts_metrics=1)

    require_free(ports, frozenset())


def test_ports_are_found_again(tmp_path: Path) -> None:
    ports = free_ports()

    save_ports(ports, tmp_path / "ports.json")

    assert load_ports(tmp_path / "ports.json") == ports
