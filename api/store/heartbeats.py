"""How the programs were doing, kept for dashboards."""

from collections.abc import Iterable
from pathlib import Path

import msgspec
from psycopg.types.json import Jsonb

from api.picture import Pulse
from core.clock import from_us
from core.database import Connection
from core.queries import load_queries

QUERIES = load_queries(Path(__file__).with_name("heartbeats.sql"))

_NO_FACTS = {"program", "instance", "at", "state", "detail"}


async def keep_heartbeats(conn: Connection, pulses: Iterable[Pulse]) -> None:
    """Keep the heartbeats; one that is kept already is left as it is."""
    async with conn.cursor() as cursor:
        await cursor.executemany(QUERIES["keep_heartbeats"], [_row(pulse) for pulse in pulses])


def _row(pulse: Pulse) -> dict[str, object]:
    said = msgspec.structs.asdict(pulse)
    facts = {key: said[key] for key in said.keys() - _NO_FACTS if said[key] is not None}
    return {
        "program": pulse.program,
        "instance": pulse.instance,
        "at": from_us(pulse.at * 1000),
        "state": pulse.state,
        "detail": pulse.detail,
        "facts": Jsonb(facts),
    }
