"""A duty room for tests: the engine as a process, the field and the office on a real broker."""

import asyncio
import json
import os
import secrets
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

import paho.mqtt.client as paho
import psycopg
from paho.mqtt.enums import CallbackAPIVersion
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties
from pydantic import SecretStr

from core.database import connect
from core.settings import BrokerAddress
from devices import store
from devices.catalogue import load_catalogue
from devices.model import Device, Profile, Site
from devices.topic import ROOT
from tests.fixtures.servers import Servers

DISTRICT = "620171"
ROOT_FOLDER = Path(__file__).parents[3]
REQUESTS = f"{ROOT}/system/alerts/request"

Document = dict[str, Any]


def now_ms(ago_s: float = 0) -> int:
    return round((time.time() - ago_s) * 1000)


def quick(like: str, *, interval_s: float, offline_after_s: float, **changes: Any) -> Profile:
    """A profile of the catalogue under another name, for devices of a hasty test."""
    kinds = {profile.profile_id: profile for profile in load_catalogue().profiles}
    values = {name: getattr(kinds[like], name) for name in Profile.__struct_fields__}
    values |= {"expected_interval_s": interval_s, "offline_after_s": offline_after_s}
    return Profile(**values | changes)


def _site(site_id: str) -> Site:
    return Site(
        site_id=site_id,
        kind="fire_unit",
        name="一号楼",
        district=DISTRICT,
        lon=103.8,
        lat=36.5,
    )


@dataclass
class City:
    """Devices of one test in the database; ids are its own, for the broker is shared."""

    url: str
    mark: str = field(default_factory=lambda: secrets.token_hex(3))
    domains: dict[str, str] = field(default_factory=dict)

    def found(self) -> Self:
        catalogue = load_catalogue()
        self._write(store.put_metrics, catalogue.metrics)
        self._write(store.put_profiles, catalogue.profiles)
        self._write(store.put_sites, [_site("unit-1")])
        return self

    def add_profile(self, profile: Profile) -> None:
        self._write(store.put_profiles, [profile])

    def add(
        self,
        *names: str,
        profile: Profile | str,
        gateway: str | None = None,
        apart: bool = False,
        **rest: Any,
    ) -> list[str]:
        """Add devices at one site, or each `apart` at its own: no two confirm each other then."""
        kinds = {each.profile_id: each for each in load_catalogue().profiles}
        kind = kinds[profile] if isinstance(profile, str) else profile
        ids = [f"{name}-{self.mark}" for name in names]
        self.domains |= dict.fromkeys(ids, kind.domain)
        sites = {each: f"site-{each}" if apart else "unit-1" for each in ids}
        self._write(store.put_sites, [_site(each) for each in sorted(set(sites.values()))])
        devices = [
            Device(
                device_id=device_id,
                profile_id=kind.profile_id,
                site_id=sites[device_id],
                district=DISTRICT,
                name=device_id,
                gateway_id=gateway,
                **rest,
            )
            for device_id in ids
        ]
        self._write(store.put_devices, devices)
        return ids

    def topic(self, device_id: str, channel: str) -> str:
        return f"{ROOT}/{DISTRICT}/{self.domains[device_id]}/{device_id}/{channel}"

    def _write(self, put: Callable[..., Any], things: Any) -> None:
        async def write() -> None:
            async with await connect(SecretStr(self.url), program="test") as conn:
                await put(conn, things)

        asyncio.run(write())

    def rows(self, statement: str) -> list[tuple[Any, ...]]:
        with psycopg.connect(self.url, autocommit=True) as connection:
            return connection.execute(statement).fetchall()


class Radio:
    """One client on the broker, of the other family of libraries than the engine's."""

    def __init__(self, address: BrokerAddress) -> None:
        self._changed = threading.Condition()
        self.connections = 0
        self.log: list[tuple[str, bytes]] = []
        self.retained: dict[str, bytes] = {}
        self._client = paho.Client(CallbackAPIVersion.VERSION2, protocol=paho.MQTTv5)
        self._client.username_pw_set(address.username, address.password.get_secret_value())
        self._client.max_queued_messages_set(0)
        self._client.on_message = self._heard
        self._topics: list[str] = []
        self._client.on_connect = self._connected
        self._client.reconnect_delay_set(1, 1)
        self._client.connect(address.host, address.port, keepalive=10)
        self._client.loop_start()

    def listen(self, *topics: str) -> None:
        self._topics += topics
        for topic in topics:
            self._client.subscribe(topic, qos=1)

    def say(self, topic: str, document: Any, *, retain: bool = False, wait: bool = True) -> None:
        payload = document if isinstance(document, bytes) else json.dumps(document).encode()
        if wait:
            self.wait_for(self._client.is_connected, within=30)
        info = self._client.publish(topic, payload, qos=1, retain=retain)
        if wait:
            info.wait_for_publish(10)

    def ask(self, document: Document, *, within: float = 10) -> Document:
        """Send a command to the engine and wait for its answer."""
        me = f"{ROOT}/system/reply/test-{secrets.token_hex(4)}"
        self.listen(me)
        properties = Properties(PacketTypes.PUBLISH)  # type: ignore[no-untyped-call]
        properties.ResponseTopic = me
        properties.CorrelationData = b"1"
        self._client.publish(REQUESTS, json.dumps(document).encode(), qos=1, properties=properties)
        self.wait_for(lambda: any(topic == me for topic, _ in self.log), within=within)
        (answer,) = [payload for topic, payload in self.log if topic == me]
        reply: Document = json.loads(answer)
        return reply

    def wait_for(self, condition: Callable[[], Any], *, within: float = 10) -> None:
        with self._changed:
            assert self._changed.wait_for(condition, within), f"not within {within} s"

    def close(self) -> None:
        self._client.disconnect()
        self._client.loop_stop()

    def _connected(self, client: paho.Client, *_: Any) -> None:
        with self._changed:
            self.connections += 1
            self.retained.clear()  # the broker shows us everything anew
            self._changed.notify_all()
        for topic in self._topics:
            client.subscribe(topic, qos=1)

    def _heard(self, _client: Any, _data: Any, message: paho.MQTTMessage) -> None:
        with self._changed:
            if not message.retain:  # what was there before we listened is no news
                self.log.append((message.topic, bytes(message.payload)))
            if message.payload:
                self.retained[message.topic] = bytes(message.payload)
            else:
                self.retained.pop(message.topic, None)
            self._changed.notify_all()


