import json
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
import pytest
from psycopg.sql import SQL, Identifier

from tests.fixtures.databases import RoleUrl
from tests.fixtures.upkeep import Upkeep
from tests.integration.grafana.conftest import Clone
from tests.integration.grafana.small_city import SmallCity, device, local, site

GATEWAY, SMOKE, WATER = "unit-gateway", "unit-smoke", "unit-hydrant"
DAY = local("2026-03-10 00:00"), local("2026-03-11 00:00")
HEARD = {GATEWAY: "voltage_v", SMOKE: "smoke_db_m", WATER: "pressure_mpa"}
OFFICER, PHONE, OWNER = "li.wei", "13900001234", "王小明"


@pytest.fixture
async def city(database_url: str, role_url: RoleUrl) -> SmallCity:
    """One networked unit with three devices, of which nobody has heard yet."""
    found = SmallCity(Upkeep(database_url, role_url))
    contact = {"use": "医院", "contact": OWNER, "telephone": PHONE}
    await found.register(
        [site("unit", "fire_unit", attributes=contact)],
        [
            device(GATEWAY, "user-information-transmission-device", "unit", attributes=contact),
            device(SMOKE, "smoke-detector", "unit", gateway_id=GATEWAY),
            device(WATER, "hydrant-pressure", "unit", gateway_id=GATEWAY),
        ],
    )
    return found


async def hear(city: SmallCity, *silent: str) -> None:
    """Hear of all devices but these just now."""
    for name, metric in HEARD.items():
        if name not in silent:
            await city.say_latest(name, metric, 0.3, datetime.now(UTC))


@pytest.mark.parametrize(
    ("silent", "alert", "state"),
    [
        pytest.param((), None, "normal", id="all-is-well"),
        pytest.param(tuple(HEARD), None, "offline", id="nobody-was-ever-heard"),
        pytest.param((GATEWAY,), None, "offline", id="its-transmission-device-is-silent"),
        pytest.param((SMOKE,), None, "fault", id="one-detector-is-silent"),
        pytest.param((), {"priority": "low"}, "fault", id="a-minor-alert"),
        pytest.param((), {"priority": "high"}, "alarm", id="an-urgent-alert"),
        pytest.param((), {"priority": "critical", "life_safety": True}, "fire", id="it-burns"),
        pytest.param((GATEWAY,), {"life_safety": True}, "fire", id="fire-before-silence"),
        pytest.param((), {"life_safety": True, "drill": True}, "normal", id="a-drill"),
        pytest.param((), {"life_safety": True, "verdict": "false"}, "normal", id="found-false"),
        pytest.param((), {"priority": "high", "kind": "offline"}, "fault", id="only-silence"),
        pytest.param((), {"priority": "high", "state": "normal"}, "normal", id="over"),
        pytest.param(
            (), {"priority": "high", "hold": {"state": "shelved"}}, "normal", id="put-aside"
        ),
    ],
)
async def test_the_state_of_a_unit(
    city: SmallCity, silent: tuple[str, ...], alert: dict[str, Any] | None, state: str
) -> None:
    await hear(city, *silent)
    if alert is not None:
        await city.alert("one", SMOKE, site_id="unit", **alert)

    (unit,) = await city.ask("SELECT * FROM dash.units_now")

    assert (unit["state"], unit["devices"], unit["silent"]) == (state, 3, len(silent))


async def test_of_several_alerts_the_one_about_lives_is_the_worst(city: SmallCity) -> None:
    await hear(city)
    await city.alert("urgent", SMOKE, site_id="unit", priority="critical")
    await city.alert("lives", SMOKE, site_id="unit", priority="high", life_safety=True)

    (unit,) = await city.ask("SELECT worst_alert_id, open_alerts, systems FROM dash.units_now")

    assert (unit["worst_alert_id"], unit["open_alerts"]) == ("lives", 2)
    assert unit["systems"] == {"alarm": "fire", "hydrant": "normal", "transmission": "normal"}


@pytest.mark.parametrize(
    ("value", "age", "state"),
    [
        (0.14, 0, "normal"),
        (0.139, 0, "low"),
        (0.0, 0, "low"),
        (0.3, 301, "unknown"),
    ],
)
async def test_the_water_of_a_hydrant(
    city: SmallCity, value: float, age: float, state: str
) -> None:
    at = datetime.now(UTC) - timedelta(seconds=age)
    await city.say_latest(WATER, "pressure_mpa", value, at)

    (water,) = await city.ask("SELECT state FROM dash.fire_water_now")

    assert water["state"] == state


async def test_clocks_know_target_and_limit_to_the_tenth_of_a_second(city: SmallCity) -> None:
    raised = local("2026-03-10 09:00")
    for number, late in enumerate((-3, 10, 10.1, 20.1)):
        known = raised + timedelta(seconds=late)
        await city.alert(f"a{number}", SMOKE, raised_at=raised, detected_at=known)
    await city.alert("drill", SMOKE, raised_at=raised, detected_at=raised, drill=True)
    await city.alert("delayed", SMOKE, raised_at=raised, kind="threshold",
                     detected_at=raised + timedelta(minutes=9))  # fmt: skip
    await city.alert("elsewhere", SMOKE, raised_at=raised, domain="truck",
                     detected_at=raised + timedelta(minutes=9))  # fmt: skip

    rows = await city.ask("SELECT * FROM dash.response_clocks(%s, %s, 'fire')", *DAY)

    transmit = rows[0]
    assert (transmit["clock"], transmit["alerts"], transmit["worst_s"]) == ("transmit", 4, 20.1)
    assert (transmit["within_target"], transmit["within_limit"]) == (0.5, 0.75)
    assert transmit["median_s"] == pytest.approx(10.05)


