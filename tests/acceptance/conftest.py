"""A stack of one's own to be hurt, and devices that speak through another client library."""

import asyncio
import json
import time
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

import aiomqtt
import psycopg
import pytest
from pydantic import SecretStr

from core.database import connect
from devices import store as registry_store
from devices.model import Device, Metric, Profile, Site
from tests.fixtures.servers import PrivateStack, Servers

DEVICES = 40
DISTRICT = "620171"
WITHIN = 30.0  # seconds; a condition that takes longer has failed


@dataclass
class City:
    """A running stack with forty devices; knows what the broker has taken from them."""

    servers: Servers
    said: int = 0
    taken: int = 0
    base_ms: int = field(default_factory=lambda: time.time_ns() // 1_000_000 - 100_000)

    def query(self, sql: str) -> list[tuple[Any, ...]]:
        """Ask the database as its superuser."""
        url = self.servers.deployment.superuser_url("yiwang")
        with psycopg.connect(url, autocommit=True) as conn:
            return conn.execute(sql).fetchall()

    def ledger(self) -> dict[str, int]:
        """Return the books over all time."""
        row = self.query(
            "SELECT coalesce(sum(received), 0)::int, coalesce(sum(stored), 0)::int,"
            " coalesce(sum(duplicate), 0)::int, coalesce(sum(quarantined), 0)::int FROM ledger"
        )[0]
        return dict(zip(("received", "stored", "duplicate", "quarantined"), row, strict=True))

    def story(self) -> str:
        """Return what the ingester and the broker have to say: the reason, where a test fails."""
        place = self.servers.deployment.instance
        logs = [(place.logs / f"{name}.log").read_text()[-4000:] for name in ("ingest", "broker")]
        waiting = sorted(path.name for path in (place.state("ingest") / "spool").iterdir())
        return "\n".join([*logs, f"on disk: {waiting}"])

    async def speak(self, count: int) -> None:
        """Publish `count` messages of two values, each until the broker has taken it."""
        for message in self._messages(count):
            await self._say(*message)

    async def _say(self, topic: str, payload: bytes) -> None:
        while True:
            try:
                await self._client().publish(topic, payload, qos=1, timeout=5)
            except aiomqtt.MqttError:
                await self.reconnect()
            else:
                self.taken += 1
                return

    def _messages(self, count: int) -> Iterable[tuple[str, bytes]]:
        for _ in range(count):
            seq, device = divmod(self.said, DEVICES)
            self.said += 1
            body = {"ts": self.base_ms + seq, "seq": seq, "values": {"a": seq % 90, "b": 0.5}}
            topic = f"yiwang/v1/{DISTRICT}/fire/device-{device:02d}/telemetry"
            yield topic, json.dumps(body).encode()

    _mqtt: aiomqtt.Client | None = None

    def _client(self) -> aiomqtt.Client:
        if self._mqtt is None:
            raise aiomqtt.MqttError("not connected")
        return self._mqtt

    async def reconnect(self) -> None:
        """Connect, trying until the broker is there again."""
        await self.disconnect()
        address = self.servers.broker_address("svc-simulators")
        deadline = time.monotonic() + WITHIN
        while True:
            client = aiomqtt.Client(
                address.host,
                address.port,
                username=address.username,
                password=address.password.get_secret_value(),
            )
            try:
                self._mqtt = await client.__aenter__()
            except aiomqtt.MqttError:
                if time.monotonic() > deadline:
                    raise
                await asyncio.sleep(0.1)
            else:
                return

    async def disconnect(self) -> None:
        """Leave, whether or not the broker is still there."""
        client, self._mqtt = self._mqtt, None
        if client is not None:
            with suppress(aiomqtt.MqttError):
                await client.__aexit__(None, None, None)


async def until(condition: Callable[[], bool], *, within: float = WITHIN) -> None:
    """Wait for a condition; fail when it takes too long."""
    deadline = time.monotonic() + within
    while not await asyncio.to_thread(condition):
        if time.monotonic() > deadline:
            raise TimeoutError("It did not come about in time.")
        await asyncio.sleep(0.05)


@pytest.fixture
async def city(
    private_stack: PrivateStack, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> AsyncIterator[City]:
    """Start it; `request.param` may hold variables for the ingester."""
    for name, value in getattr(request, "param", {}).items():
        monkeypatch.setenv(name, value)
    servers = private_stack({"broker", "database", "ingest"})
    await _register(servers)
    city = City(servers)
    await city.reconnect()
    yield city
    await city.disconnect()


async def _register(servers: Servers) -> None:
    url = servers.deployment.database_url("yiwang_api")
    conn = await connect(SecretStr(url), program="test")
    metrics = [
        Metric(name=name, unit="1", low=-50, high=100, name_zh=name, name_en=name) for name in "ab"
    ]
    profile = Profile(
        profile_id="plain",
        domain="fire",
        name_zh="样品",
        name_en="sample",
        expected_interval_s=60,
        offline_after_s=180,
        metrics=("a", "b"),
    )
    site = Site(
        site_id="unit", kind="fire_unit", name="一号", district=DISTRICT, lon=103.6, lat=36.5
    )
    devices = [
        Device(
            device_id=f"device-{number:02d}",
            profile_id="plain",
            site_id="unit",
            district=DISTRICT,
            name=str(number),
        )
        for number in range(DEVICES)
    ]
    await registry_store.put_metrics(conn, metrics)
    await registry_store.put_profiles(conn, [profile])
    await registry_store.put_sites(conn, [site])
    await registry_store.put_devices(conn, devices)
    await conn.commit()
    await conn.close()
