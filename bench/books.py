"""The system's own books, watched from outside: what has been committed, and what waits."""

import time
from pathlib import Path
from typing import NamedTuple

import psycopg

from core.errors import Unavailable
from core.queries import load_queries

QUERIES = load_queries(Path(__file__).with_name("queries.sql"))

_LOOK_EVERY = 0.02  # seconds; one look at 2,000 rows takes about one millisecond


class Totals(NamedTuple):
    """Messages that are committed: all, and those with something new in them."""

    received: int
    stored: int


class Books:
    """The ledger; each question has a connection of its own, for the database may go meanwhile."""

    def __init__(self, url: str) -> None:
        """Ask the database at `url`."""
        self._url = url

    def totals(self) -> Totals:
        """Add the ledger up."""
        with psycopg.connect(self._url, autocommit=True) as conn:
            return _totals(conn)

    def registered(self) -> int:
        """Count the devices the registry knows."""
        with psycopg.connect(self._url, autocommit=True) as conn:
            row = conn.execute(QUERIES["registered"]).fetchone()
        return int(row[0]) if row else 0

    def wait_for(self, stored: int, *, within_s: float) -> float:
        """Return the instant (monotonic) at which `stored` messages were found committed."""
        deadline = time.monotonic() + within_s
        with psycopg.connect(self._url, autocommit=True) as conn:
            while (totals := _totals(conn)).stored < stored:
                if time.monotonic() > deadline:
                    raise Unavailable(f"{totals.stored} of {stored} messages in {within_s:g} s.")
                time.sleep(_LOOK_EVERY)
        return time.monotonic()


def _totals(conn: psycopg.Connection) -> Totals:
    row = conn.execute(QUERIES["ledger_totals"]).fetchone()
    return Totals(*row) if row else Totals(0, 0)
