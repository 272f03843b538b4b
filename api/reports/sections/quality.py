"""数据质量: valid readings out of received ones, by source, against the 95 % line."""

from collections.abc import Sequence
from datetime import date

import msgspec

from api.reports import words
from api.reports.asking import Asked, fetch, fetch_before
from api.reports.model import Chart, Column, Table, judge
from api.reports.sections.charting import rate_chart
from api.reports.sections.content import Content, Measure, nothing_recorded, percent, table
from core.database import Connection

LINE = 95.0
"""数据质量合格率, %: the line of the work plan of Luozhuang 2021."""
_PASSED = Measure(
    key="pass_rate",
    title=("数据质量合格率", "Data quality"),
    unit="percent",
    target=LINE,
    higher=True,
    formula=("合格读数 ÷ 收到读数", "valid readings ÷ received readings"),
    source=("dash.pass_rate；95% 见罗庄区 2021 工作方案", "dash.pass_rate; plan of Luozhuang 2021"),
    headline=True,
)


class Passed(msgspec.Struct, frozen=True, kw_only=True):
    """Readings of one source."""

    source: str
    received: int
    passed: int


class PassedOnDay(Passed, frozen=True, kw_only=True):
    """The same of one local day."""

    day: date


class Reason(msgspec.Struct, frozen=True):
    """Why messages could not be read."""

    reason: str
    messages: int
    devices: int


async def read(conn: Connection, asked: Asked) -> Content:
    """Hold the quality of every source against the line."""
    days = await fetch(conn, "pass_rate_by_day", PassedOnDay, asked)
    rows = _added(days)
    earlier = _added(await fetch_before(conn, "pass_rate_by_day", PassedOnDay, asked))
    figures = (_PASSED.figure(asked, _rate(rows), _rate(earlier)),)
    if not rows:
        return Content(paragraphs=(nothing_recorded(asked),), figures=figures)
    tables = [_by_source(asked, rows, earlier)]
    if asked.period.kind != "daily":
        tables.append(_by_day(asked, days))
    if reasons := await fetch(conn, "quarantine_reasons", Reason, asked):
        tables.append(_unread(asked, reasons))
    return Content(
        paragraphs=_below(asked, rows),
        figures=figures,
        charts=_chart(asked, days),
        tables=tuple(tables),
    )


def _chart(asked: Asked, days: list[PassedOnDay]) -> tuple[Chart, ...]:
    if asked.period.kind == "daily":
        return ()
    found = {row.day for row in days}
    return rate_chart(
        asked, _PASSED, {day: _rate([row for row in days if row.day == day]) for day in found}
    )


def _added(days: list[PassedOnDay]) -> list[Passed]:
    """Add the days up, as dash.pass_rate does."""
    return [
        Passed(
            source=source,
            received=sum(day.received for day in days if day.source == source),
            passed=sum(day.passed for day in days if day.source == source),
        )
        for source in sorted({day.source for day in days})
    ]


def _rate(rows: Sequence[Passed]) -> float | None:
    return percent(sum(row.passed for row in rows), sum(row.received for row in rows))


def _below(asked: Asked, rows: list[Passed]) -> tuple[str, ...]:
    below = [
        words.domain(row.source, asked.language)
        for row in rows
        if (percent(row.passed, row.received) or LINE) < LINE
    ]
    if not below:
        return (asked.say("各数据来源均达到 95%。", "Every source reaches 95 %."),)
    return (
        asked.say(
            f"未达到 95% 的数据来源：{'、'.join(below)}。",
            f"Below 95 %: {', '.join(below)}.",
        ),
    )


def _by_source(asked: Asked, rows: list[Passed], earlier: list[Passed]) -> Table:
    before = {row.source: _rate([row]) for row in earlier}
    return table(
        asked,
        ("按数据来源", "By source"),
        rows,
        (
            ("数据来源", "Source", "text", lambda row: words.domain(row.source, asked.language)),
            ("收到读数", "Received", "count", lambda row: row.received),
            ("不合格", "Not valid", "count", lambda row: row.received - row.passed),
            ("合格率", "Valid", "percent", lambda row: _rate([row])),
            ("上期", "Before", "percent", lambda row: before.get(row.source)),
            ("判定", "Verdict", "verdict", lambda row: judge(_rate([row]), LINE, higher=True)),
        ),
        note=(
            "合格：可解析、设备与单位已登记、量程内、时钟可信、设备未自报故障。隔离的报文计一条读数。",
            (
                "Valid: readable, known device and unit, plausible, a believable clock, not bad. "
                "A message in quarantine counts as one reading."
            ),
        ),
    )


def _by_day(asked: Asked, rows: list[PassedOnDay]) -> Table:
    sources = sorted({row.source for row in rows})
    known = {(row.day, row.source): percent(row.passed, row.received) for row in rows}
    return Table(
        title=asked.say("按日", "By day"),
        columns=(
            Column(asked.say("日期", "Day"), "date"),
            *(Column(words.domain(source, asked.language), "percent") for source in sources),
        ),
        rows=tuple(
            (day, *(known.get((day, source)) for source in sources))
            for day in sorted({row.day for row in rows})
        ),
        note=asked.say("— 表示当日没有收到该来源的数据。", "—: nothing came from it that day."),
    )


def _unread(asked: Asked, reasons: list[Reason]) -> Table:
    return table(
        asked,
        ("无法解析的报文", "Messages that could not be read"),
        reasons,
        (
            ("原因", "Reason", "text", lambda row: row.reason),
            ("报文", "Messages", "count", lambda row: row.messages),
            ("设备", "Devices", "count", lambda row: row.devices),
        ),
        note=("不含已重新读取的。", "Those read again since are left out."),
    )
