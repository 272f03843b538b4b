"""响应时效: from the moment the system knew to acknowledgement, dispatch, arrival, the end."""

import msgspec

from api.reports import words
from api.reports.asking import Asked, fetch, fetch_before
from api.reports.model import Cell, Column, Figure, Table, judge
from api.reports.sections.content import Content
from core.database import Connection

_WITHIN = 95.0
"""Share in time, %: taken over from the hotline's 工单按时办结率 (Lanzhou New Area 2023)."""


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


async def read(conn: Connection, asked: Asked) -> Content:
    """Work out how fast people answered."""
    rows = await fetch(conn, "clocks", Clocks, asked)
    earlier = await fetch_before(conn, "clocks", Clocks, asked)
    whole, before = rows[0], earlier[0]
    if not whole.alerts:
        none = asked.say(
            "本期没有需要响应的告警，时效无从计算。",
            "No alert had to be answered: no times to tell.",
        )
        return Content(paragraphs=(none,), figures=_figures(asked, whole, before))
    return Content(
        paragraphs=(_scope(asked),),
        figures=_figures(asked, whole, before),
        tables=(_steps(asked, whole, before), _domains(asked, rows[1:])),
    )


def _scope(asked: Asked) -> str:
    return asked.say(
        "时效自系统得知（detected_at）起算；演练、测试和离线告警不计入。",
        "All clocks begin when the system knew (detected_at); drills, tests and silence are "
        "left out.",
    )


def _figures(asked: Asked, whole: Clocks, before: Clocks) -> tuple[Figure, ...]:
    source = "dash.alert_history"
    return (
        Figure(
            key="ack_share",
            title=asked.say("按时确认率", "Acknowledged in time"),
            value=whole.ack_share,
            before=before.ack_share,
            unit="percent",
            target=_WITHIN,
            higher=True,
            verdict=judge(whole.ack_share, _WITHIN, higher=True),
            formula=asked.say(
                "紧急 ≤1 分钟、重要 ≤15 分钟、一般 ≤2 小时内确认的告警 ÷ 应确认的告警",
                "acknowledged within 1 min (critical), 15 min (high), 2 h (medium) ÷ due",
            ),
            source=asked.say(
                f"{source}；时限取消防席首次升级的时间（本系统设定）",
                f"{source}; limits: first escalation of the fire desk (ours)",
            ),
            headline=True,
        ),
        Figure(
            key="arrive_share",
            title=asked.say("按时到场率", "On site in time"),
            value=whole.arrive_share,
            before=before.arrive_share,
            unit="percent",
            target=_WITHIN,
            higher=True,
            verdict=judge(whole.arrive_share, _WITHIN, higher=True),
            formula=asked.say(
                "30 分钟内到场 ÷ 有到场记录", "on site within 30 min ÷ with an arrival noted"
            ),
            source=asked.say(
                f"{source}；30 分钟借用长沙市照明抢修规定",
                f"{source}; 30 min as Changsha's repair crews",
            ),
        ),
        Figure(
            key="clear_share",
            title=asked.say("24 小时办结率", "Over within 24 h"),
            value=whole.clear_share,
            before=before.clear_share,
            unit="percent",
            target=_WITHIN,
            higher=True,
            verdict=judge(whole.clear_share, _WITHIN, higher=True),
            formula=asked.say(
                "24 小时内消除 ÷（已消除＋已满 24 小时）",
                "cleared within 24 h ÷ (cleared + older than 24 h)",
            ),
            source=asked.say(
                f"{source}；24 小时借用河北省城市照明管理规定（一般故障）",
                f"{source}; 24 h as Hebei's rule for ordinary lighting faults",
            ),
        ),
    )


def _steps(asked: Asked, whole: Clocks, before: Clocks) -> Table:
    steps: list[tuple[Cell, ...]] = [
        (
            asked.say("确认接警", "Acknowledged"),
            whole.acked,
            whole.ack_median,
            whole.ack_90,
            before.ack_median,
        ),
        (
            asked.say("派出力量", "Dispatched"),
            whole.dispatched,
            whole.dispatch_median,
            whole.dispatch_90,
            before.dispatch_median,
        ),
        (
            asked.say("到达现场", "On site"),
            whole.arrived,
            whole.arrive_median,
            whole.arrive_90,
            before.arrive_median,
        ),
        (
            asked.say("告警消除", "Cleared"),
            whole.cleared,
            whole.clear_median,
            whole.clear_90,
            before.clear_median,
        ),
    ]
    return Table(
        title=asked.say("各环节用时", "Steps"),
        columns=(
            Column(asked.say("环节", "Step")),
            Column(asked.say("已完成", "Done"), "count"),
            Column(asked.say("中位数", "Median"), "seconds"),
            Column(asked.say("90 分位", "90th percentile"), "seconds"),
            Column(asked.say("上期中位数", "Median before"), "seconds"),
        ),
        rows=tuple(steps),
        note=asked.say(
            "只统计已完成该环节的告警；尚未完成的不作为零。",
            "Only alerts that have taken the step; those that have not are not counted as zero.",
        ),
    )


def _domains(asked: Asked, rows: list[Clocks]) -> Table:
    return Table(
        title=asked.say("按领域", "By domain"),
        columns=(
            Column(asked.say("领域", "Domain")),
            Column(asked.say("应响应告警", "Alerts"), "count"),
            Column(asked.say("确认中位数", "Ack. median"), "seconds"),
            Column(asked.say("确认 90 分位", "Ack. 90th"), "seconds"),
            Column(asked.say("按时确认率", "In time"), "percent"),
            Column(asked.say("消除中位数", "Clear median"), "seconds"),
        ),
        rows=tuple(
            (
                words.domain(row.domain, asked.language),
                row.alerts,
                row.ack_median,
                row.ack_90,
                row.ack_share,
                row.clear_median,
            )
            for row in rows
        ),
    )
