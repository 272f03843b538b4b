"""Where each edition of TimescaleDB keeps what is settled, and how far it says it is."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np
import psycopg
from psycopg.sql import SQL, Composed, Identifier

from bench.past.rollups import Buckets
from bench.past.rows import Columns, copy_rows
from core.queries import load_queries

QUERIES: Final = load_queries(Path(__file__).with_name("queries.sql"))


class Level(NamedTuple):
    """One rollup: `averages` says whether its average is stored (Community) or a view's."""

    name: str
    relation: Identifier
    averages: bool


def level(conn: psycopg.Connection, name: str) -> Level:
    """Find where the rollup's settled rows are."""
    row = conn.execute(QUERIES["materialised"], [name]).fetchone()
    if row is None:
        return Level(name, Identifier("public", f"{name}_settled"), averages=False)
    return Level(name, Identifier(*row), averages=True)


def append(conn: psycopg.Connection, rollup: Level, buckets: Buckets) -> int:
    """Add settled rows; returns how many."""
    columns: Columns = {
        "bucket": ("instant", buckets.bucket_us),
        "device_id": ("int4", buckets.device),
        "metric_id": ("int2", buckets.metric),
        "count": ("int8", buckets.readings),
        "sum": ("float8", buckets.sum),
        "minimum": ("float8", buckets.minimum),
        "maximum": ("float8", buckets.maximum),
        "last": ("float8", buckets.last),
    }
    if rollup.averages:
        average = buckets.sum / np.maximum(buckets.readings, 1)
        columns = {**columns, "average": ("float8", average)}
    return copy_rows(conn, rollup.relation, columns)


def mark(conn: psycopg.Connection, rollup: Level, until: datetime) -> None:
    """Say that everything before `until` is settled, so that readers add only what is later."""
    query = "mark_materialised" if rollup.averages else "mark_settled"
    conn.execute(QUERIES[query], {"rollup": rollup.name, "until": until})


@contextmanager
def unindexed(conn: psycopg.Connection, *relations: Identifier) -> Iterator[None]:
    """Take the relations' indexes away and build them anew at the end: much the faster way."""
    conn.execute(QUERIES["tell_timescaledb"])
    building: list[Composed] = []
    for relation in relations:
        names = [relation.as_string(conn)]
        for name, definition in conn.execute(QUERIES["keys"], names).fetchall():
            change = SQL("ALTER TABLE {} ").format(relation)
            conn.execute(change + SQL("DROP CONSTRAINT {}").format(Identifier(name)))
            key = SQL("ADD CONSTRAINT {} ").format(Identifier(name))
            building.append(change + key + SQL(definition))
        for schema, name, definition in conn.execute(QUERIES["indexes"], names).fetchall():
            conn.execute(SQL("DROP INDEX {}").format(Identifier(schema, name)))
            building.append(SQL("{}").format(SQL(definition)))
    conn.execute(QUERIES["load_in_bulk"])
    yield
    conn.execute(QUERIES["tell_timescaledb"])
    for statement in building:
        conn.execute(statement)
    conn.execute(QUERIES["load_in_bulk"])
