"""Fill a migrated database with the month, and say what came of it."""

import time
from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from typing import Final, NamedTuple

import numpy as np
import psycopg
from psycopg.sql import Identifier

from bench.past import (
    alarms,
    beating,
    bookkeeping,
    doubting,
    driving,
    rollups,
    saying,
    settling,
)
from bench.past.extent import DAY_US, HOUR_US, MINUTE_US, Extent
from bench.past.looking import Observer, observers
from bench.past.registering import Town, register
from bench.past.rollups import Buckets
from bench.past.rows import joined
from bench.past.saying import Said
from bench.past.story import happened
from core.clock import from_us
from simulators.episodes import Episode

_BEATS: Final = timedelta(hours=24)


class Month(NamedTuple):
    """What was written: rows by table, and how long each part took, in seconds."""

    rows: Mapping[str, int]
    seconds: Mapping[str, float]

    @property
    def size(self) -> str:
        """Say how much that was."""
        return f"{sum(self.rows.values()):,} rows written in {sum(self.seconds.values()):.0f} s"


class _Tally:
    """Rows and seconds, counted while the month is written."""

    def __init__(self) -> None:
        self.rows: dict[str, int] = {}
        self.seconds: dict[str, float] = {}
        self._since = time.monotonic()

    def add(self, part: str, rows: Mapping[str, int]) -> None:
        for relation, number in rows.items():
            self.rows[relation] = self.rows.get(relation, 0) + number
        now = time.monotonic()
        self.seconds[part] = now - self._since
        self._since = now


def fill(url: str, extent: Extent) -> Month:
    """Write the month as the superuser at `url`; the database is migrated and otherwise empty."""
    tally = _Tally()
    with psycopg.connect(url, autocommit=True) as conn:
        conn.execute(settling.QUERIES["load_in_bulk"])
        with conn.transaction():
            town = register(conn, seed=extent.seed)
            episodes = happened(town.city, extent)
            watching = observers(town, episodes)
        tally.add("registry", {"devices": len(town.numbers), "sites": len(town.city.sites)})
        with conn.transaction():
            tally.add("alerts", alarms.alarm(conn, town, episodes, extent))
        with conn.transaction():
            tally.add("books", bookkeeping.keep_books(conn, town, episodes, extent))
        with conn.transaction():
            tally.add("signals", _signals(conn, town, episodes, extent))
        trucks = next(each for each in watching if each.moves)
        driven = driving.tour(trucks, extent.since_us(extent.tracks), extent.until_us)
        with conn.transaction():
            tally.add("raw", _raw(conn, watching, driven, extent))
        with conn.transaction():
            tally.add("rollups", _rollups(conn, watching, driven, extent))
        conn.execute("VACUUM (ANALYZE)")
        tally.add("vacuum", {})
        bookkeeping.settle_books(conn)
        tally.add("settling", {})
    return Month(tally.rows, tally.seconds)


def _signals(
    conn: psycopg.Connection, town: Town, episodes: Sequence[Episode], extent: Extent
) -> dict[str, int]:
    return {
        "device_events": saying.signals(conn, town, episodes, extent),
        "redated_messages": doubting.note_redated(conn, town, episodes, extent),
        "heartbeats": beating.beat(conn, extent, span=_BEATS),
    }


def _raw(
    conn: psycopg.Connection, watching: Sequence[Observer], driven: driving.Tour, extent: Extent
) -> dict[str, int]:
    relations = (Identifier("public", "readings"), Identifier("public", "positions"))
    trucks = next(each for each in watching if each.moves)
    said = _said(watching, extent, driving.said(trucks, driven))
    with settling.unindexed(conn, *relations):
        rows = {
            "readings": saying.append_readings(conn, said),
            "positions": driving.append(conn, "positions", trucks, driven),
        }
    latest = Said(*joined(said for each in watching for said in saying.latest(each, extent)))
    rows["latest_values"] = saying.append_readings(conn, latest, "latest_values")
    rows["latest_positions"] = driving.append(
        conn, "latest_positions", trucks, driving.newest(driven)
    )
    return rows


def _said(watching: Sequence[Observer], extent: Extent, driven: Said) -> Said:
    """Return all raw readings, in the order in which they were received."""
    until_us = extent.until_us
    parts = [_distinct(Said(*joined(doubting.doubtful(watching, extent)))), driven]
    for each in watching:
        if not each.moves:
            parts += saying.readings(each, extent.since_us(extent.raw), until_us)
    said = saying.with_late_ones(Said(*joined(parts)), until_us)
    order = np.argsort(said.received_us, kind="stable")
    return Said(*(column[order] for column in said))


def _distinct(said: Said) -> Said:
    keys = np.stack([said.observed_us, said.device, said.metric])
    _, first = np.unique(keys, axis=1, return_index=True)
    return Said(*(column[first] for column in said))


def _rollups(
    conn: psycopg.Connection, watching: Sequence[Observer], driven: driving.Tour, extent: Extent
) -> dict[str, int]:
    names = ("readings_1m", "readings_1h", "readings_1d")
    minutes, hours, days = (settling.level(conn, name) for name in names)
    rows = dict.fromkeys(names, 0)
    with settling.unindexed(conn, minutes.relation, hours.relation, days.relation):
        for name, level, buckets in _levels(watching, driven, extent, (minutes, hours, days)):
            rows[name] += settling.append(conn, level, buckets)
    settling.mark(conn, minutes, from_us(extent.this_minute_us))
    settling.mark(conn, hours, from_us(extent.this_hour_us))
    settling.mark(conn, days, from_us(extent.midnight_us(0)))
    return rows


def _levels(
    watching: Sequence[Observer],
    driven: driving.Tour,
    extent: Extent,
    levels: Sequence[settling.Level],
) -> Iterator[tuple[str, settling.Level, Buckets]]:
    """Yield minutes, then day by day its hours (of the last days) and the day itself."""
    minutes, hours, days = levels
    first_us = min(extent.since_us(extent.minutes), extent.this_hour_us) // MINUTE_US * MINUTE_US
    trucks = next(each for each in watching if each.moves)
    yield minutes.name, minutes, driving.minutes(trucks, driven, first_us)
    yield minutes.name, minutes, _minutes(watching, first_us, extent)
    for ago in range(extent.days, -1, -1):
        begin_us = extent.midnight_us(ago)
        if ago and begin_us + DAY_US <= extent.since_us(extent.hours):
            day = (rollups.as_buckets(each, rollups.day_of(each, begin_us)) for each in watching)
            yield days.name, days, rollups.in_order_of_time(day)
            continue
        number = min(24, (extent.this_hour_us - begin_us) // HOUR_US)
        if number:
            spans = [(each, rollups.hours_of(each, begin_us, number)) for each in watching]
            some = (rollups.as_buckets(*span) for span in spans)
            yield hours.name, hours, rollups.in_order_of_time(some)
            if ago:
                day = (rollups.as_buckets(each, rollups.whole_of(span)) for each, span in spans)
                yield days.name, days, rollups.in_order_of_time(day)


def _minutes(watching: Sequence[Observer], first_us: int, extent: Extent) -> Buckets:
    return rollups.in_order_of_time(
        buckets
        for each in watching
        for buckets in rollups.minutes_of(each, first_us, extent.this_minute_us)
    )
