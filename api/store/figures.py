"""The figures of data quality, each defined once in schema `dash`; rates from 0 to 1."""

from datetime import date, datetime
from pathlib import Path
from typing import TypeVar

import msgspec
from psycopg.rows import dict_row

from api.store.values import Span
from core.database import Connection
from core.queries import load_queries

QUERIES = load_queries(Path(__file__).with_name("figures.sql"))

RowT = TypeVar("RowT", bound=msgspec.Struct)


class PassRate(msgspec.Struct, frozen=True, kw_only=True):
    """合格率 of one source: valid readings of those received; null where nothing was received."""

    source: str
    received: int
    passed: int
    rate: float | None


class PassRateOfDay(PassRate, frozen=True, kw_only=True):
    """The same for one local day."""

    day: date


class OnlineRate(msgspec.Struct, frozen=True, kw_only=True):
    """在线率 of one domain and kind of site: device-seconds heard of those in service."""

    domain: str
    site_kind: str
    devices: int
    online_s: float
    total_s: float
    rate: float | None


class Delay(msgspec.Struct, frozen=True, kw_only=True):
    """Seconds from observation to receipt of the newest value of every series of a source."""

    source: str
    series: int
    median_s: float | None
    delay_95_s: float | None


class Suspect(msgspec.Struct, frozen=True, kw_only=True):
    """Readings that are not simply good: late, clock, range, sensor.

    `delay_95_s`: of the worst hour, 95 of 100 took no longer from observation to receipt.
    """

    source: str
    reason: str
    readings: int
    delay_95_s: float | None


class WrongClock(msgspec.Struct, frozen=True, kw_only=True):
    """A device whose clock is wrong: messages from the future, or an open alert about it."""

    device_id: str
    device_name: str | None
    site_name: str | None
    source: str | None
    messages: int
    ahead_s: float | None
    last_at: datetime | None
    alert_id: str | None


class Gap(msgspec.Struct, frozen=True, kw_only=True):
    """Sequence numbers of one device that were skipped and have not come since."""

    device_id: str | None
    device_name: str | None
    site_name: str | None
    source: str
    missing: int
    gaps: int
    last_hour: datetime


class DataAge(msgspec.Struct, frozen=True, kw_only=True):
    """Seconds since the newest data of a source was received; stale beyond `limit_s`."""

    source: str
    received_at: datetime | None
    observed_at: datetime | None
    age_s: float | None
    limit_s: float


async def list_pass_rates(conn: Connection, span: Span) -> list[PassRate]:
    """Return 合格率 by source over the local days the span touches."""
    return await _list(conn, "list_pass_rates", PassRate, span)


async def list_pass_rates_by_day(conn: Connection, span: Span) -> list[PassRateOfDay]:
    """Return 合格率 by local day and source."""
    return await _list(conn, "list_pass_rates_by_day", PassRateOfDay, span)


async def list_online_rates(conn: Connection, span: Span) -> list[OnlineRate]:
    """Return 在线率 by domain and kind of site."""
    return await _list(conn, "list_online_rates", OnlineRate, span)


async def list_delays(conn: Connection) -> list[Delay]:
    """Return how late the newest values are, by source."""
    return await _list(conn, "list_delays", Delay)


async def list_suspects(conn: Connection, span: Span) -> list[Suspect]:
    """Return how many readings are doubtful, by source and reason."""
    return await _list(conn, "list_suspects", Suspect, span)


async def list_wrong_clocks(conn: Connection, *, limit: int) -> list[WrongClock]:
    """Return devices with a wrong clock, those with an open alert first."""
    return await _list(conn, "list_wrong_clocks", WrongClock, limit=limit)


async def list_gaps(conn: Connection, span: Span, *, limit: int) -> list[Gap]:
    """Return the devices that miss most messages."""
    return await _list(conn, "list_gaps", Gap, span, limit=limit)


async def list_data_ages(conn: Connection) -> list[DataAge]:
    """Return how old the newest data of every source is."""
    return await _list(conn, "list_data_ages", DataAge)


async def _list(
    conn: Connection, query: str, kind: type[RowT], span: Span | None = None, **values: object
) -> list[RowT]:
    asked = {**(msgspec.structs.asdict(span) if span else {}), **values}
    async with conn.cursor(row_factory=dict_row) as cursor:
        await cursor.execute(QUERIES[query], asked)
        return [msgspec.convert(row, kind) for row in await cursor.fetchall()]
