"""What can be exported: its columns, its query, and how much of its time is read at once."""

from datetime import timedelta
from pathlib import Path
from typing import Literal, NamedTuple

from psycopg.sql import SQL, Composed, Identifier

from api.store.values import Resolution
from core.queries import load_queries

QUERIES = load_queries(Path(__file__).with_name("histories.sql"))

What = Literal["readings", "positions", "events", "alerts", "transitions", "ledger", "quarantine"]
Shape = Literal["text", "instant", "whole", "number", "flag"]


class Column(NamedTuple):
    """A column, and what stands in it."""

    name: str
    shape: Shape = "text"


class History(NamedTuple):
    """One history: a slice of time is sorted in the database's memory, so slices are short."""

    name: str
    columns: tuple[Column, ...]
    slice: timedelta
    rolled_up: bool = False

    @property
    def query(self) -> Composed:
        """Return what reads it: the query of its name, but all rollups share one."""
        query = QUERIES["rolled_up" if self.rolled_up else self.name].rstrip(";")
        return SQL(query).format(rollup=Identifier(self.name))


def _columns(described: str) -> tuple[Column, ...]:
    """Read `name`, `name@` (instant), `name#` (whole), `name~` (number), `name?` (flag)."""
    shapes: dict[str, Shape] = {"@": "instant", "#": "whole", "~": "number", "?": "flag"}
    return tuple(
        Column(word.rstrip("@#~?"), shapes.get(word[-1], "text")) for word in described.split()
    )


_BUCKETS = _columns(
    "bucket@ device_id device_name site_id domain metric unit count# minimum~ maximum~ average~ "
    "last~"
)
_HOUR, _DAY = timedelta(hours=1), timedelta(days=1)

READINGS: dict[Resolution, History] = {
    Resolution.RAW: History(
        "readings_raw",
        _columns(
            "observed_at@ received_at@ device_id device_name site_id domain metric unit value~ "
            "quality#"
        ),
        _HOUR,
    ),
    Resolution.MINUTE: History("readings_1m", _BUCKETS, _HOUR, rolled_up=True),
    Resolution.HOUR: History("readings_1h", _BUCKETS, 2 * _DAY, rolled_up=True),
    Resolution.DAY: History("readings_1d", _BUCKETS, 30 * _DAY, rolled_up=True),
}

OTHERS: dict[What, History] = {
    "positions": History(
        "positions",
        _columns(
            "observed_at@ received_at@ device_id device_name site_id lon~ lat~ speed_kmh~ "
            "direction_deg~ altitude_m~ quality#"
        ),
        _DAY,
    ),
    "events": History(
        "events",
        _columns(
            "observed_at@ received_at@ device_id device_name site_id domain kind active? detail "
            "quality#"
        ),
        30 * _DAY,
    ),
    "alerts": History(
        "alerts",
        _columns(
            "alert_id raised_at@ detected_at@ rule_id kind priority state domain device_id "
            "device_name site_id site_name district grid_code desk_id title_zh title_en subject "
            "value~ limit_value~ unit notified_at@ acknowledged_at@ acknowledged_by dispatched_at@ "
            "on_site_at@ returned_at@ cleared_at@ verdict drill? life_safety? hold_state "
            "folded_under ack_s~ dispatch_s~ arrive_s~ clear_s~"
        ),
        30 * _DAY,
    ),
    "transitions": History(
        "transitions",
        _columns(
            "seq# at@ alert_id transition state rule_id priority domain device_id site_id desk_id "
            "annunciation actor note"
        ),
        10 * _DAY,
    ),
    "ledger": History(
        "ledger",
        _columns(
            "hour@ device_id device_name site_id domain received# stored# duplicate# quarantined#"
        ),
        _DAY,
    ),
    "quarantine": History(
        "quarantine",
        _columns(
            "day@ reason device_id device_name site_id messages# read_again# first_at@ last_at@"
        ),
        3660 * _DAY,
    ),
}


def history(what: What, resolution: Resolution) -> History:
    """Return what to read; the resolution matters to readings alone."""
    return READINGS[resolution] if what == "readings" else OTHERS[what]
