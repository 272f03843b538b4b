"""告警总体情况: how many alerts there were, how urgent, of which trade, on which day."""

from datetime import datetime
from operator import attrgetter
from typing import Any

import msgspec

from api.reports import words
from api.reports.asking import Asked, fetch
from api.reports.model import Chart, Figure, Step, Table
from api.reports.sections.charting import chart, counted, recorded_steps, step_at
from api.reports.sections.content import (
    Content,
    Measure,
    Told,
    nothing_recorded,
    percent,
    table,
    was_recorded,
    was_recorded_before,
)
from core.database import Connection


class PriorityCount(msgspec.Struct, frozen=True):
    """Alerts of one priority."""

    priority: str
    alerts: int
    before: int
    drills: int
    over: int
    real: int
    mistaken: int


class DomainCount(msgspec.Struct, frozen=True):
    """Alerts of one trade."""

    domain: str
    alerts: int
    before: int
    critical: int
    high: int
    medium: int
    low: int


class StepCount(msgspec.Struct, frozen=True):
    """Alerts of one local day or hour."""

    began: datetime
    alerts: int
    critical: int
    high: int
    medium: int
    low: int


_PRIORITIES = ("critical", "high", "medium", "low")
_SOURCE = ("dash.alert_history", "dash.alert_history")
_ALERTS = Measure(
    key="alerts",
    title=("新发告警", "New alerts"),
    unit="count",
    formula=("期内产生（raised_at），不含演练", "raised in the period, drills left out"),
    source=_SOURCE,
    headline=True,
)
_CRITICAL = Measure(
    key="critical",
    title=("其中紧急", "Critical among them"),
    unit="count",
    formula=("优先级为“紧急”的新发告警", "new alerts of priority critical"),
    source=_SOURCE,
)
_REAL_SHARE = Measure(
    key="real_share",
    title=("核实为真警的比例", "Found to be real"),
    unit="percent",
    formula=(
        "真警 ÷（真警＋误报），只计已核实的告警",
        "real ÷ (real + false), of those with a verdict",
    ),
    source=_SOURCE,
)


async def read(conn: Connection, asked: Asked) -> Content:
    """Count the alerts raised in the period."""
    counts = await fetch(conn, "count_alerts", PriorityCount, asked)
    domains = await fetch(conn, "count_by_domain", DomainCount, asked)
    steps = await fetch(conn, "count_by_step", StepCount, asked)
    recorded = bool(counts) or await was_recorded(conn, asked)
    compares = any(row.before for row in counts) or await was_recorded_before(conn, asked)
    if not recorded:
        return Content(paragraphs=(nothing_recorded(asked),), figures=_figures(asked, None, None))
    tables = [
        _by_priority(asked, counts, compares=compares),
        _by_domain(asked, domains, compares=compares),
    ]
    if asked.period.kind != "daily":
        tables.append(_by_day(asked, steps))
    return Content(
        paragraphs=(_summary(asked, counts),),
        figures=_figures(asked, counts, counts if compares else None),
        charts=_chart(asked, steps, await recorded_steps(conn, asked)),
        tables=tuple(tables),
    )


def _chart(asked: Asked, counts: list[StepCount], recorded: frozenset[Step]) -> tuple[Chart, ...]:
    known = {step_at(asked, row.began): row for row in counts}
    return chart(
        asked,
        "alerts_by_step",
        ("每小时新发告警", "New alerts by hour")
        if asked.period.kind == "daily"
        else ("每日新发告警", "New alerts by day"),
        [
            (
                code,
                words.priority(code, asked.language),
                counted({step: getattr(row, code) for step, row in known.items()}, recorded),
            )
            for code in _PRIORITIES
        ],
        kind="stacked",
    )


def _summary(asked: Asked, counts: list[PriorityCount]) -> str:
    alerts = sum(row.alerts for row in counts)
    over = sum(row.over for row in counts)
    drills = sum(row.drills for row in counts)
    return asked.say(
        f"本期新发告警 {alerts:,} 起，已办结 {over:,} 起；另有演练产生的 {drills:,} 起，不计入。",
        f"{alerts:,} new alerts, of which {over:,} are over by now; {drills:,} more belong to "
        "drills and do not count.",
    )


def _figures(
    asked: Asked, counts: list[PriorityCount] | None, before: list[PriorityCount] | None
) -> tuple[Figure, ...]:
    real = sum(row.real for row in counts or ())
    known = real + sum(row.mistaken for row in counts or ())
    return (
        _ALERTS.figure(
            asked,
            None if counts is None else sum(row.alerts for row in counts),
            None if before is None else sum(row.before for row in before),
        ),
        _CRITICAL.figure(
            asked,
            None if counts is None else sum(row.alerts for row in _critical(counts)),
            None if before is None else sum(row.before for row in _critical(before)),
        ),
        _REAL_SHARE.figure(asked, percent(real, known)),
    )


def _critical(counts: list[PriorityCount]) -> list[PriorityCount]:
    return [row for row in counts if row.priority == "critical"]


def _by_priority(asked: Asked, counts: list[PriorityCount], *, compares: bool) -> Table:
    return table(
        asked,
        ("按优先级", "By priority"),
        counts,
        (
            (
                "优先级",
                "Priority",
                "text",
                lambda row: words.priority(row.priority, asked.language),
            ),
            ("本期", "Alerts", "count", lambda row: row.alerts),
            ("上期", "Before", "count", lambda row: row.before if compares else None),
            ("已办结", "Over", "count", lambda row: row.over),
            ("真警", "Real", "count", lambda row: row.real),
            ("误报", "False", "count", lambda row: row.mistaken),
        ),
        note=(
            "“已办结”“真警”“误报”为出具报告时的状态。",
            "Over, real and false: as known when the report was made.",
        ),
    )


def _by_domain(asked: Asked, domains: list[DomainCount], *, compares: bool) -> Table:
    return table(
        asked,
        ("按领域", "By domain"),
        domains,
        (
            ("领域", "Domain", "text", lambda row: words.domain(row.domain, asked.language)),
            ("本期", "Alerts", "count", lambda row: row.alerts),
            ("上期", "Before", "count", lambda row: row.before if compares else None),
            *_priority_columns(asked),
        ),
    )


def _by_day(asked: Asked, days: list[StepCount]) -> Table:
    return table(
        asked,
        ("按日", "By day"),
        days,
        (
            ("日期", "Day", "date", lambda row: row.began.date()),
            ("告警", "Alerts", "count", lambda row: row.alerts),
            *_priority_columns(asked),
        ),
        note=(
            "按北京时间的自然日；没有告警的日期不列出。",
            "Local days; days without any alert are not listed.",
        ),
    )


def _priority_columns(asked: Asked) -> list[Told[Any]]:
    named = [(code, words.priority(code, asked.language)) for code in _PRIORITIES]
    return [(word, word, "count", attrgetter(code)) for code, word in named]
