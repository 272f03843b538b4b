"""告警总体情况: how many alerts there were, how urgent, of which trade, on which day."""

from datetime import date

import msgspec

from api.reports import words
from api.reports.asking import Asked, fetch
from api.reports.model import Column, Figure, Table
from api.reports.sections.content import (
    Content,
    nothing_recorded,
    percent,
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


class DayCount(msgspec.Struct, frozen=True):
    """Alerts of one local day."""

    day: date
    alerts: int
    critical: int
    high: int
    medium: int
    low: int


async def read(conn: Connection, asked: Asked) -> Content:
    """Count the alerts raised in the period."""
    counts = await fetch(conn, "count_alerts", PriorityCount, asked)
    domains = await fetch(conn, "count_by_domain", DomainCount, asked)
    days = await fetch(conn, "count_by_day", DayCount, asked)
    recorded = bool(counts) or await was_recorded(conn, asked)
    compares = any(row.before for row in counts) or await was_recorded_before(conn, asked)
    if not recorded:
        return Content(paragraphs=(nothing_recorded(asked),), figures=_figures(asked, None, None))
    tables = [
        _by_priority(asked, counts, compares=compares),
        _by_domain(asked, domains, compares=compares),
    ]
    if asked.period.kind != "daily":
        tables.append(_by_day(asked, days))
    return Content(
        paragraphs=(_summary(asked, counts),),
        figures=_figures(asked, counts, counts if compares else None),
        tables=tuple(tables),
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
    source = "dash.alert_history"
    counted = asked.say("期内产生（raised_at），不含演练", "raised in the period, drills left out")
    critical = [row for row in counts or () if row.priority == "critical"]
    real = sum(row.real for row in counts or ())
    known = real + sum(row.mistaken for row in counts or ())
    return (
        Figure(
            key="alerts",
            title=asked.say("新发告警", "New alerts"),
            value=None if counts is None else sum(row.alerts for row in counts),
            before=None if before is None else sum(row.before for row in before),
            unit="count",
            formula=counted,
            source=source,
            headline=True,
        ),
        Figure(
            key="critical",
            title=asked.say("其中紧急", "Critical among them"),
            value=None if counts is None else sum(row.alerts for row in critical),
            before=None if before is None else sum(row.before for row in critical),
            unit="count",
            formula=asked.say("优先级为“紧急”的新发告警", "new alerts of priority critical"),
            source=source,
        ),
        Figure(
            key="real_share",
            title=asked.say("核实为真警的比例", "Found to be real"),
            value=percent(real, known),
            unit="percent",
            formula=asked.say(
                "真警 ÷（真警＋误报），只计已核实的告警",
                "real ÷ (real + false), of those with a verdict",
            ),
            source=source,
        ),
    )


def _by_priority(asked: Asked, counts: list[PriorityCount], *, compares: bool) -> Table:
    return Table(
        title=asked.say("按优先级", "By priority"),
        columns=(
            Column(asked.say("优先级", "Priority")),
            Column(asked.say("本期", "Alerts"), "count"),
            Column(asked.say("上期", "Before"), "count"),
            Column(asked.say("已办结", "Over"), "count"),
            Column(asked.say("真警", "Real"), "count"),
            Column(asked.say("误报", "False"), "count"),
        ),
        rows=tuple(
            (
                words.priority(row.priority, asked.language),
                row.alerts,
                row.before if compares else None,
                row.over,
                row.real,
                row.mistaken,
            )
            for row in counts
        ),
        note=asked.say(
            "“已办结”“真警”“误报”为出具报告时的状态。",
            "Over, real and false: as known when the report was made.",
        ),
    )


def _by_domain(asked: Asked, domains: list[DomainCount], *, compares: bool) -> Table:
    return Table(
        title=asked.say("按领域", "By domain"),
        columns=(
            Column(asked.say("领域", "Domain")),
            Column(asked.say("本期", "Alerts"), "count"),
            Column(asked.say("上期", "Before"), "count"),
            *_priority_columns(asked),
        ),
        rows=tuple(
            (
                words.domain(row.domain, asked.language),
                row.alerts,
                row.before if compares else None,
                row.critical,
                row.high,
                row.medium,
                row.low,
            )
            for row in domains
        ),
    )


def _by_day(asked: Asked, days: list[DayCount]) -> Table:
    return Table(
        title=asked.say("按日", "By day"),
        columns=(
            Column(asked.say("日期", "Day"), "date"),
            Column(asked.say("告警", "Alerts"), "count"),
            *_priority_columns(asked),
        ),
        rows=tuple(
            (row.day, row.alerts, row.critical, row.high, row.medium, row.low) for row in days
        ),
        note=asked.say(
            "按北京时间的自然日；没有告警的日期不列出。",
            "Local days; days without any alert are not listed.",
        ),
    )


def _priority_columns(asked: Asked) -> tuple[Column, ...]:
    return tuple(
        Column(words.priority(code, asked.language), "count")
        for code in ("critical", "high", "medium", "low")
    )
