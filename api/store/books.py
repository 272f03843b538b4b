"""The books of ingest: what was received and where it went, and what could not be read."""

from datetime import datetime
from enum import StrEnum
from pathlib import Path

import msgspec
from psycopg.rows import dict_row

from core.database import Connection
from core.queries import load_queries

QUERIES = load_queries(Path(__file__).with_name("books.sql"))
PREVIEW_BYTES = 160  # of a message in a list: enough to recognise it


class By(StrEnum):
    """How the books are broken down."""

    DEVICE = "device"
    HOUR = "hour"


class BookFilter(msgspec.Struct, frozen=True, kw_only=True):
    """Which part of the books; None means all."""

    start: datetime | None
    end: datetime
    device: int | None


class Account(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """Messages counted; a line of a breakdown names its device or its hour."""

    received: int
    stored: int
    duplicate: int
    quarantined: int
    missing: int
    device: int | None = None
    hour: datetime | None = None


class QuarantineFilter(msgspec.Struct, frozen=True, kw_only=True):
    """Which unreadable messages; None means any."""

    reason: str | None
    start: datetime | None
    before: int | None
    limit: int
    device: int | None = None


class Quarantined(msgspec.Struct, frozen=True):
    """A message that could not be read, and why; `payload` may be its first bytes only."""

    id: int
    received_at: datetime
    device: int | None
    topic: str
    payload: bytes
    size: int
    reason: str
    detail: str
    requeued_at: datetime | None


class ReasonCount(msgspec.Struct, frozen=True):
    """How often one thing was wrong, and when it was last."""

    reason: str
    messages: int
    devices: int
    waiting: int
    newest_at: datetime


async def balance(conn: Connection, wanted: BookFilter) -> Account:
    """Add up the books."""
    async with conn.cursor(row_factory=dict_row) as cursor:
        await cursor.execute(QUERIES["balance"], msgspec.structs.asdict(wanted))
        return msgspec.convert(await cursor.fetchone(), Account)


async def break_down(conn: Connection, wanted: BookFilter, by: By, *, limit: int) -> list[Account]:
    """Add up the books line by line: busiest devices, or newest hours, first."""
    values = {**msgspec.structs.asdict(wanted), "limit": limit}
    async with conn.cursor(row_factory=dict_row) as cursor:
        await cursor.execute(QUERIES[f"break_down_by_{by}"], values)
        return [msgspec.convert(row, Account) for row in await cursor.fetchall()]


async def list_quarantined(conn: Connection, wanted: QuarantineFilter) -> list[Quarantined]:
    """Return how unreadable messages begin, newest first, one more than the limit if cut."""
    values = {
        **msgspec.structs.asdict(wanted),
        "limit": wanted.limit + 1,
        "preview": PREVIEW_BYTES,
    }
    async with conn.cursor(row_factory=dict_row) as cursor:
        await cursor.execute(QUERIES["list_quarantined"], values)
        return [Quarantined(**row) for row in await cursor.fetchall()]


async def find_quarantined(conn: Connection, number: int) -> Quarantined | None:
    """Return one unreadable message whole."""
    async with conn.cursor(row_factory=dict_row) as cursor:
        await cursor.execute(QUERIES["find_quarantined"], {"id": number})
        row = await cursor.fetchone()
    return None if row is None else Quarantined(**row)


async def count_reasons(conn: Connection, *, start: datetime | None) -> list[ReasonCount]:
    """Count unreadable messages by reason, the most frequent first."""
    async with conn.cursor(row_factory=dict_row) as cursor:
        await cursor.execute(QUERIES["count_reasons"], {"start": start})
        return [msgspec.convert(row, ReasonCount) for row in await cursor.fetchall()]
