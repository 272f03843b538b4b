"""How long dashboards take to answer: every panel, on a month of the default city.

The database holds what `bench.past` says it holds (`whole`; with --quick, what the tests look at).
Each question is asked by the role dashboards have, with the dashboard's own range and variables,
and counts with its best time: what a wall sees whose refresh is seconds away. Two yardsticks from
the same run: the trip to the database and back, and counting all hours of one hypertable.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final

import psycopg

from bench.machine import CpuMeter, describe
from bench.past.filling import Month
from bench.past.housing import house
from bench.reporting import Result, as_table
from bench.scale import Scale
from bench.systems import private_system
from bench.yardsticks import of_database
from core.errors import Conflict
from grafana.questions import read_dashboards
from grafana.trying import Tried, connect, try_dashboard

TARGET: Final = 0.3  # seconds, for each panel's default range


def bench(scale: Scale) -> Result:
    """Fill a database with the month, ask everything, report the slowest panel."""
    meter = CpuMeter()
    with private_system("database", name="panels") as system:
        month, now = house(system, scale)
        with connect(system.deployment.database_url("yiwang_grafana")) as conn:
            tried = _ask(conn, now, scale.runs)
        yardsticks = of_database(system.owner_url)
    print(as_table(("question", "rows", "s"), [_row(each) for each in tried]))
    print(f"\n{len(tried)} questions; {month.size}.")
    _require_answers(tried)
    slowest = tried[0]
    print(f"Slowest: {slowest.question.name}.")
    return Result(
        bench="panels",
        value=slowest.best.seconds,
        unit="s",
        target=TARGET,
        yardsticks=yardsticks,
        figures=_figures(tried, month),
        machine=describe(meter),
    )


def _ask(conn: psycopg.Connection, now: datetime, times: int) -> list[Tried]:
    """Ask every question of every dashboard; the slowest comes first."""
    found = [
        each
        for dashboard in read_dashboards("zh").values()
        for each in try_dashboard(conn, dashboard, now, times=times)
    ]
    return sorted(found, key=lambda each: -each.best.seconds)


def _row(each: Tried) -> tuple[str, float, float]:
    return each.question.name, len(each.best.answer.rows), each.best.seconds


def _require_answers(tried: Sequence[Tried]) -> None:
    """Refuse to report where a question failed: failing is quick, and worth nothing."""
    failed = [f"{each.question.name}: {each.error}" for each in tried if each.error]
    if failed:
        raise Conflict("\n".join(failed))


def _figures(tried: Sequence[Tried], month: Month) -> Mapping[str, float]:
    times = [each.best.seconds for each in tried]
    return {
        "questions": len(times),
        "over_target": sum(each >= TARGET for each in times),
        "median_s": sorted(times)[len(times) // 2],
        "rows": sum(month.rows.values()),
        "filling_s": sum(month.seconds.values()),
    }
