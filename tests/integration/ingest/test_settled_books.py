"""The books by source: whether an hour is settled or counted on the fly, it says the same."""

from datetime import datetime, timedelta

import pytest

from core.clock import utc_now
from ingest.upkeep import settle_books
from tests.fixtures.databases import RoleUrl
from tests.fixtures.upkeep import Row, Upkeep

_HOUR = timedelta(hours=1)


@pytest.fixture
def upkeep(database_url: str, role_url: RoleUrl) -> Upkeep:
    return Upkeep(database_url, role_url)


async def _book(upkeep: Upkeep, device: int, hour: datetime, stored: int) -> None:
    await upkeep.fetch(
        "INSERT INTO ledger VALUES (%s, %s, %s, %s, 0, 0) ON CONFLICT (device_id, hour)"
        " DO UPDATE SET received = EXCLUDED.received, stored = EXCLUDED.stored",
        device,
        hour,
        stored,
        stored,
    )


async def _books(upkeep: Upkeep, now: datetime) -> list[Row]:
    return await upkeep.fetch(
        "SELECT hour, source, received, stored FROM dash.books_by_hour(%s, %s)",
        now - timedelta(days=3),
        now,
    )


async def _settle_all(upkeep: Upkeep, now: datetime) -> int:
    passes = 0
    async with upkeep.connect("yiwang_ingest") as conn:
        while await settle_books(conn, now):
            passes += 1
            assert passes < 100, "it never comes to an end"
    return passes


async def test_settling_changes_nothing_that_is_read(upkeep: Upkeep) -> None:
    now = utc_now()
    this_hour = now.replace(minute=0, second=0, microsecond=0)
    for ago in range(50):
        for device in (1, 2):
            await _book(upkeep, device, this_hour - ago * _HOUR, 10 * device + ago)
    counted = await _books(upkeep, now)

    assert await _settle_all(upkeep, now) > 1  # a day at a time

    assert await _books(upkeep, now) == counted
    assert len(counted) == 50
    kept = await upkeep.fetch("SELECT count(*), max(hour) < %s FROM books_by_hour", this_hour)
    assert kept[0][0] >= 48
    assert kept[0][1]


async def test_what_comes_late_is_counted_once_the_next_hour_is_over(upkeep: Upkeep) -> None:
    now = utc_now()
    earlier = now.replace(minute=0, second=0, microsecond=0) - 3 * _HOUR
    await _book(upkeep, 1, earlier, 5)
    await _settle_all(upkeep, now - _HOUR)

    await _book(upkeep, 1, earlier, 8)
    await _settle_all(upkeep, now)

    assert [row[2] for row in await _books(upkeep, now)] == [8]
