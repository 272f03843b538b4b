"""A small report with everything in it that can go wrong."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import msgspec

from api.reports.model import (
    Chart,
    ChartKind,
    Column,
    Fact,
    Figure,
    Report,
    Section,
    Series,
    Table,
    Unit,
)

START = datetime(2026, 4, 30, 16, tzinfo=UTC)
END = datetime(2026, 5, 1, 16, tzinfo=UTC)

ALERTS = Figure(
    key="alerts",
    title="新发告警",
    value=12,
    before=10,
    unit="count",
    formula="期内产生",
    source="dash.alert_history",
    headline=True,
)
ONLINE = Figure(
    key="online_rate",
    title="在线率",
    value=None,
    unit="percent",
    target=95,
    higher=True,
    verdict="unknown",
    formula="在线时间 ÷ 应在线时间",
    source="dash.online_rate",
    headline=True,
)
TABLE = Table(
    title="按点位",
    columns=(
        Column("点位"),
        Column("次数", "count"),
        Column("占比", "percent"),
        Column("用时", "seconds"),
        Column("时间", "instant"),
        Column("日期", "date"),
        Column("判定", "verdict"),
    ),
    rows=(
        ("=cmd()", 3, 12.5, 90.0, START, date(2026, 5, 1), "bad"),
        ("一号楼 <b>", None, None, None, None, None, None),
    ),
    note="按次数。",
    left_out=7,
)


def report(**changes: Any) -> Report:
    """Return the report, with other members where said."""
    usual = Report(
        kind="daily",
        language="zh",
        title="城市运行日提醒",
        subtitle="2026 年 5 月 1 日",
        first=date(2026, 5, 1),
        last=date(2026, 5, 1),
        start=START,
        end=END,
        before_start=datetime(2026, 4, 29, 16, tzinfo=UTC),
        before_end=START,
        made_at=END,
        complete=True,
        facts=(Fact("统计范围", "全市"),),
        sections=(
            Section(key="alerts", title="告警", figures=(ALERTS, ONLINE), tables=(TABLE,)),
            Section(key="duty", title="查岗/值班", problem="本节暂不可用。"),
        ),
    )
    return msgspec.structs.replace(usual, **changes)


def chart(
    *values: tuple[float | None, ...],
    kind: ChartKind = "bars",
    unit: Unit = "count",
    **changes: Any,
) -> Chart:
    """Return a chart of these series along the first days of May, with other members where said."""
    usual = Chart(
        key="made",
        title="每日新发告警",
        kind=kind,
        unit=unit,
        steps=tuple(date(2026, 5, 1) + timedelta(number) for number in range(len(values[0]))),
        series=tuple(
            Series(key=f"series-{number}", title=f"第{number}组", values=each)
            for number, each in enumerate(values)
        ),
    )
    return msgspec.structs.replace(usual, **changes)
