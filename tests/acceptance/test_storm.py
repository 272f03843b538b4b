"""Two thousand transitions while everything dies: no alert lost, none doubled, none stuck.

The database is away for `STORM_OUTAGE_S` (15 s; the evidence of a release is made with 300).
"""

import json
import os
import sqlite3
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import psycopg
import pytest

from tests.fixtures.servers import PrivateStack
from tests.integration.alerts.duty_room import DutyRoom, duty_room, eventually

pytestmark = pytest.mark.chaos

DEVICES = 500
KILLS = 20
OUTAGE_S = float(os.environ.get("STORM_OUTAGE_S", "15"))
OFFICER = "李明"
SMOKE = "smoke-detector"


class Provider(ThreadingHTTPServer):
    """Somebody else's message service, which remembers what it was given."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Take)
        self.bodies: list[str] = []


class _Take(BaseHTTPRequestHandler):
    server: Provider

    def do_POST(self) -> None:
        size = int(self.headers["Content-Length"])
        self.server.bodies.append(self.rfile.read(size).decode())
        self.send_response(200)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def provider() -> Iterator[Provider]:
    server = Provider()
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture
def room(private_stack: PrivateStack, provider: Provider, tmp_path: Path) -> Iterator[DutyRoom]:
    servers = private_stack({"broker", "database", "ingest"})
    channels = tmp_path / "channels.toml"
    channels.write_text(
        f"""
        [channels.provider]
        url = "json://127.0.0.1:{provider.server_port}/"
        rate_per_min = 1000
        [people.{OFFICER_KEY}]
        name = "{OFFICER}"
        channels = ["provider"]
        """
    )
    channels.chmod(0o600)
    deployment = servers.deployment
    with duty_room(
        servers,
        deployment.superuser_url("yiwang"),
        deployment.database_url("yiwang_alerts"),
        tmp_path,
        ALERTS_CHANNELS_FILE=str(channels),
    ) as room:
        yield room


OFFICER_KEY = "liming"


@dataclass
class Killer:
    """Kills the engine again and again, each time after some more transitions were shown."""

    room: DutyRoom
    deaths: int = 0
    over: threading.Event = field(default_factory=threading.Event)

    def run(self) -> None:
        shown = 0
        while self.deaths < KILLS and not self.over.is_set():
            self.room.office.wait_for(
                lambda least=shown + 60: self.over.is_set() or len(self.room.office.log) >= least,
                within=60,
            )
            shown = len(self.room.office.log)
            self.room.engine.kill()
            self.deaths += 1
            self.room.engine.start()


def test_a_storm_of_two_thousand_transitions_survives_twenty_deaths_of_the_engine(
    room: DutyRoom, provider: Provider, tmp_path: Path
) -> None:
    devices = room.city.add(*(f"storm-{number:03d}" for number in range(DEVICES)), profile=SMOKE)
    room.open()
    room.office.wait_for(lambda: known_devices(room) == DEVICES, within=30)
    ask(room, "put_desk", desk=fire_desk())
    killer = Killer(room)
    death = threading.Thread(target=killer.run)

    room.servers.stop("database")
    away_since = time.monotonic()
    death.start()
    for device_id in devices:
        room.fire(device_id, wait=False)
    taking = threading.Thread(target=acknowledge_everything, args=(room, set(devices)))
    taking.start()
    eventually(lambda: killer.deaths >= KILLS // 2, within=240)
    room.servers.stop("broker")
    room.servers.start("broker")
    taking.join(240)
    for device_id in devices:
        room.fire(device_id, active=False, wait=False)
    death.join(240)
    eventually(lambda: not open_in_journal(tmp_path), within=120)
    eventually(lambda: time.monotonic() - away_since >= OUTAGE_S, within=OUTAGE_S + 60)
    room.servers.start("database")

    assert killer.deaths == KILLS
    lives = lives_in_journal(tmp_path)
    assert Counter(life["device_id"] for life in lives.values()) == dict.fromkeys(devices, 1)
    assert {tuple(life["story"]) for life in lives.values()} == {
        ("raised", "acknowledged", "cleared")
    }
    eventually(lambda: history(room) == lives, within=60)
    eventually(lambda: not any(map(fire, room.office.board())), within=30)
    told = alert_ids_in(provider.bodies, set(lives))
    eventually(lambda: told() == set(lives), within=120)
    assert verified(tmp_path).returncode == 0, verified(tmp_path).stdout


def known_devices(room: DutyRoom) -> int:
    pulse = room.office.pulse()
    return int(pulse["devices_total"]) if pulse else 0


def fire_desk() -> dict[str, Any]:
    return {
        "desk_id": "fire",
        "name_zh": "消防",
        "name_en": "Fire",
        "scope": {"domains": ["fire"]},
        "members": [OFFICER_KEY],
        "chains": {"critical": [{"after_s": 0}]},
    }


def ask(room: DutyRoom, do: str, **what: Any) -> dict[str, Any]:
    request_id = f"{do}-{time.monotonic_ns()}"
    answer = room.office.ask({"do": do, "request_id": request_id, "officer": OFFICER, **what})
    assert answer["ok"], answer
    return answer


def acknowledge_everything(room: DutyRoom, devices: set[str]) -> None:
    """Take each alert as it appears; whoever gets no answer asks again, as the api's users do."""
    taken: set[str] = set()
    ends = time.monotonic() + 200
    while len(taken) < len(devices) and time.monotonic() < ends:
        for alert in list(room.office.board()):
            if alert["device_id"] in devices and alert["alert_id"] not in taken:
                if alert["state"] == "acknowledged":
                    taken.add(alert["alert_id"])
                else:
                    request(room, alert["alert_id"])
        threading.Event().wait(0.2)


