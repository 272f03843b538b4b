"""告警负荷: is the duty room told what matters, and no more (ISA-18.2, EEMUA 191)."""

import msgspec

from api.reports.asking import Asked, fetch, fetch_before
from api.reports.model import Figure, Unit, Verdict
from api.reports.sections.content import Content, Measure, percent
from api.store.quality import Kpi
from core.database import Connection

_TOLD = frozenset({"folded", "held", "drill"})
"""Counts without a target; the chapter says them in a sentence."""
_OF_DESKS = frozenset(
    {
        *("per_10_min", "per_hour", "per_day", "periods_over_10", "hours_over_30"),
        *("time_in_flood", "top_10_share", "standing", "shelved"),
    }
)
"""How a desk fares with all that reaches it: nothing a part of the city can be said to do."""
_OF_CONDITIONS = frozenset({"chattering", "fleeting"})
"""What no condition should do, wherever it is; all other targets are those of a desk."""
_SHARE = Measure(
    key="alarm_share",
    title=("占全市鸣响报警的比例", "Share of all that was shown"),
    unit="percent",
    formula=(
        "本范围鸣响的报警 ÷ 全市鸣响的报警",
        "shown of what was asked for ÷ shown in the city",
    ),
    source=("dash.alarm_load", "dash.alarm_load"),
)


class Shown(msgspec.Struct, frozen=True):
    """How many alerts the whole city's desks were shown."""

    shown: int | None


async def read(conn: Connection, asked: Asked) -> Content:
    """Set the load of the desks beside the targets of the standards, or say whose part it is."""
    whole = _content(
        asked,
        await fetch(conn, "kpis", Kpi, asked),
        await fetch_before(conn, "kpis", Kpi, asked),
    )
    if not asked.is_partial:
        return whole
    (city,) = await fetch(conn, "shown_in_the_city", Shown, asked)
    (city_before,) = await fetch_before(conn, "shown_in_the_city", Shown, asked)
    return _part(asked, whole, city, city_before)


def _part(asked: Asked, whole: Content, city: Shown, city_before: Shown) -> Content:
    """Say which part of the load it is."""
    (shown,) = (each for each in whole.figures if each.key == "alarm_shown")
    share = _SHARE.figure(
        asked, percent(shown.value, city.shown), percent(shown.before, city_before.shown)
    )
    note = asked.say(
        "本节只计所选范围的报警；每席平均、洪水等值班席指标和目标针对席位全部报警，不在此列。",
        "Only what came from what was asked for; averages, floods and targets of a desk are about "
        "all that reaches it, and are left out.",
    )
    return Content(paragraphs=(*whole.paragraphs, note), figures=(share, *whole.figures))


def _content(asked: Asked, kpis: list[Kpi], earlier: list[Kpi]) -> Content:
    before = {kpi.metric: kpi for kpi in earlier} if _was_told(earlier) else {}
    shown = {kpi.metric: kpi.value for kpi in kpis}
    was_told = _was_told(kpis)
    figures = tuple(
        _figure(asked, kpi, before.get(kpi.metric), known=was_told)
        for kpi in kpis
        if kpi.metric not in _TOLD and not (asked.is_partial and kpi.metric in _OF_DESKS)
    )
    return Content(paragraphs=(_summary(asked, shown, was_told=was_told),), figures=figures)


def _was_told(kpis: list[Kpi]) -> bool:
    """Say whether any desk was told anything; without that most figures mean nothing."""
    counts = {*_TOLD, "shown"}
    return any(kpi.value for kpi in kpis if kpi.metric in counts)


def _summary(asked: Asked, shown: dict[str, float | None], *, was_told: bool) -> str:
    if not was_told and asked.is_partial:
        return asked.say(
            "本期值班席没有收到来自所选范围的任何告警。",
            "No desk was told anything of what was asked for in this period.",
        )
    if not was_told:
        return asked.say(
            "本期值班席没有收到任何告警，负荷指标无从计算。",
            "No desk was told anything in this period: there is no load to tell.",
        )
    folded, held, drill = (f"{shown.get(name) or 0:,.0f}" for name in ("folded", "held", "drill"))
    return asked.say(
        f"另有归并 {folded} 条、暂不通知 {held} 条、演练 {drill} 条，未在值班席鸣响。",
        f"Beside those shown, {folded} were folded, {held} held back and {drill} of drills.",
    )


def _figure(asked: Asked, kpi: Kpi, before: Kpi | None, *, known: bool) -> Figure:
    value = kpi.value if known else None
    if asked.is_partial and kpi.metric not in _OF_CONDITIONS:
        kpi = msgspec.structs.replace(kpi, target=None, verdict=None, source="")
    return Figure(
        key=f"alarm_{kpi.metric}",
        title=asked.say(kpi.title_zh, kpi.title_en),
        value=value,
        before=before.value if before else None,
        unit=_unit(kpi),
        target=kpi.target,
        higher=kpi.higher,
        verdict=_verdict(kpi, value),
        formula=f"dash.alarm_kpis: {kpi.metric}",
        source=kpi.source or asked.say("供参考，无目标值", "for information, no target"),
    )


def _verdict(kpi: Kpi, value: float | None) -> Verdict | None:
    if kpi.target is not None and value is None:
        return "unknown"
    return kpi.verdict


def _unit(kpi: Kpi) -> Unit:
    known: dict[str, Unit] = {"%": "percent", "s": "seconds"}
    if kpi.unit in known:
        return known[kpi.unit]
    return "number" if kpi.metric.startswith("per_") else "count"
