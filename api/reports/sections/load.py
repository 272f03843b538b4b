"""告警负荷: is the duty room told what matters, and no more (ISA-18.2, EEMUA 191)."""

from typing import Literal

import msgspec

from api.reports.asking import Asked, fetch, fetch_before
from api.reports.model import Figure, Unit, Verdict
from api.reports.sections.content import Content
from core.database import Connection

_TOLD = frozenset({"folded", "held", "drill"})
"""Counts without a target; the chapter says them in a sentence."""


class Kpi(msgspec.Struct, frozen=True, kw_only=True):
    """A figure of alarm management beside what it should be."""

    metric: str
    title_zh: str
    title_en: str
    value: float | None
    unit: str
    target: float | None
    manageable: float | None
    higher: bool
    verdict: Literal["good", "manageable", "bad"] | None
    source: str


async def read(conn: Connection, asked: Asked) -> Content:
    """Set the load of the desks beside the targets of the standards."""
    kpis = await fetch(conn, "kpis", Kpi, asked)
    earlier = await fetch_before(conn, "kpis", Kpi, asked)
    before = {kpi.metric: kpi for kpi in earlier} if _was_told(earlier) else {}
    shown = {kpi.metric: kpi.value for kpi in kpis}
    was_told = _was_told(kpis)
    figures = tuple(
        _figure(asked, kpi, before.get(kpi.metric), known=was_told)
        for kpi in kpis
        if kpi.metric not in _TOLD
    )
    return Content(paragraphs=(_summary(asked, shown, was_told=was_told),), figures=figures)


def _was_told(kpis: list[Kpi]) -> bool:
    """Say whether any desk was told anything; without that most figures mean nothing."""
    counts = {*_TOLD, "shown"}
    return any(kpi.value for kpi in kpis if kpi.metric in counts)


def _summary(asked: Asked, shown: dict[str, float | None], *, was_told: bool) -> str:
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
