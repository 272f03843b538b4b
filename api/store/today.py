"""Today beside yesterday: hours, and figures up to the same time of day."""

from datetime import datetime
from pathlib import Path
from typing import Literal

import msgspec
from psycopg.rows import dict_row

from core.database import Connection
from core.queries import load_queries

QUERIES = load_queries(Path(__file__).with_name("today.sql"))

FigureName = Literal[
    "alerts",
    "acknowledge_s",
    "online_rate",
    "pass_rate",
    "trips",
    "violations",
    "lighting_rate",
]


class Hour(msgspec.Struct, frozen=True):
    """Alerts raised and messages received in the hour that begins at `at`."""

    at: datetime
    alerts: int
    messages: int


class DayFigure(msgspec.Struct, frozen=True):
    """One figure of one day; null where there is nothing to reckon it from."""

    figure: FigureName
    day: Literal["today", "yesterday"]
    value: float | None


async def list_hours(conn: Connection, now: datetime) -> list[Hour]:
    """Return every hour since yesterday's midnight in Shanghai, oldest first."""
    async with conn.cursor(row_factory=dict_row) as cursor:
        await cursor.execute(QUERIES["list_hours"], {"now": now})
        return msgspec.convert(await cursor.fetchall(), list[Hour])


async def list_figures(conn: Connection, now: datetime) -> list[DayFigure]:
    """Return each figure of today so far, and of yesterday until the same time."""
    found: list[DayFigure] = []
    async with conn.cursor(row_factory=dict_row) as cursor:
        for name in ("list_alert_figures", "list_trade_figures"):
            await cursor.execute(QUERIES[name], {"now": now})
            found += msgspec.convert(await cursor.fetchall(), list[DayFigure])
    return found
