"""What a report is asked for, and how its chapters read the database."""

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import TypeVar

import msgspec
from psycopg.rows import dict_row

from api.reports import periods
from api.reports.model import Language
from api.reports.periods import Period
from core.database import Connection
from core.queries import load_queries

QUERIES = load_queries(Path(__file__).with_name("figures.sql"))

RowT = TypeVar("RowT", bound=msgspec.Struct)

_LEVELS = (6, 9, 12, 15)
"""Digits of a district, a street, a community and a grid cell (GB/T 30428.1; domain 2.3)."""


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """The question: which time, of whom, in which language, and when it was asked."""

    period: Period
    now: datetime
    language: Language = "zh"
    site: str | None = None
    domain: str | None = None
    grid: str | None = None

    @property
    def span(self) -> tuple[datetime, datetime]:
        """Return what is counted."""
        return periods.counted(self.period, self.now)

    @property
    def span_before(self) -> tuple[datetime, datetime]:
        """Return what it is compared with."""
        return periods.compared(self.period, self.now)

    @property
    def is_of_place(self) -> bool:
        """Say whether it is about a part of the city's places only."""
        return self.site is not None or self.grid is not None

    @property
    def is_partial(self) -> bool:
        """Say whether it is about a part only: of the places, or of the trades."""
        return self.is_of_place or self.domain is not None

    @property
    def grid_digits(self) -> int:
        """Return how much of a grid code to count by: streets, or one level below the one asked."""
        asked = len(self.grid or "") or 6
        return next((level for level in _LEVELS if level > asked), _LEVELS[-1])

    @property
    def rows_at_most(self) -> int:
        """Return how long a list may get: a day's report is read standing."""
        return {"daily": 10, "weekly": 15, "monthly": 20}[self.period.kind]

    def say(self, zh: str, en: str) -> str:
        """Return the text in the language asked for."""
        return en if self.language == "en" else zh

    def values(self) -> Mapping[str, object]:
        """Return the parameters every query may use."""
        (since, until), (before_since, before_until) = self.span, self.span_before
        return {
            "since": since,
            "until": until,
            "before_since": before_since,
            "before_until": before_until,
            "site": self.site,
            "domain": self.domain,
            "grid": self.grid,
            "digits": self.grid_digits,
            "step": "hour" if self.period.kind == "daily" else "day",
        }


async def fetch(conn: Connection, query: str, kind: type[RowT], asked: Asked) -> list[RowT]:
    """Run one of `figures.sql` over the question."""
    return await fetch_with(conn, query, kind, asked.values())


async def fetch_before(conn: Connection, query: str, kind: type[RowT], asked: Asked) -> list[RowT]:
    """Run it over the period before."""
    since, until = asked.span_before
    return await fetch_with(conn, query, kind, {**asked.values(), "since": since, "until": until})


async def fetch_with(
    conn: Connection, query: str, kind: type[RowT], values: Mapping[str, object]
) -> list[RowT]:
    """Run one of `figures.sql` with these parameters."""
    async with conn.cursor(row_factory=dict_row) as cursor:
        await cursor.execute(QUERIES[query], values)
        return [msgspec.convert(row, kind) for row in await cursor.fetchall()]
