"""期末未结与搁置告警: what was still open when the period ended, and what was put aside."""

from collections import Counter
from datetime import datetime

import msgspec

from api.reports import words
from api.reports.asking import Asked, fetch, fetch_before
from api.reports.model import Column, Figure, judge
from api.reports.sections.content import (
    Content,
    nothing_recorded,
    top,
    was_recorded,
    was_recorded_before,
)
from core.database import Connection

_STANDING_AT_MOST = 10.0
_SHELVED_AT_MOST = 30.0
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
    listed = top(
        asked,
        asked.say("期末未结告警", "Open at the end"),
        (
            Column(asked.say("优先级", "Priority")),
            Column(asked.say("告警", "Alert")),
            Column(asked.say("位置", "Place")),
            Column(asked.say("状态", "State")),
            Column(asked.say("发生时间", "Raised"), "instant"),
            Column(asked.say("持续", "For"), "seconds"),
        ),
        [
            (
                words.priority(row.priority, asked.language),
                asked.say(row.title_zh, row.title_en),
                row.place,
                words.state(row.state, asked.language),
                row.raised_at,
                row.age_s,
            )
            for row in rows
        ],
        asked.say(
            "状态为期末时的状态；按优先级、时间排列。", "States as at the end of the period."
        ),
    )
    return Content(
        paragraphs=(_summary(asked, rows),), figures=_figures(asked, rows, before), tables=(listed,)
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


def _standing(rows: list[Standing] | None) -> int | None:
    return None if rows is None else sum(row.state not in _HELD for row in rows)


def _shelved(rows: list[Standing] | None) -> int | None:
    return None if rows is None else sum(row.state == "shelved" for row in rows)


def _stale(rows: list[Standing] | None) -> int | None:
    if rows is None:
        return None
    return sum(row.age_s > _STALE_AFTER_S and row.state not in _HELD for row in rows)


def _figures(
    asked: Asked, rows: list[Standing] | None, before: list[Standing] | None
) -> tuple[Figure, ...]:
    standing, shelved, stale = _standing(rows), _shelved(rows), _stale(rows)
    source = "dash.alert_history + alert_events"
    return (
        Figure(
            key="standing",
            title=asked.say("期末未结告警", "Open at the end"),
            value=standing,
            before=_standing(before),
            unit="count",
            target=_STANDING_AT_MOST,
            verdict=judge(standing, _STANDING_AT_MOST, higher=False),
            formula=asked.say("期末未结，不含暂不通知的", "open at the end, held ones left out"),
            source=f"{source}; EEMUA 191",
            headline=True,
        ),
        Figure(
            key="shelved",
            title=asked.say("期末搁置告警", "Shelved at the end"),
            value=shelved,
            before=_shelved(before),
            unit="count",
            target=_SHELVED_AT_MOST,
            verdict=judge(shelved, _SHELVED_AT_MOST, higher=False),
            formula=asked.say("期末处于搁置状态", "in state shelved at the end"),
            source=f"{source}; EEMUA 191",
        ),
        Figure(
            key="stale",
            title=asked.say("其中超过 24 小时", "Open for more than 24 h"),
            value=stale,
            before=_stale(before),
            unit="count",
            target=4,
            verdict=judge(stale, 4, higher=False),
            formula=asked.say(
                "期末未结且系统得知已超过 24 小时", "open, and known for more than 24 h"
            ),
            source=asked.say(
                f"{source}; ISA-18.2-2016 表 7（每日少于 5）",
                f"{source}; ISA-18.2-2016 table 7 (fewer than 5 on any day)",
            ),
        ),
    )
