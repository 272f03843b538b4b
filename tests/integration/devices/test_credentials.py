"""Credentials in a real database: two at a time, never three, races included."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from psycopg import AsyncConnection

from core.broker_password import verifies
from core.database import Connection
from core.errors import Conflict, NotFound
from devices import credentials, store
from devices.catalogue import load_catalogue
from devices.model import Device, Site

NOW = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.fixture
async def lamp(conn: Connection) -> str:
    catalogue = load_catalogue()
    await store.put_metrics(conn, catalogue.metrics)
    await store.put_profiles(conn, catalogue.profiles)
    site = Site(site_id="s", kind="street", name="s", district="620171", lon=103.6, lat=36.5)
    await store.put_site(conn, site)
    for device_id in ("lamp", "svc-ingest"):
        await store.put_device(
            conn,
            Device(
                device_id=device_id,
                profile_id="lamp-controller",
                site_id="s",
                district="620171",
                name=device_id,
            ),
        )
    return "lamp"


async def usernames(conn: Connection) -> list[str]:
    return [held.username for held in await credentials.live_credentials(conn)]


async def test_the_first_credential_is_named_after_its_device(conn: Connection, lamp: str) -> None:
    issued = await credentials.issue(conn, lamp, now=NOW)

    (held,) = await credentials.live_credentials(conn)
    assert issued.username == held.username == "lamp"
    assert verifies(issued.password, held.verifier)


async def test_a_device_is_issued_a_credential_only_once(conn: Connection, lamp: str) -> None:
    await credentials.issue(conn, lamp, now=NOW)

    with pytest.raises(Conflict, match="rotate"):
        await credentials.issue(conn, lamp, now=NOW)


async def test_after_a_rotation_both_work_until_the_old_one_is_revoked(
    conn: Connection, lamp: str
) -> None:
    await credentials.issue(conn, lamp, now=NOW)

    await credentials.rotate(conn, lamp, now=NOW)
    assert await usernames(conn) == ["lamp", "lamp~2"]

    await credentials.revoke(conn, "lamp", now=NOW)
    assert await usernames(conn) == ["lamp~2"]


async def test_a_third_credential_waits_for_the_first_to_be_revoked(
    conn: Connection, lamp: str
) -> None:
    await credentials.issue(conn, lamp, now=NOW)
    await credentials.rotate(conn, lamp, now=NOW)

    with pytest.raises(Conflict, match="Revoke 'lamp' first"):
        await credentials.rotate(conn, lamp, now=NOW)


async def test_a_generation_is_never_used_twice(conn: Connection, lamp: str) -> None:
    await credentials.issue(conn, lamp, now=NOW)
    await credentials.revoke(conn, "lamp", now=NOW)

    issued = await credentials.issue(conn, lamp, now=NOW)

    assert issued.username == "lamp~2"


async def test_nothing_is_rotated_before_it_is_issued(conn: Connection, lamp: str) -> None:
    with pytest.raises(Conflict, match="issue one"):
        await credentials.rotate(conn, lamp, now=NOW)


async def test_unknown_devices_and_credentials_are_not_found(conn: Connection) -> None:
    with pytest.raises(NotFound):
        await credentials.issue(conn, "ghost", now=NOW)
    with pytest.raises(NotFound):
        await credentials.revoke(conn, "ghost", now=NOW)


@pytest.mark.usefixtures("lamp")
async def test_no_device_gets_the_name_of_one_of_our_programs(conn: Connection) -> None:
    with pytest.raises(Conflict, match="our own programs"):
        await credentials.issue(conn, "svc-ingest", now=NOW)


async def test_of_two_who_rotate_at_once_only_one_succeeds(
    conn: Connection, lamp: str, role_url: Callable[[str], str]
) -> None:
    await credentials.issue(conn, lamp, now=NOW)
    await conn.commit()
    async with await AsyncConnection.connect(role_url("yiwang_api")) as other:
        outcomes = await asyncio.gather(
            credentials.rotate(conn, lamp, now=NOW),
            credentials.rotate(other, lamp, now=NOW),
            return_exceptions=True,
        )

    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["Conflict", "Issued"]
