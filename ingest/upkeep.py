"""Keeps rollups settled and drops what has been kept long enough; one ingester at a time does it.

On the Community edition TimescaleDB settles and drops by policies of its own, which are held to
`retention_classes` here. On the Apache edition this module does both (core/migrations/0005, 0006).
"""

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, LiteralString, NamedTuple

import psycopg
import structlog
from psycopg import AsyncCursor
from psycopg.sql import SQL, Identifier
from pydantic import SecretStr

from core.clock import Clock
from core.database import Connection, connect
from core.queries import load_queries

log = structlog.get_logger()

QUERIES = load_queries(Path(__file__).with_suffix(".sql"))

_SETTLE_AFTER = timedelta(seconds=15)  # a minute that is over gets this long for its last rows
_BUDGET = 2.0  # whole buckets in one pass: seconds of work at 60,000 readings a second
_SHARE_OF_NOTE = 0.001  # what one noted series costs, as a share of a whole bucket
_MANY_SERIES = 1000  # from here on it is cheaper to settle the whole bucket
_ROWS_AT_ONCE = 10_000  # deleted from one table in one transaction
_BUCKETS_LOOKED_AT = 5000
_PASS_EVERY = 5.0  # seconds
_RETENTION_EVERY = timedelta(hours=1)
_TRY_AGAIN_AFTER = 10.0  # seconds; without the database, or while another instance is at work
_STATEMENT_TIMEOUT_S = 120


class Rollup(NamedTuple):
    """One level: where it is kept, what it is counted from, how wide its buckets are."""

    name: str
    below: str
    source: str
    width: str

    @property
    def target(self) -> str:
        """The table that holds what is settled."""
        return f"{self.name}_settled"


ROLLUPS = (
    Rollup("readings_1m", "readings", "good_readings", "1 minute"),
    Rollup("readings_1h", "readings_1m", "readings_1m_settled", "1 hour"),
    Rollup("readings_1d", "readings_1h", "readings_1h_settled", "1 day"),
)


class Touched(NamedTuple):
    """A bucket that rows have come for since it was last settled, if ever."""

    bucket: datetime
    whole: bool  # every series, rather than the noted ones
    notes: int


class Note(NamedTuple):
    """One series of a bucket, or all of them where it has no device."""

    bucket: datetime
    device: int | None
    metric: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RefreshReport:
    """What one pass over all levels did; `unfinished` where its budget was too small."""

    buckets: int = 0
    series: int = 0
    discarded: int = 0
    unfinished: bool = False

    def __add__(self, other: "RefreshReport") -> "RefreshReport":
        """Return both together."""
        return RefreshReport(
            buckets=self.buckets + other.buckets,
            series=self.series + other.series,
            discarded=self.discarded + other.discarded,
            unfinished=self.unfinished or other.unfinished,
        )


def within_budget(touched: Iterable[Touched], budget: float = _BUDGET) -> list[datetime]:
    """Choose from the front as many buckets as one pass can settle, and always one."""
    chosen: list[datetime] = []
    for bucket, whole, notes in touched:
        budget -= max(float(whole), notes * _SHARE_OF_NOTE)
        if chosen and budget < 0:
            break
        chosen.append(bucket)
    return chosen


def split(notes: Iterable[Note]) -> tuple[list[datetime], list[Note]]:
    """Return the buckets to settle whole, and the single series of all others."""
    by_bucket: dict[datetime, list[Note]] = {}
    for note in notes:
        by_bucket.setdefault(note.bucket, []).append(note)
    whole = {
        bucket
        for bucket, noted in by_bucket.items()
        if len(noted) >= _MANY_SERIES or any(note.device is None for note in noted)
    }
    series = [note for bucket in sorted(by_bucket.keys() - whole) for note in by_bucket[bucket]]
    return sorted(whole), series


async def keep_up_forever(url: SecretStr, clock: Clock) -> None:
    """Do the upkeep for as long as the program runs; without the database, wait for it."""
    while True:
        try:
            async with await connect(
                url, program="ingest-upkeep", statement_timeout_s=_STATEMENT_TIMEOUT_S
            ) as conn:
                if await claim_upkeep(conn):
                    await _keep_up(conn, clock)
        except psycopg.Error as error:  # receiving goes on, whatever this part of it is refused
            log.warning("upkeep interrupted", reason=str(error))
        await asyncio.sleep(_TRY_AGAIN_AFTER)


async def claim_upkeep(conn: Connection) -> bool:
    """Tell whether the upkeep is ours, until this connection ends."""
    async with conn.transaction():
        await conn.execute(QUERIES["be_modest"])
        return bool(await _value(await conn.execute(QUERIES["claim_upkeep"])))


async def refresh_rollups(conn: Connection, now: datetime) -> RefreshReport:
    """Settle what is due at every level, within the budget; readers see each level at once."""
    async with conn.transaction():
        if await _settles_by_itself(conn):
            return RefreshReport()
    report = RefreshReport()
    until = now - _SETTLE_AFTER
    for rollup, above in zip(ROLLUPS, (*ROLLUPS[1:], None), strict=True):
        async with conn.transaction():
            discarded = await _discard_expired(conn, rollup, now)
            done = await _settle(conn, rollup, above, until)
            until = await _advance(conn, rollup, until)
        report += done + RefreshReport(discarded=discarded)
    return report


