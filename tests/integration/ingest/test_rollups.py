import asyncio
import random
from collections import defaultdict
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from psycopg.sql import SQL, Identifier

from ingest.upkeep import RefreshReport, refresh_rollups
from tests.fixtures.databases import RoleUrl
from tests.fixtures.upkeep import Row, Sample, Upkeep, append

SHANGHAI = ZoneInfo("Asia/Shanghai")
LEVELS = ("readings_1m", "readings_1h", "readings_1d")
NOW = datetime.now(UTC)


@pytest.fixture
def upkeep(database_url: str, role_url: RoleUrl) -> Upkeep:
    return Upkeep(database_url, role_url)


def bucket_of(level: str, at: datetime) -> datetime:
    match level:
        case "readings_1m":
            return at.replace(second=0, microsecond=0)
        case "readings_1h":
            return at.replace(minute=0, second=0, microsecond=0)
        case _:
            local = at.astimezone(SHANGHAI).replace(hour=0, minute=0, second=0, microsecond=0)
            return local.astimezone(UTC)


def counted(level: str, samples: Iterable[Sample]) -> list[Row]:
    """Count everything from scratch."""
    groups: dict[tuple[datetime, int, int], list[Sample]] = defaultdict(list)
    for sample in samples:
        if sample.quality < 64:
            groups[bucket_of(level, sample.at), sample.device, sample.metric].append(sample)
    return [(*key, *figures(groups[key])) for key in sorted(groups)]


def figures(samples: list[Sample]) -> Row:
    values = [sample.value for sample in sorted(samples)]
    average = pytest.approx(sum(values) / len(values), rel=1e-12)
    return len(values), min(values), max(values), average, values[-1]


async def assert_right(upkeep: Upkeep, samples: Iterable[Sample]) -> None:
    samples = list(samples)
    for level in LEVELS:
        assert await upkeep.rollup(level) == counted(level, samples), level


def scattered(seed: int, count: int, *, back: timedelta, devices: int = 4) -> list[Sample]:
    """Readings at random instants of the past, each instant once."""
    chance = random.Random(seed)
    span = back // timedelta(milliseconds=1)
    instants = chance.sample(range(2000, span), count)
    return [
        Sample(
            NOW - timedelta(milliseconds=instant),
            chance.uniform(-50, 50),
            device=chance.randint(1, devices),
            metric=chance.randint(1, 2),
            quality=chance.choice([0, 0, 0, 1, 64, 65, 128]),
        )
        for instant in instants
    ]


async def test_readers_see_everything_before_and_after_it_is_settled(upkeep: Upkeep) -> None:
    samples = scattered(1, 3000, back=timedelta(days=3)) + scattered(
        2, 500, back=timedelta(minutes=10)
    )
    await upkeep.write(samples)
    await assert_right(upkeep, samples)

    await upkeep.settle()

    await assert_right(upkeep, samples)


async def test_rows_of_the_running_minute_are_there_at_once(upkeep: Upkeep) -> None:
    await upkeep.settle()
    now = datetime.now(UTC)
    samples = [Sample(now, 1.0), Sample(now - timedelta(milliseconds=1), 3.0)]

    await upkeep.write(samples)

    await assert_right(upkeep, samples)


async def test_late_rows_reach_minute_hour_and_day(upkeep: Upkeep) -> None:
    on_time = scattered(3, 1000, back=timedelta(days=2))
    await upkeep.write(on_time)
    await upkeep.settle()
    late = scattered(4, 300, back=timedelta(days=40), devices=6)

    await upkeep.write(late)
    await upkeep.settle()

    await assert_right(upkeep, on_time + late)


async def test_the_local_day_begins_at_sixteen_hours_utc(upkeep: Upkeep) -> None:
    midnight = (NOW - timedelta(days=3)).replace(hour=16, minute=0, second=0, microsecond=0)
    evening = Sample(midnight - timedelta(microseconds=1), 1.0)
    morning = Sample(midnight, 2.0)

    await upkeep.write([evening, morning])
    await upkeep.settle()

    days = await upkeep.rollup("readings_1d")
    assert [(bucket, last) for bucket, *_, last in days] == [
        (midnight - timedelta(days=1), 1.0),
        (midnight, 2.0),
    ]


async def test_averages_of_unequal_hours_are_weighted(upkeep: Upkeep) -> None:
    noon = (NOW - timedelta(days=3)).replace(hour=4, minute=0, second=0, microsecond=0)
    busy = [Sample(noon + timedelta(seconds=second), 0.0) for second in range(99)]
    quiet = Sample(noon + timedelta(hours=1), 100.0)

    await upkeep.write([*busy, quiet])
    await upkeep.settle()

    ((_, _, _, count, _, _, average, _),) = await upkeep.rollup("readings_1d")
    assert (count, average) == (100, 1.0)


async def test_a_repeated_batch_changes_nothing(upkeep: Upkeep) -> None:
    samples = scattered(5, 500, back=timedelta(hours=5))
    await upkeep.write(samples)
    await upkeep.settle(NOW)

    await upkeep.write(samples)
    report = await upkeep.settle(NOW)

    assert report == RefreshReport()
    await assert_right(upkeep, samples)


