"""What is measured beside a benchmark, so that figures of different machines can be compared."""

from collections.abc import Mapping
from typing import Final

from grafana.trying import ask, connect

_TRIPS: Final = 50


def of_database(url: str) -> Mapping[str, float]:
    """Return the trip to the database and back, and counting all hours of one hypertable, in s."""
    with connect(url) as conn:
        trips = [ask(conn, "SELECT 1").seconds for _ in range(_TRIPS)]
        return {
            "trip_s": min(trips),
            "count_hours_s": ask(conn, "SELECT count(*) FROM readings_1h").seconds,
        }
