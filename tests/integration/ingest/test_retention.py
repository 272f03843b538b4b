from datetime import UTC, datetime, timedelta

import psycopg
import pytest

from ingest.upkeep import enforce_retention
from tests.fixtures.databases import RoleUrl
from tests.fixtures.upkeep import Row, Sample, Upkeep

NOW = datetime.now(UTC)


@pytest.fixture
def upkeep(database_url: str, role_url: RoleUrl) -> Upkeep:
    return Upkeep(database_url, role_url)


def ago(days: float) -> datetime:
    return NOW - timedelta(days=days)


async def test_a_year_of_readings_is_kept_and_what_is_older_goes(upkeep: Upkeep) -> None:
    await upkeep.write([Sample(ago(days), days) for days in (1, 366, 399, 402, 500)])

    await upkeep.retire()

    assert await upkeep.fetch("SELECT value FROM readings ORDER BY value") == [(1,), (366,), (399,)]


async def test_fire_signals_stay_three_years_and_journeys_half_a_year(upkeep: Upkeep) -> None:
    for days in (100, 300, 1000, 1200):
        await upkeep.fetch(
            "INSERT INTO device_events VALUES (%s, now(), 1, 'fire', true, '', 0)", ago(days)
        )
        await upkeep.fetch(
            "INSERT INTO positions (observed_at, received_at, device_id, lon, lat, quality)"
            " VALUES (%s, now(), 1, 103.8, 36.1, 0)",
            ago(days),
        )

    await upkeep.retire()

    assert await days_left(upkeep, "device_events") == [100, 300, 1000]
    assert await days_left(upkeep, "positions") == [100]


async def test_closed_alerts_go_in_the_end_and_open_ones_never(upkeep: Upkeep) -> None:
    for name, cleared_at in [("old", ago(1100)), ("young", ago(1000)), ("open", None)]:
        await upkeep.fetch(
            "INSERT INTO alerts VALUES (%s, 1, 'smoke', 1, 'event', 'critical', 'normal', NULL,"
            " NULL, '620171', 'fire', 'fire', %s, %s, %s, NULL, NULL, NULL, %s, '{}')",
            name,
            ago(1300),
            ago(1300),
            ago(1300),
            cleared_at,
        )
    await upkeep.fetch(
        "INSERT INTO alert_events VALUES (1, 'old', %s, 'raised', NULL, '{}'),"
        " (2, 'young', %s, 'raised', NULL, '{}')",
        ago(1100),
        ago(1000),
    )

    gone = await upkeep.retire()

    assert gone == {"alerts": 1, "alert_events": 1}
    assert await upkeep.fetch("SELECT alert_id FROM alerts ORDER BY 1") == [("open",), ("young",)]
    assert await upkeep.fetch("SELECT seq FROM alert_events") == [(2,)]


async def test_more_rows_than_one_transaction_deletes_go_all_the_same(upkeep: Upkeep) -> None:
    await upkeep.fetch(
        "INSERT INTO ledger SELECT device, %s, 1, 1, 0, 0 FROM generate_series(1, 20005) AS device",
        ago(401),
    )
    await upkeep.fetch("INSERT INTO ledger VALUES (1, %s, 1, 1, 0, 0)", ago(399))

    gone = await upkeep.retire()

    assert gone == {"ledger": 20005}
    assert await upkeep.fetch("SELECT count(*) FROM ledger") == [(1,)]


async def test_an_unread_message_may_be_a_fire_and_stays_a_year(upkeep: Upkeep) -> None:
    for days in (366, 401):
        await upkeep.fetch(
            "INSERT INTO quarantine (received_at, topic, payload, reason, detail, digest)"
            " VALUES (%s, 'yiwang/v1/620171/fire/d1/event', %s, 'not_json', 'Not JSON.', %s)",
            ago(days),
            str(days).encode(),
            str(days).encode(),
        )

    await upkeep.retire()

    assert await upkeep.fetch("SELECT convert_from(payload, 'UTF8') FROM quarantine") == [("366",)]


@pytest.mark.parametrize(
    "relation",
    ["readings", "device_events", "alerts", "alert_events", "alert_journal", "quarantine"],
)
async def test_the_year_cannot_be_shortened_by_mistake(upkeep: Upkeep, relation: str) -> None:
    with pytest.raises(psycopg.errors.CheckViolation):
        await limit(upkeep, relation, "90 days")