async def test_settling_twice_writes_nothing(upkeep: Upkeep) -> None:
    await require_apache(upkeep)
    await upkeep.write(scattered(6, 500, back=timedelta(days=2)))
    await upkeep.settle(NOW)
    before = await versions(upkeep)

    report = await upkeep.settle(NOW)

    assert report == RefreshReport()
    assert await versions(upkeep) == before


async def test_a_row_committed_after_its_minute_was_settled_is_not_lost(upkeep: Upkeep) -> None:
    early = scattered(7, 200, back=timedelta(hours=3))
    slow = scattered(8, 200, back=timedelta(hours=3))
    await upkeep.write(early)
    async with upkeep.connect("yiwang_ingest") as conn, conn.transaction():
        await append(conn, slow)
        await upkeep.settle()
        await assert_right(upkeep, early)

    await upkeep.settle()

    await assert_right(upkeep, early + slow)


async def test_a_row_committed_while_its_minute_is_being_settled_is_not_lost(
    upkeep: Upkeep,
) -> None:
    await require_apache(upkeep)
    early = scattered(9, 50, back=timedelta(hours=3))
    during = scattered(10, 50, back=timedelta(hours=3))
    await upkeep.write(early)
    async with upkeep.connect("yiwang_ingest") as conn, conn.transaction():
        await refresh_rollups(conn, NOW)
        await upkeep.write(during)

    await upkeep.settle()

    await assert_right(upkeep, early + during)


async def test_writers_and_settling_side_by_side_lose_nothing(upkeep: Upkeep) -> None:
    batches = [
        [s._replace(metric=seed) for s in scattered(seed, 200, back=timedelta(hours=2))]
        for seed in range(100, 120)
    ]
    written = asyncio.Event()

    async def write(mine: list[list[Sample]]) -> None:
        for batch in mine:
            await upkeep.write(batch)

    async def settle() -> None:
        while not written.is_set():
            await upkeep.settle()

    async with asyncio.TaskGroup() as tasks:
        settling = tasks.create_task(settle())
        async with asyncio.TaskGroup() as writers:
            writers.create_task(write(batches[::2]))
            writers.create_task(write(batches[1::2]))
        written.set()
        await settling
    await upkeep.settle()

    await assert_right(upkeep, [sample for batch in batches for sample in batch])


async def test_a_small_budget_is_never_seen_by_readers(upkeep: Upkeep) -> None:
    await require_apache(upkeep)
    samples = many_series(minutes=8)
    await upkeep.write(samples)

    passes = 0
    async with upkeep.connect("yiwang_ingest") as conn:
        while (await refresh_rollups(conn, NOW)).unfinished:
            passes += 1
            await assert_right(upkeep, samples)

    assert passes >= 3
    await assert_right(upkeep, samples)


async def test_one_late_device_costs_its_own_series_alone(upkeep: Upkeep) -> None:
    await require_apache(upkeep)
    crowd = many_series(minutes=2)
    await upkeep.write(crowd)
    await upkeep.settle()
    late = [crowd[0]._replace(at=crowd[0].at + timedelta(milliseconds=1), value=99.0)]

    await upkeep.write(late)
    report = await upkeep.settle()

    assert (report.buckets, report.series) == (0, 3)  # its minute, its hour, its day
    await assert_right(upkeep, crowd + late)


async def test_rows_older_than_the_minutes_are_kept_leave_the_rollups_alone(
    upkeep: Upkeep,
) -> None:
    samples = scattered(11, 50, back=timedelta(days=2))
    await upkeep.write(samples)
    await upkeep.settle()

    await upkeep.write([Sample(NOW - timedelta(days=370), 5.0)])
    await upkeep.settle()

    await assert_right(upkeep, samples)


@pytest.mark.parametrize("role", ["yiwang_api", "yiwang_alerts"])
async def test_every_reader_may_read(upkeep: Upkeep, role: str) -> None:
    await upkeep.write([Sample(NOW, 1.0)])

    async with upkeep.connect(role) as conn:
        for level in LEVELS:
            cursor = await conn.execute(SQL("SELECT count, sum FROM {}").format(Identifier(level)))
            assert await cursor.fetchall() == [(1, 1.0)]


def many_series(minutes: int) -> list[Sample]:
    """More series a minute than are noted by name."""
    start = (NOW - timedelta(hours=50)).replace(minute=0, second=0, microsecond=0)
    return [
        Sample(start + timedelta(minutes=minute), float(device), device=device)
        for minute in range(minutes)
        for device in range(1, 151)
    ]


async def versions(upkeep: Upkeep) -> list[Row]:
    """Tell which transaction wrote each settled row."""
    return [
        row
        for level in LEVELS
        for row in await upkeep.fetch(
            SQL("SELECT bucket, device_id, metric_id, xmin::text FROM {} ORDER BY 1, 2, 3").format(
                Identifier(f"{level}_settled")
            )
        )
    ]


async def require_apache(upkeep: Upkeep) -> None:
    if await upkeep.has_policies():
        pytest.skip("Here TimescaleDB settles by itself.")
