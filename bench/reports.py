"""How long somebody waits for a report: of a day, a week, a month of the default city.

The database holds what `bench.past` says it holds (`whole`; with --quick, what the tests look at).
Reports are read as the api reads them, by its role, and drawn as a page. Each is made several times
and counts with its median: nobody asks for one twice. Yardsticks from the same run: the trip to the
database and back, and counting all hours of one hypertable.
"""

import asyncio
import statistics
import time
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final, NamedTuple

from pydantic import SecretStr

from api.reports import periods
from api.reports.asking import Asked
from api.reports.making import make
from bench.machine import CpuMeter, describe
from bench.past.housing import house
from bench.publishing import DISTRICT
from bench.reporting import Result, as_table
from bench.scale import Scale
from bench.systems import private_system
from bench.yardsticks import of_database
from core.database import Connection, connect
from core.errors import Conflict

TARGET: Final = 10.0  # seconds, for a month of the city: the limit of the api's questions

_WITHIN_S: Final = 120.0
_MOSTLY_FULL: Final = timedelta(days=15)
"""So long ago lies in the month of which most is filled."""


class Made(NamedTuple):
    """One report: what was asked for, how long it took, how large it is."""

    name: str
    seconds: float
    size: int


def bench(scale: Scale) -> Result:
    """Fill a database with the month, make every report."""
    meter = CpuMeter()
    with private_system("database", name="reports") as system:
        month, now = house(system, scale)
        url = SecretStr(system.deployment.database_url("yiwang_api"))
        made = asyncio.run(_make_all(url, _questions(now), scale.runs))
        yardsticks = of_database(system.owner_url)
    print(as_table(("report", "s", "bytes"), made))
    print(f"\n{month.size}.")
    seconds = {each.name: each.seconds for each in made}
    return Result(
        bench="reports",
        value=seconds["monthly_s"],
        unit="s",
        target=TARGET,
        yardsticks=yardsticks,
        figures=seconds,
        machine=describe(meter),
    )


def _questions(now: datetime) -> Mapping[str, Asked]:
    """Return what is asked for: the city by day, week and month, and a district's month."""
    today = now.astimezone(periods.CITY).date()
    yesterday = today - timedelta(days=1)
    month = periods.period_of("monthly", today - _MOSTLY_FULL)
    return {
        "daily_s": Asked(period=periods.period_of("daily", yesterday), now=now),
        "weekly_s": Asked(period=periods.period_of("weekly", yesterday), now=now),
        "monthly_s": Asked(period=month, now=now),
        "monthly_district_s": Asked(period=month, now=now, grid=DISTRICT),
    }


async def _make_all(url: SecretStr, questions: Mapping[str, Asked], runs: int) -> Sequence[Made]:
    async with await connect(url, program="bench", statement_timeout_s=_WITHIN_S) as conn:
        return [await _make(conn, name, asked, runs) for name, asked in questions.items()]


async def _make(conn: Connection, name: str, asked: Asked, runs: int) -> Made:
    """Make one report again and again; one with a chapter that could not be read counts nothing."""
    seconds = []
    for _ in range(runs):
        began = time.perf_counter()
        report, page = await make(conn, asked, "html", font=None)
        seconds.append(time.perf_counter() - began)
        if failed := [each.title for each in report.sections if each.problem]:
            raise Conflict(f"The chapters {failed} of {name} could not be read.")
    return Made(name, statistics.median(seconds), len(page))
