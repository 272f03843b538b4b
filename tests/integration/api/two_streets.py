"""One day in two streets that have everything, and everything different."""

from datetime import datetime, timedelta
from typing import Any

import psycopg
from pydantic import SecretStr

from core.database import connect
from devices.model import Device, Grid
from devices.store import put_grids
from tests.integration.api.written_past import Past
from tests.integration.grafana.small_city import SmallCity, device, every, local, site

MIDNIGHT = local("2026-03-10 00:00")
HOUR, MINUTE, FIVE_MINUTES = timedelta(hours=1), timedelta(minutes=1), timedelta(minutes=5)
STREETS = {"west": "620171001", "east": "620171002"}
NIGHT = {"burning_hours": [{"from": "20:00", "to": "06:00"}]}
BAD, UNREAD = 10, 5
"""Readings a detector of the west calls bad itself, messages of a truck of the east."""


def devices_of(place: str) -> list[Device]:
    names = {"smoke": "smoke-detector", "cabinet": "lighting-cabinet", "truck": "truck-terminal"}
    given: dict[str, Any] = {"cabinet": {"attributes": NIGHT}}
    alone = [
        device(f"{place}-{name}", profile, place, **given.get(name, {}))
        for name, profile in names.items()
    ]
    return [
        *alone,
        device(f"{place}-lamp", "lamp-controller", place, gateway_id=f"{place}-cabinet"),
    ]


async def build(city: SmallCity) -> None:
    """Let one day pass in both places."""
    async with await connect(SecretStr(city.upkeep.role_url("yiwang_api")), program="test") as conn:
        await put_grids(conn, [Grid(code="620171", name="新区")])
        await put_grids(
            conn, [Grid(code=code, parent="620171", name=code) for code in STREETS.values()]
        )
        await conn.commit()
    await city.register(
        [
            *(site(place, "fire_unit", grid_code=code) for place, code in STREETS.items()),
            site("silent", "haulage_firm"),
        ],
        [
            *(each for place in STREETS for each in devices_of(place)),
            device("unheard", "truck-terminal", "silent"),
        ],
    )
    await say(city)
    async with city.upkeep.connect() as conn:
        await happen(Past(conn))
        await book(conn)


async def say(city: SmallCity) -> None:
    """Let the lamp in the west burn all night, that in the east in the evening; trucks drive."""
    day, evening = ("2026-03-10 00:00", "2026-03-11 00:00"), "2026-03-10 20:00"
    await city.say("west-lamp", "lamp_on", every(FIVE_MINUTES, *day, 1))
    dark = every(FIVE_MINUTES, day[0], evening, 0)
    await city.say("east-lamp", "lamp_on", dark | every(FIVE_MINUTES, evening, day[1], 1))
    for place, used in (("west", 7), ("east", 5)):
        await city.say(
            f"{place}-cabinet",
            "energy_kwh",
            {MIDNIGHT + HOUR: 100, MIDNIGHT + 9 * HOUR: 100 + used},
        )
    await city.say("west-truck", "load_state", trip(8))
    await city.say("east-truck", "load_state", trip(8) | trip(10))
    bad = {MIDNIGHT + number * MINUTE: 1.0 for number in range(BAD)}
    await city.say("west-smoke", "temperature_c", bad, quality=128)


def trip(hour: int) -> dict[datetime, float]:
    """Return an empty, loaded and again empty truck within an hour and a half."""
    at = [f"2026-03-10 {hour:02}:00", f"2026-03-10 {hour:02}:20", f"2026-03-10 {hour + 1:02}:00"]
    return {
        **every(MINUTE, at[0], at[1], 0),
        **every(MINUTE, at[1], at[2], 1),
        **every(MINUTE, at[2], f"2026-03-10 {hour + 1:02}:30", 0),
    }


async def happen(past: Past) -> None:
    """Let a fire and a silence be told of in the west, three violations in the east."""
    fire = {"device_id": "west-smoke", "site_id": "west", "rule_id": "fire", "life_safety": True}
    await past.alert("fire", MIDNIGHT + HOUR, ack_s=30, **fire)
    await past.step(
        "fire", MIDNIGHT + HOUR, {"transition": "acknowledged", "state": "acknowledged", **fire}
    )
    silence = {"kind": "offline", "cause": "device", "active": False, "priority": "low"}
    silence |= {"device_id": "west-smoke", "site_id": "west", "rule_id": "offline"}
    await past.alert("silence", MIDNIGHT, state="normal", clear_s=6 * 3600, **silence)
    for number in range(3):
        over = {"state": "normal", "clear_s": 600} if number == 2 else {}
        truck = {"device_id": "east-truck", "site_id": "east", "domain": "truck"}
        await past.alert(
            f"violation-{number}",
            MIDNIGHT + (2 + number) * HOUR,
            ack_s=120,
            rule_id="hours",
            **truck,
            **over,
        )
    await past.checked(MIDNIGHT + HOUR, True, False)


async def book(conn: psycopg.AsyncConnection) -> None:
    """Note that messages came all day, and that the truck in the east was not always understood."""
    await conn.execute(
        "INSERT INTO ledger SELECT number, %s, 1, 1, 0, 0 FROM devices WHERE site_id <> 'silent'",
        [MIDNIGHT],
    )
    await conn.execute(
        "INSERT INTO quarantine (received_at, device_id, topic, payload, reason, detail, digest)"
        " SELECT %s, number, 't', 'p', 'bad_json', 'It is no JSON.', n::text::bytea"
        "   FROM devices, generate_series(1, %s) AS n WHERE device_id = 'east-truck'",
        [MIDNIGHT + HOUR, UNREAD],
    )
