"""How good the alerting is: KPIs, worst actors, alerts nobody ever acted on."""

from datetime import datetime
from pathlib import Path
from typing import Final, Literal

import msgspec
from psycopg.rows import class_row

from core.database import Connection
from core.queries import load_queries

QUERIES: Final = load_queries(Path(__file__).with_name("queries.sql"))

Verdict = Literal["good", "manageable", "bad"]


class Kpi(msgspec.Struct, frozen=True):
    """One figure of ISA-18.2 / IEC 62682 or EEMUA 191 beside what it should be.

    `unit` is 1, % or s. No value: nothing to count. No target: told for information.
    """

    metric: str
    title_zh: str
    title_en: str
    value: float | None
    unit: str
    target: float | None
    manageable: float | None
    higher: bool
    verdict: Verdict | None
    source: str


class Actor(msgspec.Struct, frozen=True):
    """A rule at one device (or site), how often it was shown, and what came of it.

    `share` is per cent of all that was shown, `clear_median` in seconds.
    """

    rule_id: str
    source: str
    shown: int
    share: float
    acted: int
    fleeting: int
    chattering: int
    clear_median: float | None


class Idle(msgspec.Struct, frozen=True):
    """A rule that was shown and never led anybody to do anything."""

    rule_id: str
    shown: int
    sources: int


class Quality(msgspec.Struct, frozen=True):
    """What is known of the alerts shown from `since` to just before `until`."""

    since: datetime
    until: datetime
    kpis: list[Kpi]
    worst_actors: list[Actor]
    never_acted_on: list[Idle]


async def read_quality(
    conn: Connection, since: datetime, until: datetime, *, at_most: int = 10
) -> Quality:
    """Count a period; takes seconds for a million transitions."""
    period = {"since": since, "until": until, "at_most": at_most}
    kpis = conn.cursor(row_factory=class_row(Kpi))
    actors = conn.cursor(row_factory=class_row(Actor))
    idle = conn.cursor(row_factory=class_row(Idle))
    return Quality(
        since,
        until,
        await (await kpis.execute(QUERIES["kpis"], period)).fetchall(),
        await (await actors.execute(QUERIES["worst_actors"], period)).fetchall(),
        await (await idle.execute(QUERIES["never_acted_on"], period)).fetchall(),
    )