async def settle_books(conn: Connection, now: datetime) -> bool:
    """Count the books of hours that are over, by source; tells whether there may be more to do."""
    async with conn.transaction():
        return bool(await _value(await conn.execute(QUERIES["settle_books"], {"now": now})))


async def enforce_retention(conn: Connection, now: datetime) -> dict[str, int]:
    """Drop and delete what is past its limit; returns how much went, by relation."""
    gone = await _drop_chunks(conn, now)
    parameters = {"now": now, "at_most": _ROWS_AT_ONCE}
    full = True
    while full:
        async with conn.transaction():
            cursor = await conn.execute(QUERIES["delete_expired_rows"], parameters)
            deleted: dict[str, int] = dict(await cursor.fetchall())
        for relation, rows in deleted.items():
            gone[relation] = gone.get(relation, 0) + rows
        full = _ROWS_AT_ONCE in deleted.values()
    return {relation: count for relation, count in gone.items() if count}


async def _keep_up(conn: Connection, clock: Clock) -> None:
    log.info("upkeep is ours")
    retention_due = datetime.min.replace(tzinfo=UTC)
    while True:
        now = clock()
        if now >= retention_due:
            retention_due = now + _RETENTION_EVERY
            if gone := await enforce_retention(conn, now):
                log.info("expired data dropped", **gone)
        report = await refresh_rollups(conn, now)
        if report.discarded:
            log.warning("rows too late for the rollups", notes=report.discarded)
        unfinished = await settle_books(conn, now) or report.unfinished
        await asyncio.sleep(0 if unfinished else _PASS_EVERY)


async def _drop_chunks(conn: Connection, now: datetime) -> dict[str, int]:
    async with conn.transaction():
        if not await _settles_by_itself(conn):
            cursor = await conn.execute(QUERIES["drop_expired_chunks"], {"now": now})
            return dict(await cursor.fetchall())
        for relation, policy in await (await conn.execute(QUERIES["align_policies"])).fetchall():
            log.info("policy aligned", relation=relation, policy=policy)
        for relation, policy in await (await conn.execute(QUERIES["failing_policies"])).fetchall():
            log.error("policy fails", relation=relation, policy=policy)
    return {}


async def _settle(
    conn: Connection, rollup: Rollup, above: Rollup | None, until: datetime
) -> RefreshReport:
    touched = await _touched_buckets(conn, rollup, until)
    chosen = within_budget(touched)
    taking = {"rollup": rollup.name, "buckets": chosen}
    cursor = await conn.execute(QUERIES["take_notes"], taking)
    buckets, series = split(Note(*row) for row in await cursor.fetchall())
    for bucket in buckets:
        await _execute_for(conn, rollup, QUERIES["settle_bucket"], {"bucket": bucket})
    if series:
        between = {"first": series[0].bucket, "last": series[-1].bucket}
        await _execute_for(conn, rollup, QUERIES["settle_series"], _columns(series) | between)
    if above is not None and chosen:
        noted = _columns([*series, *(Note(bucket, None, None) for bucket in buckets)])
        noting = {"rollup": above.name, "width": above.width}
        await conn.execute(QUERIES["note_above"], noted | noting)
    return RefreshReport(
        buckets=len(buckets), series=len(series), unfinished=len(chosen) < len(touched)
    )


async def _touched_buckets(conn: Connection, rollup: Rollup, until: datetime) -> list[Touched]:
    cursor = await conn.execute(
        QUERIES["touched_buckets"],
        {
            "rollup": rollup.name,
            "width": rollup.width,
            "until": until,
            "at_most": _BUCKETS_LOOKED_AT,
        },
    )
    return [Touched(*row) for row in await cursor.fetchall()]


async def _discard_expired(conn: Connection, rollup: Rollup, now: datetime) -> int:
    parameters = {"rollup": rollup.name, "below": rollup.below, "now": now}
    return (await conn.execute(QUERIES["discard_expired"], parameters)).rowcount


async def _advance(conn: Connection, rollup: Rollup, until: datetime) -> datetime:
    """Move the line up to which readers find settled buckets; returns where it is."""
    parameters = {"rollup": rollup.name, "width": rollup.width, "until": until}
    settled_until = await _value(await conn.execute(QUERIES["advance"], parameters))
    if not isinstance(settled_until, datetime):
        raise TypeError(f"The database knows no rollup {rollup.name}.")
    return settled_until


async def _execute_for(
    conn: Connection, rollup: Rollup, query: LiteralString, parameters: dict[str, Any]
) -> None:
    """Run a statement with the rollup's tables filled in.

    Never as a prepared plan: with the instants known, all chunks but one are left out of it.
    """
    statement = SQL(query).format(
        target=Identifier(rollup.target), source=Identifier(rollup.source)
    )
    await conn.execute(statement, {"width": rollup.width, **parameters}, prepare=False)


def _columns(notes: Sequence[Note]) -> dict[str, list[Any]]:
    return {
        "buckets": [note.bucket for note in notes],
        "devices": [note.device for note in notes],
        "metrics": [note.metric for note in notes],
    }


async def _settles_by_itself(conn: Connection) -> bool:
    return bool(await _value(await conn.execute(QUERIES["settles_by_itself"])))


async def _value(cursor: AsyncCursor[tuple[Any, ...]]) -> object:
    row = await cursor.fetchone()
    return row[0] if row else None
