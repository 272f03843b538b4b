"""`python -m stack status --json` tells other programs how to join in; every address works."""

import json
import subprocess
import sys

import httpx
import psycopg
import pytest

from core.settings import BrokerAddress
from stack.folders import ROOT
from tests.fixtures.whole import Document, Whole, eventually, now_ms, topic
from tests.integration.alerts.duty_room import Radio


@pytest.fixture(scope="module")
def told(whole: Whole) -> Document:
    name = whole.servers.deployment.instance.name
    done = subprocess.run(
        [sys.executable, "-m", "stack", "--instance", name, "status", "--json"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    document: Document = json.loads(done.stdout)
    return document


def test_it_has_exactly_the_documented_members(told: Document) -> None:
    assert {
        name: {member: type(value) for member, value in part.items()} for name, part in told.items()
    } == {
        "mqtt": {"host": str, "port": int, "username": str, "password": str},
        "database": {"dsn": str},
        "api": {"url": str, "username": str, "password": str},
    }


def test_a_device_can_be_simulated_with_what_it_says(whole: Whole, told: Document) -> None:
    with httpx.Client(base_url=f"{told['api']['url']}/api/v1") as http:
        people = {name: told["api"][name] for name in ("username", "password")}
        token = http.post("/token", data=people).json()["access_token"]
        signed_in = {"Authorization": f"Bearer {token}"}
        device = {
            "device_id": "status-1",
            "profile_id": "smoke-detector",
            "site_id": "whole-unit",
            "district": "620171",
            "name": "status",
        }
        assert http.put("/devices/status-1", json=device, headers=signed_in).status_code == 200
    radio = Radio(BrokerAddress(**told["mqtt"]))
    radio.listen(topic("status-1"))

    radio.say(topic("status-1"), {"ts": now_ms(), "values": {"temperature_c": 20}})

    radio.wait_for(lambda: radio.log)
    radio.close()
    with psycopg.connect(told["database"]["dsn"]) as connection:
        eventually(lambda: _readings(connection))


def _readings(connection: psycopg.Connection) -> int:
    """Count what the device has said, as the owner of the database sees it."""
    row = connection.execute(
        "SELECT count(*) FROM readings JOIN devices ON devices.number = readings.device_id"
        " WHERE devices.device_id = 'status-1'"
    ).fetchone()
    connection.rollback()
    return int(row[0]) if row else 0


def test_the_page_is_there(told: Document) -> None:
    page = httpx.get(told["api"]["url"])

    assert page.status_code == 200
    assert page.headers["content-type"].startswith("text/html")
