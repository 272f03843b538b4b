"""期末未结与搁置告警: what was still open when the period ended, and what was put aside."""

from collections import Counter
from collections.abc import Callable
from datetime import datetime

import msgspec

from api.reports import words
from api.reports.asking import Asked, fetch, fetch_before
from api.reports.model import Figure, Table
from api.reports.sections.content import (
    Content,
    Measure,
    nothing_recorded,
    table,
    was_recorded,
    was_recorded_before,
)
from core.database import Connection

_STALE_AFTER_S = 86_400
_HELD = frozenset({"shelved", "suppressed", "out_of_service"})


class Standing(msgspec.Struct, frozen=True, kw_only=True):
    """An alert that was not over at the end."""

    alert_id: str
    priority: str
    domain: str
    state: str
    place: str
    device_id: str | None
    title_zh: str
    title_en: str
    raised_at: datetime
    age_s: float


async def read(conn: Connection, asked: Asked) -> Content:
    """List what was open at the end of the period, the most urgent and oldest first."""
    rows = await fetch(conn, "open_at_end", Standing, asked)
    before = await _before(conn, asked)
    if not rows and not await was_recorded(conn, asked):
        return Content(paragraphs=(nothing_recorded(asked),), figures=_figures(asked, None, before))
    if not rows:
        none = asked.say("期末没有未结告警。", "No alert was open at the end.")
        return Content(paragraphs=(none,), figures=_figures(asked, rows, before))
    return Content(
        paragraphs=(_summary(asked, rows),),
        figures=_figures(asked, rows, before),
        tables=(_listed(asked, rows),),
    )


def _listed(asked: Asked, rows: list[Standing]) -> Table:
    return table(
        asked,
        ("期末未结告警", "Open at the end"),
        rows,
        (
            (
                "优先级",
                "Priority",
                "text",
                lambda row: words.priority(row.priority, asked.language),
            ),
            ("告警", "Alert", "text", lambda row: asked.say(row.title_zh, row.title_en)),
            ("位置", "Place", "text", lambda row: row.place),
            ("状态", "State", "text", lambda row: words.state(row.state, asked.language)),
            ("发生时间", "Raised", "instant", lambda row: row.raised_at),
            ("持续", "For", "seconds", lambda row: row.age_s),
        ),
        note=("状态为期末时的状态；按优先级、时间排列。", "States as at the end of the period."),
        at_most=asked.rows_at_most,
    )


async def _before(conn: Connection, asked: Asked) -> list[Standing] | None:
    rows = await fetch_before(conn, "open_at_end", Standing, asked)
    return rows if rows or await was_recorded_before(conn, asked) else None


def _summary(asked: Asked, rows: list[Standing]) -> str:
    states = Counter(row.state for row in rows)
    told = ("、" if asked.language == "zh" else ", ").join(
        f"{words.state(state, asked.language)} {number}" for state, number in states.most_common()
    )
    return asked.say(
        f"期末未结告警 {len(rows):,} 起：{told}。", f"{len(rows):,} alerts were open: {told}."
    )


def _is_standing(row: Standing) -> bool:
    return row.state not in _HELD


def _is_shelved(row: Standing) -> bool:
    return row.state == "shelved"


def _is_stale(row: Standing) -> bool:
    return row.age_s > _STALE_AFTER_S and _is_standing(row)


_SOURCE = "dash.alert_history + alert_events"
_EEMUA = (f"{_SOURCE}; EEMUA 191", f"{_SOURCE}; EEMUA 191")
_COUNTS: tuple[tuple[Measure, Callable[[Standing], bool]], ...] = (
    (
        Measure(
            key="standing",
            title=("期末未结告警", "Open at the end"),
            unit="count",
            target=10,
            formula=("期末未结，不含暂不通知的", "open at the end, held ones left out"),
            source=_EEMUA,
            headline=True,
        ),
        _is_standing,
    ),
    (
        Measure(
            key="shelved",
            title=("期末搁置告警", "Shelved at the end"),
            unit="count",
            target=30,
            formula=("期末处于搁置状态", "in state shelved at the end"),
            source=_EEMUA,
        ),
        _is_shelved,
    ),
    (
        Measure(
            key="stale",
            title=("其中超过 24 小时", "Open for more than 24 h"),
            unit="count",
            target=4,
            formula=("期末未结且系统得知已超过 24 小时", "open, and known for more than 24 h"),
            source=(
                f"{_SOURCE}；ISA-18.2-2016 表 7（每日少于 5）",
                f"{_SOURCE}; ISA-18.2-2016 table 7 (fewer than 5 on any day)",
            ),
        ),
        _is_stale,
    ),
)


def _figures(
    asked: Asked, rows: list[Standing] | None, before: list[Standing] | None
) -> tuple[Figure, ...]:
    """Count; the targets are those of a desk, and say nothing of a part of the city."""
    return tuple(
        _measure(asked, measure).figure(asked, _count(rows, counts), _count(before, counts))
        for measure, counts in _COUNTS
    )


def _measure(asked: Asked, measure: Measure) -> Measure:
    if not asked.is_partial:
        return measure
    return msgspec.structs.replace(measure, target=None, source=(_SOURCE, _SOURCE))


def _count(rows: list[Standing] | None, counts: Callable[[Standing], bool]) -> int | None:
    return None if rows is None else sum(map(counts, rows))
