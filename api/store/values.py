"""What devices reported: the newest value of each metric, and how it went."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import Path

import msgspec
from psycopg.rows import dict_row

from core.database import Connection
from core.queries import load_queries

QUERIES = load_queries(Path(__file__).with_name("values.sql"))


class Resolution(StrEnum):
    """How fine a history is: every reading, or one point per minute, hour or day."""

    RAW = "raw"
    MINUTE = "1m"
    HOUR = "1h"
    DAY = "1d"


WIDTH = {
    Resolution.MINUTE: timedelta(minutes=1),
    Resolution.HOUR: timedelta(hours=1),
    Resolution.DAY: timedelta(days=1),
}


class Span(msgspec.Struct, frozen=True):
    """From `start` up to, not including, `end`."""

    start: datetime
    end: datetime


class LatestRow(msgspec.Struct, frozen=True):
    """The newest value of one metric of one device, by their numbers."""

    device: int
    metric: int
    observed_at: datetime
    received_at: datetime
    value: float
    quality: int


class Point(msgspec.Struct, frozen=True, omit_defaults=True):
    """One point of a history: a reading (`value`, `quality`), or a bucket (the others)."""

    at: datetime
    value: float | None = None
    quality: int | None = None
    count: int | None = None
    minimum: float | None = None
    maximum: float | None = None
    average: float | None = None


class Fix(msgspec.Struct, frozen=True):
    """Where a vehicle was, WGS-84."""

    observed_at: datetime
    received_at: datetime
    lon: float
    lat: float
    speed_kmh: float | None
    direction_deg: float | None
    altitude_m: float | None
    quality: int


class DeviceEvent(msgspec.Struct, frozen=True):
    """A discrete signal that began (`active`) or ended."""

    observed_at: datetime
    received_at: datetime
    kind: str
    active: bool
    detail: str
    quality: int


def choose_resolution(span: Span, *, every: timedelta, limit: int) -> Resolution:
    """Return the finest resolution that fits `limit` points, for a device that reports `every`."""
    length = span.end - span.start
    if length <= every * limit:
        return Resolution.RAW
    fitting = (resolution for resolution, width in WIDTH.items() if length <= width * limit)
    return next(fitting, Resolution.DAY)


async def list_latest(
    conn: Connection, devices: Sequence[int], *, after: tuple[int, int] | None, limit: int
) -> list[LatestRow]:
    """Return the newest values of these devices, in the order of their numbers."""
    device, metric = after or (0, 0)
    values = {"devices": list(devices), "device": device, "metric": metric, "limit": limit + 1}
    async with conn.cursor(row_factory=dict_row) as cursor:
        await cursor.execute(QUERIES["list_latest"], values)
        return [msgspec.convert(row, LatestRow) for row in await cursor.fetchall()]


async def list_points(
    conn: Connection, device: int, metric: int, resolution: Resolution, span: Span, limit: int
) -> list[Point]:
    """Return the history of one metric, oldest first, one point more than the limit if cut."""
    values = {
        "device": device,
        "metric": metric,
        "start": span.start,
        "end": span.end,
        "limit": limit + 1,
    }
    async with conn.cursor(row_factory=dict_row) as cursor:
        await cursor.execute(QUERIES[f"list_points_{resolution}"], values)
        return [msgspec.convert(row, Point) for row in await cursor.fetchall()]


async def list_positions(conn: Connection, device: int, span: Span, limit: int) -> list[Fix]:
    """Return where a vehicle was, newest first."""
    values = {"device": device, "start": span.start, "end": span.end, "limit": limit + 1}
    async with conn.cursor(row_factory=dict_row) as cursor:
        await cursor.execute(QUERIES["list_positions"], values)
        return [msgspec.convert(row, Fix) for row in await cursor.fetchall()]


async def list_events(conn: Connection, device: int, span: Span, limit: int) -> list[DeviceEvent]:
    """Return what a device signalled, newest first."""
    values = {"device": device, "start": span.start, "end": span.end, "limit": limit + 1}
    async with conn.cursor(row_factory=dict_row) as cursor:
        await cursor.execute(QUERIES["list_events"], values)
        return [msgspec.convert(row, DeviceEvent) for row in await cursor.fetchall()]
