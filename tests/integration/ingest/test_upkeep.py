import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

import pytest
from pydantic import SecretStr

from core.clock import utc_now
from ingest import upkeep as loop
from ingest.upkeep import claim_upkeep, keep_up_forever
from tests.fixtures.databases import RoleUrl
from tests.fixtures.upkeep import Row, Sample, Upkeep

HOLDERS = """
SELECT pid FROM pg_locks
 WHERE locktype = 'advisory' AND granted
   AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
"""


@pytest.fixture
def upkeep(database_url: str, role_url: RoleUrl, monkeypatch: pytest.MonkeyPatch) -> Upkeep:
    monkeypatch.setattr(loop, "_TRY_AGAIN_AFTER", 0.05)
    monkeypatch.setattr(loop, "_PASS_EVERY", 0.05)
    return Upkeep(database_url, role_url)


@asynccontextmanager
async def kept_up(upkeep: Upkeep) -> AsyncIterator[None]:
    url = SecretStr(upkeep.role_url("yiwang_ingest"))
    async with asyncio.TaskGroup() as tasks:
        running = tasks.create_task(keep_up_forever(url, utc_now))
        yield
        running.cancel()


async def until(condition: Callable[[], Awaitable[bool]]) -> None:
    async with asyncio.timeout(20):
        while not await condition():
            pass


async def test_only_one_instance_works_at_a_time(upkeep: Upkeep) -> None:
    async with upkeep.connect("yiwang_ingest") as second:
        async with upkeep.connect("yiwang_ingest") as first:
            assert await claim_upkeep(first)
            assert not await claim_upkeep(second)

        async def is_free() -> bool:
            return await claim_upkeep(second)

        await until(is_free)


async def test_the_loop_settles_and_retires(upkeep: Upkeep) -> None:
    now = datetime.now(UTC)
    await upkeep.write([Sample(now - timedelta(days=2), 1.0)])
    await upkeep.fetch("INSERT INTO ledger VALUES (1, now() - interval '401 days', 1, 1, 0, 0)")

    async def is_done() -> bool:
        return not await upkeep.fetch("SELECT 1 FROM ledger") and await is_settled(upkeep)

    async with kept_up(upkeep):
        await until(is_done)


async def test_the_loop_outlives_its_connection(upkeep: Upkeep) -> None:
    first: list[Row] = []

    async def is_at_work() -> bool:
        holders = await upkeep.fetch(HOLDERS)
        return bool(holders) and holders != first

    async with kept_up(upkeep):
        await until(is_at_work)
        first += await upkeep.fetch(HOLDERS)
        await upkeep.fetch("SELECT pg_terminate_backend(%s)", first[0][0])

        await until(is_at_work)


async def test_a_second_loop_takes_over_from_a_dead_one(upkeep: Upkeep) -> None:
    async def is_at_work() -> bool:
        return bool(await upkeep.fetch(HOLDERS))

    async with kept_up(upkeep):
        await until(is_at_work)
        async with kept_up(upkeep):
            (first,) = await upkeep.fetch(HOLDERS)
            await upkeep.fetch("SELECT pg_terminate_backend(%s)", *first)

            await until(is_at_work)


async def is_settled(upkeep: Upkeep) -> bool:
    if await upkeep.has_policies():
        return True
    return bool(await upkeep.fetch("SELECT 1 FROM readings_1d_settled"))