async def test_steps_nobody_took_have_no_clock(city: SmallCity) -> None:
    raised = local("2026-03-10 09:00")
    acknowledged = {"acknowledged_at": raised + timedelta(seconds=42)}
    handed = {
        "verified_at": raised + timedelta(seconds=60),
        "fire_brigade": {"at": str(raised + timedelta(seconds=63)), "officer": OFFICER},
    }
    await city.alert("taken", SMOKE, raised_at=raised, **acknowledged, **handed)
    await city.alert("waiting", SMOKE, raised_at=raised)

    rows = await city.ask("SELECT * FROM dash.response_clocks(%s, %s)", *DAY)

    clocks = {row["clock"]: (row["alerts"], row["worst_s"], row["within_target"]) for row in rows}
    assert clocks["acknowledge"] == (1, 42, None)
    assert clocks["hand_over"] == (1, 3, 1)
    assert clocks["arrive"] == (0, None, None)


async def check(city: SmallCity, no: int, event: str, answers: list[dict[str, Any]]) -> None:
    said = json.dumps({"event": event, "check": {"answers": answers}, "missed": []})
    await city.upkeep.fetch(
        "INSERT INTO alert_journal VALUES (%s, %s, 'check', 'fire', NULL, %s, 'x')",
        no, local("2026-03-10 09:00"), said,
    )  # fmt: skip


async def test_who_could_not_be_reached_is_told_apart_from_who_did_not_answer(
    city: SmallCity,
) -> None:
    answered = {"name": OFFICER, "reachable": True, "answered_at": "2026-03-10T01:00:00Z"}
    missed = {"name": OFFICER, "reachable": True, "answered_at": None}
    away = {"name": OFFICER, "reachable": False, "answered_at": None}
    await check(city, 1, "asked", [answered])
    await check(city, 2, "closed", [answered, away])
    await check(city, 3, "closed", [answered, missed])

    rows = await city.ask("SELECT * FROM dash.duty_checks(%s, %s)", *DAY)

    assert rows == [
        {"desk_id": "fire", "checks": 2, "asked": 3, "answered": 2, "missed": 1,
         "unreachable": 1, "rate": pytest.approx(2 / 3)}
    ]  # fmt: skip


PERIOD = "('2026-03-01', now())"
SOURCES = (
    "device_states", "unit_devices_now", "unit_systems_now", "units_now", "fire_water_now",
    "fire_electrical_now", "lamps_now", "cabinets_now", "trucks_now", "truck_permits",
    "unit_readings('unit', 'smoke_db_m', '2026-03-01', now())",
    *(f"{name}{PERIOD}" for name in (
        "response_clocks", "duty_checks", "lighting_by_site", "lighting_rate",
        "facilities_by_site", "facility_rate", "energy_by_site", "lighting_energy",
        "truck_violations", "truck_trips", "truck_trip_places", "truck_tracks", "truck_driving",
    )),
)  # fmt: skip


async def test_no_view_of_the_trades_shows_anything_personal(city: SmallCity) -> None:
    await hear(city)
    answered = {"name": OFFICER, "reachable": True, "answered_at": "2026-03-10T01:00:00Z"}
    await check(city, 1, "closed", [answered])
    signed = {"acknowledged_by": OFFICER, "verified_by": OFFICER, "assigned_to": OFFICER}
    await city.alert("one", SMOKE, site_id="unit", note=f"{OWNER} {PHONE}", actor=OFFICER, **signed)

    with psycopg.connect(city.upkeep.role_url("yiwang_grafana")) as conn:
        shown = "".join(
            str(conn.execute(b"SELECT * FROM dash." + source.encode()).fetchall())
            for source in SOURCES
        )

    assert GATEWAY in shown
    assert [secret for secret in (OFFICER, PHONE, OWNER) if secret in shown] == []


@pytest.mark.parametrize("table", ["devices", "sites", "alerts", "positions", "readings", "users"])
def test_dashboards_cannot_go_round_the_views(empty: Clone, table: str) -> None:
    with (
        psycopg.connect(empty.url("yiwang_grafana")) as conn,
        pytest.raises(psycopg.errors.InsufficientPrivilege),
    ):
        conn.execute(SQL("SELECT * FROM public.{}").format(Identifier(table)))


async def test_every_figure_says_what_it_is(empty: Clone) -> None:
    rows = await SmallCity(Upkeep(empty.url(), empty.url)).ask(
        "SELECT name FROM (SELECT relname AS name, obj_description(oid, 'pg_class') AS told"
        "  FROM pg_class WHERE relnamespace = 'dash'::regnamespace AND relkind = 'v'"
        " UNION ALL SELECT proname, obj_description(oid, 'pg_proc')"
        "  FROM pg_proc WHERE pronamespace = 'dash'::regnamespace) AS figures WHERE told IS NULL"
    )

    assert rows == []
