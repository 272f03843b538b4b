"""Reads quarantined messages again, once the cause is mended: `python -m ingest requeue`."""

import sys
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from core.clock import utc_now
from core.database import Connection, connect
from devices.registry import Registry
from devices.store import load_registry
from ingest import store
from ingest.announcing import announcements_in
from ingest.batch import Message, Sessions, Source, batch_of, read_message
from ingest.outcome import LedgerRows, Outcome, ledger_rows
from ingest.settings import Settings
from ingest.timing import Limits, limits_of

_AT_ONCE = 500  # messages in one transaction


class Quarantined(NamedTuple):
    """A message that could not be read when it came; it is booked under `device`."""

    id: int
    device: int
    source: Source


class Requeued(NamedTuple):
    """How many messages were tried again, and how many could be read."""

    tried: int
    mended: int


async def requeue(settings: Settings, *, reason: str | None) -> None:
    """Run the command: read all of them again and say what came of it."""
    conn = await connect(settings.database_url, program="ingest-requeue")
    try:
        registry = await load_registry(conn)
        await conn.commit()
        result = await requeue_all(
            conn,
            registry,
            limits_of(settings.time),
            sparkplug=announcements_in(settings.state_dir).sessions,
            reason=reason,
        )
    finally:
        await conn.close()
    sys.stdout.write(
        f"{result.mended} of {result.tried} quarantined messages could be read and are stored.\n"
    )


async def requeue_all(
    conn: Connection,
    registry: Registry,
    limits: Limits,
    *,
    sparkplug: Sessions | None = None,
    reason: str | None = None,
) -> Requeued:
    """Read every quarantined message again; those that can be read now move in the books."""
    sequences = await store.prepare(conn)
    known = sparkplug or {}
    tried = mended = after = 0
    while found := await _next(conn, reason, after):
        read = [(row, read_message(row.source, registry, known, limits)) for row in found]
        good = [(row, _numbered(m, sequences)) for row, m in read if m.problem is None]
        await _move(conn, good, sequences, limits)
        tried, mended, after = tried + len(found), mended + len(good), found[-1].id
    return Requeued(tried, mended)


def _numbered(message: Message, sequences: store.Sequences) -> Message:
    """Keep a sequence number that fills a gap or leads on; an old one is no new beginning here."""
    report, state = message.report, sequences.get(message.device)
    if report is None or report.seq is None or state is None or report.seq > state.highest:
        return message
    if any(gap.first <= report.seq <= gap.last for gap in state.gaps):
        return message
    return message._replace(report=report._replace(seq=None))


async def _next(conn: Connection, reason: str | None, after: int) -> list[Quarantined]:
    parameters = {"reason": reason, "after": after, "limit": _AT_ONCE}
    cursor = await conn.execute(store.QUERIES["next_quarantined"], parameters)
    return [
        Quarantined(id_, device, Source(received_us, topic, bytes(payload)))
        for id_, received_us, device, topic, payload in await cursor.fetchall()
    ]


async def _move(
    conn: Connection,
    good: Sequence[tuple[Quarantined, Message]],
    sequences: store.Sequences,
    limits: Limits,
) -> None:
    """Store the messages and take them out of the quarantine's column, in one transaction."""
    if good:
        batch = batch_of((message for _, message in good), limits)
        sequences |= (await store.append(conn, batch, sequences, limits)).sequences
        await store.add_to_ledger(conn, _taken_out(row for row, _ in good))
        ids = [row.id for row, _ in good]
        await conn.execute(store.QUERIES["mark_requeued"], {"ids": ids, "now": utc_now()})
    await conn.commit()


def _taken_out(rows: Iterable[Quarantined]) -> LedgerRows:
    """Return what takes the messages out of the quarantine's column again."""
    booked = ledger_rows(
        [(row.device, row.source.received_us, Outcome.QUARANTINED) for row in rows]
    )
    return booked._replace(quarantined=-booked.quarantined)
