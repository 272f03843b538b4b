"""Kill things in the middle of a load; afterwards nothing is missing and nothing is double."""

import asyncio
from contextlib import suppress
from pathlib import Path

import psycopg
import pytest

from tests.acceptance.conftest import City, until

pytestmark = pytest.mark.chaos

LOAD = 1500


async def all_is_stored(city: City) -> None:
    """Wait until the books hold every message the broker took; then compare with the rows."""
    with suppress(TimeoutError):
        await until(lambda: city.ledger()["stored"] >= city.taken)
    ledger = city.ledger()
    assert ledger["stored"] == city.taken, city.story()
    assert ledger["received"] == sum(
        ledger[ending] for ending in ("stored", "duplicate", "quarantined")
    )
    assert ledger["quarantined"] == 0
    assert city.query("SELECT count(*) FROM readings") == [(2 * city.taken,)]
    assert city.query("SELECT count(*) FROM sequence_gaps") == [(0,)]
    assert city.query("SELECT count(*) FROM latest_values") == [(80,)]


async def test_an_ingester_killed_in_the_middle_of_a_load_loses_nothing(city: City) -> None:
    speaking = asyncio.create_task(city.speak(LOAD))
    for killed_after in (300, 700, 1100):
        await until(lambda after=killed_after: city.taken > after)
        await asyncio.to_thread(city.servers.kill, "ingest")

    await speaking
    await all_is_stored(city)


async def test_a_broker_that_restarts_loses_nothing(city: City) -> None:
    speaking = asyncio.create_task(city.speak(LOAD))
    await until(lambda: city.taken > 500)
    await asyncio.to_thread(city.servers.stop, "broker")
    await asyncio.to_thread(city.servers.start, "broker")

    await speaking
    await all_is_stored(city)


async def test_while_the_database_is_away_messages_wait_on_disk(city: City) -> None:
    await city.speak(200)
    await all_is_stored(city)
    await asyncio.to_thread(city.servers.stop, "database")
    spool = city.servers.deployment.instance.state("ingest") / "spool"

    await city.speak(LOAD)
    await until(lambda: spooled(spool) == LOAD)
    await asyncio.to_thread(city.servers.kill, "ingest")
    await asyncio.to_thread(city.servers.start, "database")

    await all_is_stored(city)
    await until(lambda: spooled(spool) == 0)


async def test_a_database_killed_in_the_middle_of_a_load_loses_nothing(city: City) -> None:
    speaking = asyncio.create_task(city.speak(LOAD))
    await until(lambda: city.taken > 300)
    await asyncio.to_thread(city.servers.kill, "database")

    await speaking
    await until(lambda: answers(city))
    await all_is_stored(city)


@pytest.mark.parametrize(
    "city", [{"INGEST_SPOOLING__KEEP_FREE_BYTES": str(1 << 60)}], indirect=True, ids=["disk-full"]
)
async def test_with_database_and_disk_both_refusing_the_broker_holds_everything(
    city: City,
) -> None:
    await city.speak(200)
    await all_is_stored(city)
    await asyncio.to_thread(city.servers.stop, "database")

    await city.speak(LOAD)
    await asyncio.to_thread(city.servers.start, "database")

    await all_is_stored(city)


async def test_an_orderly_stop_leaves_nothing_behind(city: City) -> None:
    speaking = asyncio.create_task(city.speak(LOAD))
    await until(lambda: city.taken > 500)
    await asyncio.to_thread(city.servers.stop, "ingest")
    await asyncio.to_thread(city.servers.start, "ingest")

    await speaking
    await all_is_stored(city)
    assert city.ledger()["duplicate"] == 0


def spooled(folder: Path) -> int:
    return sum(int(file.stem.split("-")[1]) for file in folder.glob("*.spool"))


def answers(city: City) -> bool:
    try:
        city.query("SELECT 1")
    except psycopg.OperationalError:
        return False
    return True