def request(room: DutyRoom, alert_id: str) -> None:
    room.office.say(
        "yiwang/v1/system/alerts/request",
        {
            "do": "acknowledge",
            "request_id": f"take-{alert_id}",
            "alert_id": alert_id,
            "officer": OFFICER,
        },
        wait=False,
    )


def journal(folder: Path, query: str) -> list[tuple[Any, ...]]:
    with sqlite3.connect(folder / "state" / "journal.sqlite", timeout=30) as connection:
        return connection.execute(query).fetchall()


def open_in_journal(folder: Path) -> int:
    """Count the fires on the board; that two detectors confirm each other stays for a while."""
    rows = journal(folder, "SELECT document FROM records WHERE kind = 'open'")
    return sum(fire(json.loads(text)[0]) for (text,) in rows)


STEPS = ("raised", "acknowledged", "returned", "cleared")
Lives = dict[str, dict[str, Any]]


def lives_of(documents: list[dict[str, Any]]) -> Lives:
    """What became of each alert; being told of, counted or noted is no step of its life."""
    lives: Lives = {}
    for each in documents:
        life = lives.setdefault(each["alert_id"], {"device_id": each["device_id"], "story": []})
        if each["transition"] in STEPS:
            life["story"].append(each["transition"])
    return lives


def lives_in_journal(folder: Path) -> Lives:
    rows = journal(folder, "SELECT document FROM lines WHERE kind = 'alert' ORDER BY no")
    return lives_of([each for (text,) in rows if fire(each := json.loads(text))])


def history(room: DutyRoom) -> Lives | None:
    try:
        rows = room.city.rows("SELECT document FROM alert_events ORDER BY seq")
    except psycopg.OperationalError:
        return None
    return lives_of([document for (document,) in rows if fire(document)])


def fire(document: dict[str, Any]) -> bool:
    return document["subject"] == "fire" and document["kind"] == "event"


def alert_ids_in(bodies: list[str], wanted: set[str]) -> Callable[[], set[str]]:
    return lambda: {each for each in wanted if any(each in body for body in list(bodies))}


def verified(folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "alerts", "verify", "--state-dir", str(folder / "state")],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
