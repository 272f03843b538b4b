"""One batch, one transaction: rows, latest values, books. Nothing else names ingest's tables."""

import asyncio
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from psycopg.errors import UniqueViolation

from core.clock import from_us
from core.database import Connection
from core.queries import load_queries
from ingest.batch import Batch, Columns, Message
from ingest.copying import BigintArray, InstantArray, Rows, copy_bytes, newest_of, register, rows_of
from ingest.outcome import LedgerRows, Novelty, Outcome, hour_of, ledger_rows, outcomes_of
from ingest.sequencing import Gap, SequenceState, Step, follow
from ingest.timing import Limits, marked

QUERIES = load_queries(Path(__file__).with_name("queries.sql"))

Sequences = dict[int, SequenceState]


class Appended(NamedTuple):
    """What became of a batch, and how far the sequence numbers have moved with it."""

    outcomes: list[Outcome]
    sequences: Sequences


async def prepare(conn: Connection) -> Sequences:
    """Make a fresh connection ready for `append`; returns where the sequence numbers stand."""
    register(conn.adapters)
    async with conn.transaction():
        await conn.execute(QUERIES["create_staging"])
        gaps: dict[int, tuple[Gap, ...]] = {}
        async for device, first, last, hour_us in await conn.execute(QUERIES["load_gaps"]):
            gaps[device] = (*gaps.get(device, ()), Gap(first, last, hour_us))
        highest = await (await conn.execute(QUERIES["load_sequences"])).fetchall()
    return {device: SequenceState(seq, gaps.get(device, ())) for device, seq in highest}


async def append(
    conn: Connection,
    batch: Batch,
    sequences: Sequences,
    limits: Limits,
    *,
    repeats_likely: bool = True,
) -> Appended:
    """Write a batch whole or not at all; a repeat costs nothing but its line in the books.

    `repeats_likely` chooses the way that is quicker where some readings are there already.
    Raises one of `DatabaseDown` while the server is away and psycopg.DataError for a value it
    refuses; in both cases nothing has been written.
    """
    messages = batch.messages
    async with conn.transaction():
        repeated = await _note_redated(conn, messages)
        fresh = batch.without(repeated, limits)
        novelty = Novelty(
            readings=await _append_readings(conn, fresh.columns, repeats_likely=repeats_likely),
            positions=await _append_positions(conn, fresh.messages, limits),
            events=await _append_events(conn, fresh.messages, limits),
            problems=await _append_quarantine(conn, messages),
        )
        outcomes = outcomes_of(messages, novelty, repeated)
        moved = await _follow_sequences(conn, zip(messages, outcomes, strict=True), sequences)
        booked = [
            (message.device, message.source.received_us, outcome)
            for message, outcome in zip(messages, outcomes, strict=True)
        ]
        await add_to_ledger(conn, ledger_rows(booked))
    return Appended(outcomes, moved)


async def add_to_ledger(conn: Connection, rows: LedgerRows) -> None:
    """Add to the books."""
    await conn.execute(
        QUERIES["add_to_ledger"],
        {
            "device_id": BigintArray(rows.device),
            "hour": InstantArray(rows.hour_us),
            "received": BigintArray(rows.received),
            "stored": BigintArray(rows.stored),
            "duplicate": BigintArray(rows.duplicate),
            "quarantined": BigintArray(rows.quarantined),
        },
    )


async def _append_readings(
    conn: Connection, columns: Columns, *, repeats_likely: bool
) -> set[tuple[Any, ...]] | None:
    """Return which readings were new, as (device, metric, instant); None where all were."""
    if not len(columns):
        return set()
    rows = await asyncio.to_thread(rows_of, columns)
    all_new = not repeats_likely and await _copy_straight(conn, rows)
    new = None if all_new else await _append_staged(conn, rows)
    await _copy(conn, "copy_latest", newest_of(rows))
    await conn.execute(QUERIES["update_latest_values"])
    return new if new is None or len(new) < len(rows) else None


async def _copy_straight(conn: Connection, rows: Rows) -> bool:
    """Try the short way: twice as fast, and refused as a whole where one row is a repeat."""
    try:
        async with conn.transaction():
            await _copy(conn, "copy_readings", rows)
    except UniqueViolation:
        return False
    return True


async def _append_staged(conn: Connection, rows: Rows) -> set[tuple[Any, ...]]:
    await _copy(conn, "copy_staged", rows)
    return set(await (await conn.execute(QUERIES["append_staged"])).fetchall())


async def _copy(conn: Connection, query: str, rows: Rows) -> None:
    async with conn.cursor().copy(QUERIES[query]) as copy:
        await copy.write(copy_bytes(rows))


async def _append_positions(
    conn: Connection, messages: Sequence[Message], limits: Limits
) -> set[tuple[Any, ...]]:
    said = [(m, position) for m in messages if m.report for position in m.report.positions]
    if not said:
        return set()
    parameters = _instants(said, limits) | {
        name: [getattr(position, name) for _, position in said]
        for name in ("lon", "lat", "speed_kmh", "direction_deg", "altitude_m")
    }
    return set(await (await conn.execute(QUERIES["append_positions"], parameters)).fetchall())


