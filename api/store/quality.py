"""How good the alarms are: the figures of ISA-18.2 and EEMUA 191 over the history."""

from datetime import datetime
from pathlib import Path
from typing import Literal, TypeVar

import msgspec
from psycopg.rows import dict_row

from api.store.values import Span
from core.database import Connection
from core.queries import load_queries

QUERIES = load_queries(Path(__file__).with_name("quality.sql"))

RowT = TypeVar("RowT", bound=msgspec.Struct)


class Kpi(msgspec.Struct, frozen=True, kw_only=True):
    """A figure beside what it should be; at most, or at least where `higher` is set.

    `value` is null where there was nothing to count, `target` where none is set.
    """

    metric: str
    title_zh: str
    title_en: str
    value: float | None
    unit: str
    target: float | None
    manageable: float | None
    higher: bool
    verdict: Literal["good", "manageable", "bad"] | None
    source: str


class Actor(msgspec.Struct, frozen=True, kw_only=True):
    """A condition: how often it was shown, its share in %, and what came of it."""

    rule_id: str
    source: str
    shown: int
    share: float
    acted: int
    fleeting: int
    chattering: int
    clear_median_s: float | None


class Idle(msgspec.Struct, frozen=True, kw_only=True):
    """A rule that was shown and never led anybody to do anything."""

    rule_id: str
    shown: int
    sources: int


class Load(msgspec.Struct, frozen=True, kw_only=True):
    """What one desk was told within ten minutes from `at`."""

    at: datetime
    desk_id: str
    shown: int
    folded: int
    held: int
    drill: int


async def list_kpis(conn: Connection, span: Span) -> list[Kpi]:
    """Return every figure, the most telling first."""
    return await _list(conn, "list_kpis", Kpi, span)


async def list_worst_actors(conn: Connection, span: Span, limit: int) -> list[Actor]:
    """Return the conditions that were shown most often."""
    return await _list(conn, "list_worst_actors", Actor, span, limit=limit)


async def list_never_acted_on(conn: Connection, span: Span, limit: int) -> list[Idle]:
    """Return the rules whose alerts nobody ever did anything about."""
    return await _list(conn, "list_never_acted_on", Idle, span, limit=limit)


async def list_load(conn: Connection, span: Span, desk_id: str | None) -> list[Load]:
    """Return what each desk was told, ten minutes by ten minutes."""
    return await _list(conn, "list_load", Load, span, desk_id=desk_id)


async def _list(
    conn: Connection, query: str, kind: type[RowT], span: Span, **values: object
) -> list[RowT]:
    async with conn.cursor(row_factory=dict_row) as cursor:
        await cursor.execute(QUERIES[query], {**msgspec.structs.asdict(span), **values})
        return [msgspec.convert(row, kind) for row in await cursor.fetchall()]
