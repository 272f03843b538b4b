"""响应时效: from the moment the system knew to acknowledgement, dispatch, arrival, the end."""

from collections.abc import Callable
from datetime import datetime
from typing import Final, NamedTuple

import msgspec

from api.reports import words
from api.reports.asking import Asked, fetch, fetch_before
from api.reports.model import Chart, Table
from api.reports.sections.charting import chart, step_at
from api.reports.sections.content import Content, Measure, Words, table
from core.database import Connection

_WITHIN: Final = 95.0
"""Share in time, %: taken over from the hotline's 工单按时办结率 (Lanzhou New Area 2023)."""

_CRITICAL_WITHIN_S: Final = 60.0
"""What is critical is acknowledged in a minute: first escalation of the fire desk (ours)."""


class Acknowledged(msgspec.Struct, frozen=True):
    """Half of a day's critical alerts were acknowledged within `median` s."""

    began: datetime
    median: float


class Clocks(msgspec.Struct, frozen=True, kw_only=True):
    """How fast alerts of one domain (empty: all) were answered, s and %."""

    domain: str
    alerts: int
    ack_median: float | None
    ack_90: float | None
    acked: int
    ack_share: float | None
    dispatch_median: float | None
    dispatch_90: float | None
    dispatched: int
    arrive_median: float | None
    arrive_90: float | None
    arrived: int
    arrive_share: float | None
    clear_median: float | None
    clear_90: float | None
    cleared: int
    clear_share: float | None


def _share(key: str, title: Words, formula: Words, limit: Words) -> Measure:
    """Return a share in time; `limit` says where the time comes from."""
    zh, en = limit
    return Measure(
        key=key,
        title=title,
        unit="percent",
        target=_WITHIN,
        higher=True,
        formula=formula,
        source=(f"dash.alert_history；{zh}", f"dash.alert_history; {en}"),
        headline=key == "ack_share",
    )


_ACKNOWLEDGED = _share(
    "ack_share",
    ("按时确认率", "Acknowledged in time"),
    (
        "紧急 ≤1 分钟、重要 ≤15 分钟、一般 ≤2 小时内确认的告警 ÷ 应确认的告警",
        "acknowledged within 1 min (critical), 15 min (high), 2 h (medium) ÷ due",
    ),
    (
        "时限取消防席首次升级的时间（本系统设定）",
        "limits: first escalation of the fire desk (ours)",
    ),
)
_ARRIVED = _share(
    "arrive_share",
    ("按时到场率", "On site in time"),
    ("30 分钟内到场 ÷ 有到场记录", "on site within 30 min ÷ with an arrival noted"),
    ("30 分钟借用长沙市照明抢修规定", "30 min as Changsha's repair crews"),
)
_CLEARED = _share(
    "clear_share",
    ("24 小时办结率", "Over within 24 h"),
    (
        "24 小时内消除 ÷（已消除＋已满 24 小时）",
        "cleared within 24 h ÷ (cleared + older than 24 h)",
    ),
    (
        "24 小时借用河北省城市照明管理规定（一般故障）",
        "24 h as Hebei's rule for ordinary lighting faults",
    ),
)


class Step(NamedTuple):
    """How many took a step, and how long that took, s."""

    done: int
    median: float | None
    at_90: float | None


_STEPS: tuple[tuple[Words, Callable[[Clocks], Step]], ...] = (
    (("确认接警", "Acknowledged"), lambda told: Step(told.acked, told.ack_median, told.ack_90)),
    (
        ("派出力量", "Dispatched"),
        lambda told: Step(told.dispatched, told.dispatch_median, told.dispatch_90),
    ),
    (("到达现场", "On site"), lambda told: Step(told.arrived, told.arrive_median, told.arrive_90)),
    (("告警消除", "Cleared"), lambda told: Step(told.cleared, told.clear_median, told.clear_90)),
)


async def read(conn: Connection, asked: Asked) -> Content:
    """Work out how fast people answered."""
    rows = await fetch(conn, "clocks", Clocks, asked)
    earlier = await fetch_before(conn, "clocks", Clocks, asked)
    whole, before = rows[0], earlier[0]
    figures = (
        _ACKNOWLEDGED.figure(asked, whole.ack_share, before.ack_share),
        _ARRIVED.figure(asked, whole.arrive_share, before.arrive_share),
        _CLEARED.figure(asked, whole.clear_share, before.clear_share),
    )
    if not whole.alerts:
        none = asked.say(
            "本期没有需要响应的告警，时效无从计算。",
            "No alert had to be answered: no times to tell.",
        )
        return Content(paragraphs=(none,), figures=figures)
    return Content(
        paragraphs=(_scope(asked),),
        figures=figures,
        charts=await _chart(conn, asked),
        tables=(_steps(asked, whole, before), _domains(asked, rows[1:])),
    )


async def _chart(conn: Connection, asked: Asked) -> tuple[Chart, ...]:
    """Show the days; of an hour there are too few for a median to say much."""
    if asked.period.kind == "daily":
        return ()
    days = await fetch(conn, "acknowledged_by_step", Acknowledged, asked)
    return chart(
        asked,
        "acknowledged_by_step",
        ("每日紧急告警确认用时（中位数）", "Median time to acknowledge critical alerts by day"),
        (
            (
                "median",
                asked.say("中位数", "median"),
                {step_at(asked, day.began): day.median for day in days},
            ),
        ),
        kind="line",
        unit="seconds",
        limit=(_CRITICAL_WITHIN_S, False),
        note=(
            "只计已确认的紧急告警；“—”：当日没有。",
            "Critical alerts that were acknowledged; —: none that day.",
        ),
    )


def _scope(asked: Asked) -> str:
    return asked.say(
        "时效自系统得知（detected_at）起算；演练、测试和离线告警不计入。",
        "All clocks begin when the system knew (detected_at); drills, tests and silence are "
        "left out.",
    )


def _steps(asked: Asked, whole: Clocks, before: Clocks) -> Table:
    return table(
        asked,
        ("各环节用时", "Steps"),
        [(asked.say(*title), step(whole), step(before)) for title, step in _STEPS],
        (
            ("环节", "Step", "text", lambda row: row[0]),
            ("已完成", "Done", "count", lambda row: row[1].done),
            ("中位数", "Median", "seconds", lambda row: row[1].median),
            ("90 分位", "90th percentile", "seconds", lambda row: row[1].at_90),
            ("上期中位数", "Median before", "seconds", lambda row: row[2].median),
        ),
        note=(
            "只统计已完成该环节的告警；尚未完成的不作为零。",
            "Only alerts that have taken the step; those that have not are not counted as zero.",
        ),
    )


def _domains(asked: Asked, rows: list[Clocks]) -> Table:
    return table(
        asked,
        ("按领域", "By domain"),
        rows,
        (
            ("领域", "Domain", "text", lambda row: words.domain(row.domain, asked.language)),
            ("应响应告警", "Alerts", "count", lambda row: row.alerts),
            ("确认中位数", "Ack. median", "seconds", lambda row: row.ack_median),
            ("确认 90 分位", "Ack. 90th", "seconds", lambda row: row.ack_90),
            ("按时确认率", "In time", "percent", lambda row: row.ack_share),
            ("消除中位数", "Clear median", "seconds", lambda row: row.clear_median),
        ),
    )
