"""What moves and shines on the map, and where water for fire-fighting is."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Annotated, Literal

import msgspec
from msgspec import Meta
from psycopg.rows import dict_row

from core.database import Connection
from core.queries import load_queries

QUERIES = load_queries(Path(__file__).with_name("maps.sql"))
AT_MOST = 50_000  # lamps or vehicles on one map

LampState = Literal["lit", "dark", "day_burning", "off", "unknown"]
VehicleState = Literal["loaded", "empty", "standing", "violation", "unknown"]


class Lamp(msgspec.Struct, frozen=True):
    """A lamp, where it is (WGS-84), and whether it does what it should."""

    lamp: str
    lon: float
    lat: float
    state: LampState


class Vehicle(msgspec.Struct, frozen=True):
    """Where a vehicle was when it last said so, WGS-84."""

    device_id: str
    name: Annotated[str, Meta(description="its plate, if it has one")]
    site_id: str
    company: str
    state: VehicleState
    load: Annotated[float | None, Meta(description="0 empty, 0.5 half, 1 full")]
    violations: int
    lon: float
    lat: float
    speed_kmh: float | None
    direction_deg: Annotated[float | None, Meta(description="clockwise from north")]
    observed_at: datetime
    received_at: datetime


class Water(msgspec.Struct, frozen=True):
    """Pressure of a hydrant or main (MPa), or level of a tank (m), beside its limits."""

    device_id: str
    metric: str
    value: float | None
    unit: str | None
    low: float | None
    high: float | None
    state: Literal["normal", "low", "high", "unknown"]
    observed_at: datetime | None


async def list_lamps(conn: Connection) -> list[Lamp]:
    """Return every lamp's state, by id."""
    async with conn.cursor(row_factory=dict_row) as cursor:
        await cursor.execute(QUERIES["list_lamps"], {"limit": AT_MOST})
        return msgspec.convert(await cursor.fetchall(), list[Lamp])


async def list_vehicles(conn: Connection) -> list[Vehicle]:
    """Return the newest position of every truck in service that ever had one, by id."""
    async with conn.cursor(row_factory=dict_row) as cursor:
        await cursor.execute(QUERIES["list_vehicles"], {"limit": AT_MOST})
        return msgspec.convert(await cursor.fetchall(), list[Vehicle])


async def list_water(conn: Connection, devices: Sequence[str]) -> list[Water]:
    """Return what these devices say about water; what else they measure is left out."""
    async with conn.cursor(row_factory=dict_row) as cursor:
        await cursor.execute(QUERIES["list_water"], {"devices": list(devices)})
        return msgspec.convert(await cursor.fetchall(), list[Water], strict=False)
