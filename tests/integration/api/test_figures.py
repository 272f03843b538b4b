"""Data quality and the system's own state, over http."""

import psycopg
import pytest

from tests.integration.api.conftest import Api, eventually
from tests.integration.api.fake_engine import FakeEngine

DAY = {"from": "2026-05-01T00:00:00+08:00", "to": "2026-05-02T00:00:00+08:00"}


@pytest.fixture
async def quarantined(database_url: str) -> None:
    """Three messages of a day that nobody could read."""
    async with await psycopg.AsyncConnection.connect(database_url) as conn:
        for minute in range(3):
            await conn.execute(
                "INSERT INTO quarantine (received_at, topic, payload, reason, detail, digest)"
                " VALUES (%s, 'yiwang/v1/x', '\\x00', 'bad_json', 'torn', %s)",
                (f"2026-05-01T02:0{minute}:00Z", bytes([minute]) * 16),
            )


@pytest.mark.usefixtures("quarantined")
async def test_what_nobody_could_read_lowers_the_pass_rate_of_its_day(api: Api) -> None:
    answer = await api.client("viewer").get("/figures/pass-rate", params=DAY)

    rates = answer.json()
    assert (answer.status_code, rates["line"]) == (200, 0.95)
    assert rates["sources"] == [{"source": "unknown", "received": 3, "passed": 0, "rate": 0.0}]
    assert [(day["day"], day["received"]) for day in rates["days"]] == [("2026-05-01", 3)]


@pytest.mark.parametrize("path", ["online-rate", "timeliness", "gaps"])
async def test_every_figure_is_there_for_whoever_may_look(api: Api, path: str) -> None:
    answer = await api.client("viewer").get(f"/figures/{path}", params=DAY)

    assert answer.status_code == 200, answer.text


async def test_a_range_of_more_than_three_months_is_refused(api: Api) -> None:
    asked = DAY | {"from": "2026-01-01T00:00:00Z"}

    answer = await api.client("viewer").get("/figures/pass-rate", params=asked)

    assert (answer.status_code, answer.json()["error"]["code"]) == (422, "bad_range")


async def test_the_system_names_who_speaks_who_is_silent_and_who_never_spoke(
    api: Api, engine: FakeEngine
) -> None:
    await engine.beat("simulators", "city", state="degraded", detail="Two trucks are stuck.")

    async def heard() -> dict[str, dict[str, object]] | None:
        system = (await api.client("viewer").get("/system")).json()
        beats = {beat["program"]: beat for beat in system["heartbeats"]}
        return beats if {"simulators", "alerts"} <= beats.keys() else None

    beats = await eventually(heard)

    assert (beats["simulators"]["said"], beats["simulators"]["detail"]) == (
        "degraded",
        "Two trucks are stuck.",
    )
    assert beats["alerts"]["figures"]["devices_total"] == 4
    assert (beats["ingest"]["state"], beats["ingest"]["age_s"]) == ("never", None)


async def test_a_program_that_falls_silent_is_lost_whatever_it_said_last(
    api: Api, engine: FakeEngine
) -> None:
    await engine.beat("ingest", "all", rate_per_s=418.2)

    async def lost() -> dict[str, object] | None:
        system = (await api.client("viewer").get("/system")).json()
        (beat,) = [each for each in system["heartbeats"] if each["program"] == "ingest"]
        return beat if beat["state"] == "lost" else None

    beat = await eventually(lost, within=10)

    assert (beat["said"], beat["figures"]) == ("running", {"rate_per_s": 418.2})


async def test_the_database_says_how_large_it_is_and_what_it_keeps(api: Api) -> None:
    figures = (await api.client("viewer").get("/system/database")).json()
    kept = (await api.client("viewer").get("/system/retention")).json()["items"]

    assert figures["bytes"] > 0
    assert figures["connections"] >= 1
    assert "readings" in {each["relation"] for each in kept}
