"""A small registry in a database of its own, and the ingester's connection to it."""

from collections.abc import AsyncIterator, Awaitable, Callable

import pytest
from pydantic import SecretStr

from core.database import Connection, connect
from devices import store as registry_store
from devices.model import Device, Metric, Profile, Site
from devices.registry import Registry
from ingest import store

DISTRICT = "620171"

RoleUrl = Callable[[str], str]
PutDevices = Callable[..., Awaitable[Registry]]


def site() -> Site:
    return Site(
        site_id="unit-1", kind="fire_unit", name="一号", district=DISTRICT, lon=103.6, lat=36.5
    )


def device(name: str, profile: str) -> Device:
    return Device(
        device_id=name, profile_id=profile, site_id="unit-1", district=DISTRICT, name=name
    )


def profile(name: str, metrics: tuple[str, ...], events: tuple[str, ...] = ()) -> Profile:
    return Profile(
        profile_id=name,
        domain="fire",
        name_zh=name,
        name_en=name,
        expected_interval_s=60,
        offline_after_s=180,
        metrics=metrics,
        events=events,
    )


def metric(name: str) -> Metric:
    return Metric(name=name, unit="1", low=-50, high=100, name_zh=name, name_en=name)


@pytest.fixture
async def registry(role_url: RoleUrl) -> Registry:
    conn = await connect(SecretStr(role_url("yiwang_api")), program="test")
    await registry_store.put_metrics(conn, [metric("a"), metric("b")])
    await registry_store.put_profiles(
        conn, [profile("plain", ("a", "b"), ("fire",)), profile("truck", ("a",))]
    )
    await registry_store.put_sites(conn, [site()])
    devices = [device("one", "plain"), device("two", "plain"), device("truck", "truck")]
    await registry_store.put_devices(conn, devices)
    await conn.commit()
    registry = await registry_store.load_registry(conn)
    await conn.close()
    return registry


@pytest.fixture
def put_devices(registry: Registry, role_url: RoleUrl) -> PutDevices:
    """Register devices as an operator would; returns the registry as it is then."""

    async def put(*names: str) -> Registry:
        conn = await connect(SecretStr(role_url("yiwang_api")), program="test")
        await registry_store.put_devices(conn, [device(name, "plain") for name in names])
        await conn.commit()
        changed = await registry_store.load_registry(conn)
        await conn.close()
        return changed

    return put


@pytest.fixture
async def conn(registry: Registry, role_url: RoleUrl) -> AsyncIterator[Connection]:
    """The ingester's own role and nothing more."""
    connection = await connect(SecretStr(role_url("yiwang_ingest")), program="ingest")
    await store.prepare(connection)
    yield connection
    await connection.close()
