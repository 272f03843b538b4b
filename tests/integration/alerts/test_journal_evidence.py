"""The evidence of a fire, from the engine to the archive, with what the devices said."""

import json

import psycopg
import pytest
from pydantic import SecretStr

from alerts.history import messages
from alerts.history.messages import Surroundings
from core.clock import from_us
from core.database import connect
from tests.fixtures.databases import RoleUrl
from tests.integration.alerts.duty_room import City

NOW = from_us(1_790_000_000_000_000)
MINUTE = 60


@pytest.fixture
def city(database_url: str) -> City:
    """Two detectors of one site and a truck; each has said something at NOW and much later."""
    city = City(database_url).found()
    city.add("burning", "beside", profile="smoke-detector")
    with psycopg.connect(database_url, autocommit=True) as said:
        for after in ("0", "1 hour"):
            said.execute(
                "INSERT INTO readings SELECT %(now)s::timestamptz + %(after)s::interval, %(now)s,"
                " devices.number, metrics.number, 0.5, 0 FROM devices, metrics"
                " WHERE metrics.name = 'smoke_db_m'",
                {"now": NOW, "after": after},
            )
            said.execute(
                "INSERT INTO device_events SELECT %(now)s::timestamptz + %(after)s::interval,"
                " %(now)s, number, 'fire', true, '', 0 FROM devices",
                {"now": NOW, "after": after},
            )
            said.execute(
                "INSERT INTO positions SELECT %(now)s::timestamptz + %(after)s::interval, %(now)s,"
                " number, 103.8, 36.5, 40, 90, NULL, 0 FROM devices",
                {"now": NOW, "after": after},
            )
    return city


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        ("readings", {"metric": "smoke_db_m", "value": 0.5}),
        ("events", {"kind": "fire", "active": True}),
        ("positions", {"lon": 103.8, "lat": 36.5, "speed_kmh": 40}),
    ],
)
async def test_what_the_devices_of_the_site_said_in_that_time_is_found(
    city: City, role_url: RoleUrl, kind: str, said: dict[str, object]
) -> None:
    burning, beside = city.domains
    around = Surroundings(burning, "unit-1", NOW, NOW)
    async with await connect(SecretStr(role_url("yiwang_alerts")), program="test") as conn:
        found = [json.loads(row) for row in await messages.messages(conn, kind, around)]

    assert [row["device_id"] for row in found] == sorted([burning, beside])
    assert all(said.items() <= row.items() for row in found)


async def test_of_a_device_without_a_site_only_its_own_messages_are_found(
    city: City, role_url: RoleUrl
) -> None:
    burning, _ = city.domains
    async with await connect(SecretStr(role_url("yiwang_alerts")), program="test") as conn:
        around = Surroundings(burning, None, NOW, NOW)
        found = await messages.messages(conn, "events", around)

    assert [json.loads(row)["device_id"] for row in found] == [burning]