class Office(Radio):
    """Sees the board as the api does, and gives commands."""

    def __init__(self, address: BrokerAddress) -> None:
        super().__init__(address)
        self.listen(f"{ROOT}/alerts/+", f"{ROOT}/system/alerts/engine")

    def transitions(self) -> list[Document]:
        """Every alert message since the office opened, in order of arrival."""
        return [
            json.loads(payload)
            for topic, payload in list(self.log)
            if payload and topic.startswith(f"{ROOT}/alerts/")
        ]

    def board(self) -> list[Document]:
        return [
            json.loads(payload)
            for topic, payload in list(self.retained.items())
            if topic.startswith(f"{ROOT}/alerts/")
        ]

    def alert(self, device_id: str | None, state: str, *, within: float = 10) -> Document:
        """Wait until the device has an alert in this state."""

        def found() -> list[Document]:
            return [
                each
                for each in self.transitions()
                if each["device_id"] == device_id and each["state"] == state
            ]

        self.wait_for(found, within=within)
        return found()[-1]

    def pulse(self) -> Document | None:
        payload = self.retained.get(f"{ROOT}/system/alerts/engine")
        return json.loads(payload) if payload else None


@dataclass
class Program:
    """`python -m alerts` as a process that can be killed."""

    environment: dict[str, str]
    log: Path
    process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "alerts"],
                env={**os.environ, **self.environment},
                cwd=ROOT_FOLDER,
                stderr=log,
            )

    def kill(self) -> None:
        self._end("kill")

    def stop(self) -> None:
        self._end("terminate")

    def _end(self, how: str) -> None:
        if self.process is not None:
            getattr(self.process, how)()
            self.process.wait(20)
            self.process = None


@dataclass
class DutyRoom:
    """Everything one test needs."""

    city: City
    engine: Program
    office: Office
    field: Radio
    servers: Servers

    def speak_as(self, account: str, topic: str, document: Any, *, retain: bool = False) -> None:
        """Say one thing under another account."""
        radio = Radio(self.servers.broker_address(account))
        radio.say(topic, document, retain=retain)
        radio.close()

    def open(self) -> None:
        """Start the engine and wait for its first sign of life."""
        before = self.office.pulse()
        self.engine.start()
        self.office.wait_for(lambda: self._is_up(before), within=20)

    def _is_up(self, before: Document | None) -> bool:
        pulse = self.office.pulse()
        return pulse != before and pulse is not None and pulse["state"] in ("running", "degraded")

    def fire(self, device_id: str, *, active: bool = True, ago_s: float = 0, **rest: Any) -> None:
        document = {"ts": now_ms(ago_s), "event": "fire", "active": active}
        self.field.say(self.city.topic(device_id, "event"), document, **rest)

    def measure(self, device_id: str, *, ago_s: float = 0, **values: float) -> None:
        document = {"ts": now_ms(ago_s), "values": values}
        self.field.say(self.city.topic(device_id, "telemetry"), document)

    def acknowledge(self, alert: Document, officer: str, request_id: str | None = None) -> Document:
        return self.office.ask(
            {
                "do": "acknowledge",
                "request_id": request_id or secrets.token_hex(8),
                "alert_id": alert["alert_id"],
                "officer": officer,
            }
        )


def _clear_board(servers: Servers, office: Office) -> None:
    """Take down what the dead engine showed: the next test on this broker has its own board."""
    shown = [topic for topic in list(office.retained) if topic.startswith(f"{ROOT}/alerts/")]
    if shown:
        painter = Radio(servers.broker_address("svc-alerts"))
        for topic in shown:
            painter.say(topic, b"", retain=True)
        painter.close()


@contextmanager
def duty_room(
    servers: Servers, owner_url: str, alerts_url: str, folder: Path, **settings: str
) -> Iterator[DutyRoom]:
    """Found a city and furnish the room; the engine is started by the test."""
    engine = Program(
        {
            "ALERTS_BROKER_URL": servers.broker_url("svc-alerts"),
            "ALERTS_DATABASE_URL": alerts_url,
            "ALERTS_STATE_DIR": str(folder / "state"),
            **settings,
        },
        folder / "engine.log",
    )
    office = Office(servers.broker_address("svc-api"))
    field_ = Radio(servers.broker_address("svc-simulators"))
    try:
        yield DutyRoom(City(owner_url).found(), engine, office, field_, servers)
    finally:
        engine.kill()
        _clear_board(servers, office)
        office.close()
        field_.close()


def eventually(condition: Callable[[], Any], *, within: float = 15) -> None:
    """Wait for what no message announces, such as a row in the database."""
    ends, pause = time.monotonic() + within, threading.Event()
    while not condition():
        assert time.monotonic() < ends, f"not within {within} s"
        pause.wait(0.05)