async def _append_events(
    conn: Connection, messages: Sequence[Message], limits: Limits
) -> set[tuple[Any, ...]]:
    said = [(m, event) for m in messages if m.report for event in m.report.events]
    if not said:
        return set()
    parameters = _instants(said, limits) | {
        "kind": [event.kind for _, event in said],
        "active": [event.active for _, event in said],
        "detail": [event.text for _, event in said],
    }
    return set(await (await conn.execute(QUERIES["append_events"], parameters)).fetchall())


def _instants(said: Sequence[tuple[Message, Any]], limits: Limits) -> dict[str, list[Any]]:
    """Return what every row has: when it was observed and received, by whom, how good."""
    return {
        "observed_at": [from_us(thing.observed_us) for _, thing in said],
        "received_at": [from_us(message.source.received_us) for message, _ in said],
        "device_id": [message.device for message, _ in said],
        "quality": [
            marked(m.quality, m.source.received_us - thing.observed_us, limits) for m, thing in said
        ],
    }


async def _note_redated(conn: Connection, messages: Sequence[Message]) -> set[int]:
    """Remember what redated messages claimed; returns the places of those that came before."""
    redated = [
        (place, m.source, m.redated, m.device) for place, m in enumerate(messages) if m.redated
    ]
    if not redated:
        return set()
    cursor = await conn.execute(
        QUERIES["note_redated"],
        {
            "device_id": [device for *_, device in redated],
            "channel": [claim.channel for _, _, claim, _ in redated],
            "claimed_at": [from_us(claim.claimed_us) for _, _, claim, _ in redated],
            "digest": [source.digest for _, source, _, _ in redated],
            "received_at": [from_us(source.received_us) for _, source, _, _ in redated],
        },
    )
    new = {digest for (digest,) in await cursor.fetchall()}
    repeated = set()
    for place, source, _, _ in redated:
        if source.digest in new:
            new.remove(source.digest)  # its twin in the same batch is a repeat
        else:
            repeated.add(place)
    return repeated


async def _append_quarantine(conn: Connection, messages: Iterable[Message]) -> set[bytes]:
    """Keep what cannot be read, raw, with the reason; returns the digests that are new."""
    unread = [(m.source, m.device, m.problem) for m in messages if m.problem is not None]
    if not unread:
        return set()
    cursor = await conn.execute(
        QUERIES["append_quarantine"],
        {
            "received_at": [from_us(source.received_us) for source, _, _ in unread],
            "device_id": [device or None for _, device, _ in unread],
            "topic": [source.topic for source, _, _ in unread],
            "payload": [source.payload for source, _, _ in unread],
            "reason": [problem.code for _, _, problem in unread],
            "detail": [problem.message for _, _, problem in unread],
            "digest": [source.digest for source, _, _ in unread],
        },
    )
    return {digest for (digest,) in await cursor.fetchall()}


async def _follow_sequences(
    conn: Connection, ended: Iterable[tuple[Message, Outcome]], sequences: Sequences
) -> Sequences:
    """Follow the numbers of newly stored messages; returns the states that have changed."""
    moved: Sequences = {}
    closed: list[tuple[int, Gap]] = []
    opened: dict[tuple[int, int], Gap] = {}
    for message, outcome in ended:
        report, device = message.report, message.device
        if outcome is not Outcome.STORED or report is None or report.seq is None:
            continue
        state = moved.get(device) or sequences.get(device)
        step = follow(state, report.seq, hour_of(message.source.received_us))
        moved[device] = step.state
        if step.closed or step.opened:
            _book(device, step, closed, opened)
    await _save_sequences(conn, moved, closed, opened)
    return moved


def _book(
    device: int,
    step: Step,
    closed: list[tuple[int, Gap]],
    opened: dict[tuple[int, int], Gap],
) -> None:
    """Note a step's gaps; one opened and closed within the same batch never reaches the disk."""
    closed += [(device, gap) for gap in step.closed if not opened.pop((device, gap.first), None)]
    opened |= {(device, gap.first): gap for gap in step.opened}


async def _save_sequences(
    conn: Connection,
    moved: Sequences,
    closed: Sequence[tuple[int, Gap]],
    opened: dict[tuple[int, int], Gap],
) -> None:
    if closed:
        parameters = {
            "device_id": [d for d, _ in closed],
            "first": [gap.first for _, gap in closed],
        }
        await conn.execute(QUERIES["close_gaps"], parameters)
    if opened:
        await conn.execute(
            QUERIES["open_gaps"],
            {
                "device_id": [device for device, _ in opened],
                "first": [gap.first for gap in opened.values()],
                "last": [gap.last for gap in opened.values()],
                "hour": [from_us(gap.hour_us) for gap in opened.values()],
            },
        )
    if moved:
        devices = sorted(moved)
        highest = [moved[device].highest for device in devices]
        numbers = {"device_id": BigintArray(devices), "highest": BigintArray(highest)}
        await conn.execute(QUERIES["save_sequences"], numbers)