async def test_a_clock_that_runs_ahead_deletes_nothing_early(upkeep: Upkeep) -> None:
    await upkeep.write([Sample(ago(10), 1.0)])
    await upkeep.fetch("INSERT INTO ledger VALUES (1, %s, 1, 1, 0, 0)", ago(10))

    async with upkeep.connect("yiwang_ingest") as conn:
        gone = await enforce_retention(conn, ago(-1000))

    assert gone == {}
    assert await upkeep.fetch("SELECT value FROM readings") == [(1.0,)]


async def test_a_changed_limit_is_followed(upkeep: Upkeep) -> None:
    await upkeep.fetch(
        "INSERT INTO positions (observed_at, received_at, device_id, lon, lat, quality)"
        " VALUES (%s, now(), 1, 103.8, 36.1, 0)",
        ago(45),
    )
    await upkeep.retire()
    assert await days_left(upkeep, "positions") == [45]

    await limit(upkeep, "positions", "30 days")
    await upkeep.retire()

    assert await days_left(upkeep, "positions") == []


async def test_a_limit_taken_away_keeps_for_ever(upkeep: Upkeep) -> None:
    await upkeep.write([Sample(ago(2000), 1.0)])

    await limit(upkeep, "readings", None)
    await upkeep.retire()

    assert await upkeep.fetch("SELECT value FROM readings") == [(1.0,)]


async def test_rollups_outlive_what_they_were_counted_from(upkeep: Upkeep) -> None:
    await upkeep.write([Sample(ago(200), 3.0), Sample(ago(10), 5.0)])
    await upkeep.settle()
    levels = ("readings_1m", "readings_1h", "readings_1d")
    before = [await upkeep.rollup(level) for level in levels]
    await upkeep.fetch("UPDATE retention_classes SET at_least = '1 day'")

    await limit(upkeep, "readings", "100 days")
    await upkeep.retire()
    await upkeep.settle()

    assert await upkeep.fetch("SELECT value FROM readings") == [(5.0,)]
    assert [await upkeep.rollup(level) for level in levels] == before


async def test_minutes_go_after_a_year_and_their_hours_and_days_stay(upkeep: Upkeep) -> None:
    await upkeep.write([Sample(ago(200), 3.0), Sample(ago(10), 5.0)])
    await upkeep.settle()

    await limit(upkeep, "readings_1m", "100 days")
    await upkeep.retire()
    await upkeep.settle()

    counts = [len(await upkeep.rollup(f"readings_{width}")) for width in ("1m", "1h", "1d")]
    assert counts == [1, 2, 2]


async def test_late_rows_enter_days_that_are_compressed_already(upkeep: Upkeep) -> None:
    if not await upkeep.has_policies():
        pytest.skip("The Apache edition compresses nothing.")
    noon = ago(20).replace(hour=4, minute=0, second=0, microsecond=0)
    samples = [Sample(noon + timedelta(seconds=n), 1.0, device=n % 50) for n in range(2000)]
    await upkeep.write(samples)
    await upkeep.settle()
    await upkeep.compress()

    late = Sample(noon + timedelta(hours=1), 9.0)
    await upkeep.write([*samples, late])
    await upkeep.settle()

    assert await upkeep.fetch("SELECT count(*) FROM readings") == [(2001,)]
    ((_, _, _, count, _, maximum, *_),) = [
        row for row in await upkeep.rollup("readings_1d") if row[1] == late.device
    ]
    assert (count, maximum) == (41, 9.0)


async def days_left(upkeep: Upkeep, relation: str) -> list[int]:
    """Return the ages of what is left, in days, youngest first."""
    rows: list[Row] = await upkeep.fetch(
        {
            "positions": "SELECT observed_at FROM positions ORDER BY 1 DESC",
            "device_events": "SELECT observed_at FROM device_events ORDER BY 1 DESC",
        }[relation]
    )
    return [round((NOW - at) / timedelta(days=1)) for (at,) in rows]


async def limit(upkeep: Upkeep, relation: str, keep: str | None) -> None:
    await upkeep.fetch(
        "UPDATE retention_classes SET keep = %s::interval WHERE relation = %s", keep, relation
    )
