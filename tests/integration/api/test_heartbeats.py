"""What dashboards know of the programs' lives."""

import asyncio
from typing import Any

from psycopg import AsyncConnection
from pydantic import SecretStr

from api.database import Database
from api.heartbeats import keep_once
from api.picture import Picture, Pulse
from tests.fixtures.databases import RoleUrl
from tests.integration.api.conftest import eventually

AT_MS = 1_770_000_000_000
INGEST = Pulse(
    program="ingest", instance="all", at=AT_MS, state="running", rate_per_s=418.2, spooled=0
)


async def _kept(role_url: RoleUrl) -> list[tuple[Any, ...]]:
    async with await AsyncConnection.connect(role_url("yiwang_api")) as conn:
        cursor = await conn.execute(
            "SELECT program, instance, extract(epoch FROM at) * 1000, state, facts FROM heartbeats"
        )
        return await cursor.fetchall()


async def _connected(role_url: RoleUrl) -> tuple[Database, asyncio.Task[None]]:
    database = Database(SecretStr(role_url("yiwang_api")))
    watching = asyncio.create_task(database.watch_forever())

    async def up() -> bool:
        return database.up

    await eventually(up)
    return database, watching


async def test_a_heartbeat_is_kept_once_with_the_figures_it_told(role_url: RoleUrl) -> None:
    picture = Picture()
    picture.hear(INGEST, at_us=AT_MS * 1000)
    database, watching = await _connected(role_url)

    assert await keep_once(picture, database)
    assert await keep_once(picture, database)
    watching.cancel()

    assert await _kept(role_url) == [
        ("ingest", "all", AT_MS, "running", {"rate_per_s": 418.2, "spooled": 0})
    ]


async def test_while_the_database_is_away_nothing_is_kept_and_nothing_breaks() -> None:
    picture = Picture()
    picture.hear(INGEST, at_us=AT_MS * 1000)

    assert not await keep_once(picture, Database(SecretStr("postgresql://127.0.0.1:1/nowhere")))
