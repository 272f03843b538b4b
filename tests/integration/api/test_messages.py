"""The last messages of a device: grouped as they came, with the times they went through."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.integration.api.conftest import Api
from tests.integration.api.test_registry import device, import_city
from tests.integration.api.test_values import execute

NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
DAY = {"from": NOON.isoformat(), "to": (NOON + timedelta(days=1)).isoformat()}


@pytest.fixture
async def said(api: Api, database_url: str) -> None:
    """Let a truck say three messages with two values each, one signal and one position."""
    await import_city(api, [device(1, "truck-terminal")])
    viewer = api.client("viewer")
    number = (await viewer.get("/devices/device-00001")).json()["number"]
    metrics = (await viewer.get("/metrics-catalogue")).json()["items"]
    by_name = {metric["name"]: metric["number"] for metric in metrics}
    delays = (timedelta(seconds=2), timedelta(hours=1), timedelta(seconds=-3))
    rows = [
        (NOON + MINUTE * minute, NOON + MINUTE * minute + delay, number, by_name[name], value, 64)
        for minute, delay in enumerate(delays)
        for name, value in (("load_state", 1.0), ("voltage_v", 24.5))
    ]
    await execute(database_url, "INSERT INTO readings VALUES (%s, %s, %s, %s, %s, %s)", rows)
    at = NOON + MINUTE * 1.5
    signal = (at, at + MINUTE, number, "lift", True, "<b>x</b>", 0)
    await execute(database_url, f"INSERT INTO device_events VALUES ({'%s, ' * 6}%s)", [signal])  # noqa: S608
    fix = (NOON + MINUTE * 5, NOON + MINUTE * 5, number, 103.6, 36.4, 40.0, 90.0, None, 0)
    await execute(database_url, f"INSERT INTO positions VALUES ({'%s, ' * 8}%s)", [fix])  # noqa: S608


async def messages(api: Api, **params: Any) -> list[dict[str, Any]]:
    answer = await api.client("viewer").get("/devices/device-00001/messages", params=params)
    assert answer.status_code == 200, answer.text
    items: list[dict[str, Any]] = answer.json()["items"]
    return items


@pytest.mark.usefixtures("said")
async def test_messages_are_newest_first_each_with_its_delay(api: Api) -> None:
    found = await messages(api, **DAY)

    assert [(one["kind"], one["delay_s"]) for one in found] == [
        ("position", 0),
        ("values", -3),
        ("signal", 60),
        ("values", 3600),
        ("values", 2),
    ]
    assert {(v["metric"], v["value"], v["quality"]) for v in found[1]["values"]} == {
        ("load_state", 1, 64),
        ("voltage_v", 24.5, 64),
    }
    assert found[2]["signal"]["detail"] == "<b>x</b>"
    assert "signal" not in found[1]


@pytest.mark.usefixtures("said")
async def test_a_limit_counts_messages_not_values(api: Api) -> None:
    assert [one["kind"] for one in await messages(api, **DAY, limit=2)] == ["position", "values"]


@pytest.mark.usefixtures("said")
async def test_what_lies_outside_the_range_is_left_out(api: Api) -> None:
    later = {"from": (NOON + MINUTE * 2).isoformat(), "to": DAY["to"]}

    assert len(await messages(api, **later)) == 2
    assert await messages(api) == []  # the last two days


async def test_nobody_has_messages_who_is_not_registered(api: Api) -> None:
    answer = await api.client("viewer").get("/devices/nobody/messages")

    assert answer.status_code == 404
