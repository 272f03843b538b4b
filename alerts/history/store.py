"""The alerts' history in the database: the one place that names its tables."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import msgspec

from alerts.journal.chain import Entry
from core.clock import from_us
from core.database import Connection
from core.queries import load_queries

QUERIES = load_queries(Path(__file__).with_name("queries.sql"))

_NUL: Final = "\x00"
_INSTEAD: Final = "\ufffd"


async def last_projected(conn: Connection) -> tuple[int, bytes | None]:
    """Return number and fingerprint of the latest line the database has.

    0 with none; no fingerprint where the release before has written it.
    """
    cursor = await conn.execute(QUERIES["last_projected"])
    row = await cursor.fetchone()
    return (int(row[0]), row[1]) if row else (0, None)


async def project(conn: Connection, entries: Sequence[Entry]) -> None:
    """Write lines in one transaction; written twice they change nothing."""
    moved = [entry for entry in entries if entry.line.seq is not None]
    others = [entry for entry in entries if entry.line.seq is None]
    async with conn.transaction():
        if moved:
            columns = {**_columns(moved), "seqs": [entry.line.seq for entry in moved]}
            await conn.execute(QUERIES["append_events"], columns)
            await conn.execute(QUERIES["put_alerts"], columns)
        if others:
            await conn.execute(QUERIES["append_lines"], _columns(others))


def _columns(entries: Sequence[Entry]) -> dict[str, list[Any]]:
    return {
        "nos": [entry.no for entry in entries],
        "ats": [from_us(entry.line.at_us) for entry in entries],
        "kinds": [entry.line.kind for entry in entries],
        "subjects": [_readable(entry.line.subject) for entry in entries],
        "actors": [entry.line.actor and _readable(entry.line.actor) for entry in entries],
        "documents": [_jsonb(entry.line.document) for entry in entries],
        "hashes": [entry.hash for entry in entries],
    }


def _jsonb(document: bytes) -> str:
    """Return the document as the database can take it: it knows no NUL, the journal does."""
    if b"\\u0000" not in document:
        return document.decode()
    return msgspec.json.encode(_without_nul(msgspec.json.decode(document))).decode()


def _without_nul(value: Any) -> Any:  # noqa: ANN401 - JSON
    match value:
        case str():
            return _readable(value)
        case list():
            return [_without_nul(each) for each in value]
        case dict():
            return {_readable(key): _without_nul(each) for key, each in value.items()}
    return value


def _readable(text: str) -> str:
    return text.replace(_NUL, _INSTEAD)
