"""The programs' heartbeats of the last hours, as the api notes them: one in ten seconds."""

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Final

import psycopg

from bench.past.extent import Extent
from core.clock import from_us
from simulators.parts import generator

_EVERY_US: Final = 10_000_000
_MESSAGES_PER_S: Final = 64.0  # of the default city; its masts say something every second
_DEVICES: Final = 3210


def beat(conn: psycopg.Connection, extent: Extent, *, span: timedelta) -> int:
    """Write them and return how many; a moment of degraded ingest is among them."""
    rows = list(_beats(extent, span))
    statement = "COPY heartbeats (program, instance, at, state, detail, facts) FROM STDIN"
    with conn.cursor().copy(statement) as copy:
        for row in rows:
            copy.write_row(row)
    return len(rows)


def _beats(extent: Extent, span: timedelta) -> Iterator[tuple[object, ...]]:
    rng = generator(extent.seed, 94)
    first_us = extent.since_us(span) // _EVERY_US * _EVERY_US
    for at_us in range(first_us, extent.until_us, _EVERY_US):
        at, hurt = from_us(at_us), at_us - first_us < 30 * _EVERY_US
        flow = {
            "rate_per_s": round(_MESSAGES_PER_S * float(rng.uniform(0.9, 1.1)), 1),
            "in_flight": int(rng.poisson(12)),
            "spooled": int(hurt) * 4000,
            "spool_hours_left": 96.0,
            "oldest_uncommitted_s": round(float(rng.gamma(2, 0.1)), 2),
            "database": "down" if hurt else "up",
        }
        state, detail = ("degraded", "The database does not answer.") if hurt else ("running", None)
        yield "ingest", "0", at, state, detail, json.dumps(flow)
        seen = {"devices_online": _DEVICES - int(rng.poisson(20)), "devices_total": _DEVICES}
        yield "alerts", "0", at, "running", None, json.dumps(seen)
        watching = {"broker": "up", "database": "up", "listeners": int(rng.poisson(5))}
        yield "api", "0", at, "running", None, json.dumps(watching)
