"""One report, chapter by chapter out of one snapshot; a chapter that fails says so."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import NamedTuple

import psycopg
import structlog
from psycopg.errors import QueryCanceled

from api.reports import words
from api.reports.asking import Asked
from api.reports.model import Fact, Report, Section
from api.reports.periods import CITY, Kind, Period
from api.reports.sections import (
    actors,
    alerts,
    clocks,
    duty,
    fire,
    lighting,
    load,
    online,
    places,
    quality,
    standing,
    trucks,
)
from api.reports.sections.content import Content
from core.database import Connection, DatabaseDown

log = structlog.get_logger()

TITLES: dict[Kind, tuple[str, str]] = {
    "daily": ("城市运行日提醒", "Daily city report"),
    "weekly": ("城市运行周通报", "Weekly city report"),
    "monthly": ("城市运行月考核", "Monthly city report"),
}


class Chapter(NamedTuple):
    """A section and who reads it; it counts what was asked for, by site, grid and domain."""

    key: str
    zh: str
    en: str
    read: Callable[[Connection, Asked], Awaitable[Content]]
    domain: str | None = None  # stands only in reports of this domain, or of all
    of_desks: bool = False  # desks stand in no place: left out where one is asked for


CHAPTERS = (
    Chapter("alerts", "告警总体情况", "Alerts", alerts.read),
    Chapter("places", "告警分布", "Where", places.read),
    Chapter("clocks", "响应时效", "Response", clocks.read),
    Chapter("standing", "期末未结与搁置", "Still open", standing.read),
    Chapter("load", "告警负荷与质量", "Alarm load", load.read),
    Chapter("actors", "主要告警来源", "Most frequent", actors.read),
    Chapter("online", "设备在线率", "Devices online", online.read),
    Chapter("fire", "消防联网单位", "Fire units", fire.read, domain="fire"),
    Chapter("lighting", "城市照明", "Street lighting", lighting.read, domain="lighting"),
    Chapter("trucks", "渣土运输", "Muck trucks", trucks.read, domain="truck"),
    Chapter("quality", "数据质量", "Data quality", quality.read),
    Chapter("duty", "值班查岗", "Duty checks", duty.read, of_desks=True),
)


async def compose(conn: Connection, asked: Asked) -> Report:
    """Read the whole report; DatabaseDown where the server went away meanwhile."""
    await conn.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
    sections = [await _section(conn, each, asked) for each in CHAPTERS if _concerns(each, asked)]
    (start, end), (before_start, before_end) = asked.span, asked.span_before
    return Report(
        kind=asked.period.kind,
        language=asked.language,
        title=asked.say(*TITLES[asked.period.kind]),
        subtitle=show_period(asked.period, asked),
        first=asked.period.first,
        last=asked.period.last,
        start=start,
        end=end,
        before_start=before_start,
        before_end=before_end,
        made_at=asked.now,
        complete=end == asked.period.end,
        facts=tuple(_facts(asked)),
        sections=tuple(sections),
    )


def show_period(period: Period, asked: Asked) -> str:
    """Return a period as a heading says it."""
    first, last = period.first, period.last
    if period.kind == "daily":
        return asked.say(f"{first.year} 年 {first.month} 月 {first.day} 日", first.isoformat())
    if period.kind == "monthly":
        return asked.say(f"{first.year} 年 {first.month} 月", f"{first:%Y-%m}")
    year, week, _ = first.isocalendar()
    return asked.say(
        f"{year} 年第 {week} 周（{first.isoformat()} 至 {last.isoformat()}）",
        f"{year}, week {week} ({first.isoformat()} to {last.isoformat()})",
    )


def _concerns(chapter: Chapter, asked: Asked) -> bool:
    if chapter.of_desks and asked.is_of_place:
        return False
    return asked.domain is None or chapter.domain in {None, asked.domain}


async def _section(conn: Connection, chapter: Chapter, asked: Asked) -> Section:
    title = asked.say(chapter.zh, chapter.en)
    try:
        async with conn.transaction():
            content = await chapter.read(conn, asked)
    except QueryCanceled:
        return Section(key=chapter.key, title=title, problem=_too_long(asked))
    except DatabaseDown:
        raise
    except psycopg.Error as error:
        log.warning("chapter not read", chapter=chapter.key, reason=str(error).strip())
        return Section(key=chapter.key, title=title, problem=_not_read(asked))
    return Section(
        key=chapter.key,
        title=title,
        paragraphs=(*_scope(chapter, asked), *content.paragraphs),
        figures=content.figures,
        charts=content.charts,
        tables=content.tables,
    )


def _too_long(asked: Asked) -> str:
    return asked.say(
        "本节数据查询超时，未能给出；其他章节不受影响。",
        "Reading this took the database too long; the other sections are not affected.",
    )


def _not_read(asked: Asked) -> str:
    return asked.say(
        "本节的数据来源暂不可用，未能给出；其他章节不受影响。",
        "The source of this section cannot be read just now; the others are not affected.",
    )


def _scope(chapter: Chapter, asked: Asked) -> list[str]:
    """Say it where a section is about more than what was asked."""
    if not (chapter.of_desks and asked.is_partial):
        return []
    return [
        asked.say(
            "值班席不分领域，本节为全部席位的数据。",
            "Desks are not kept by domain: this section is about all of them.",
        )
    ]


def _facts(asked: Asked) -> list[Fact]:
    (start, end), (before_start, before_end) = asked.span, asked.span_before
    facts = [
        Fact(asked.say("统计时段", "Period"), f"{_local(start)} – {_local(end)}"),
        Fact(
            asked.say("对比时段", "Compared with"), f"{_local(before_start)} – {_local(before_end)}"
        ),
        Fact(asked.say("统计范围", "Scope"), _scope_of(asked)),
        Fact(asked.say("出具时间", "Made"), _local(asked.now)),
    ]
    if end < asked.period.end:
        note = asked.say("时段尚未结束，以下为截至目前的数据", "not over yet: figures up to now")
        facts.append(Fact(asked.say("注意", "Note"), note))
    return facts


def _scope_of(asked: Asked) -> str:
    parts = [
        asked.domain and words.domain(asked.domain, asked.language),
        asked.grid and asked.say(f"网格 {asked.grid}", f"grid {asked.grid}"),
        asked.site and asked.say(f"点位 {asked.site}", f"site {asked.site}"),
    ]
    separator = asked.say("，", ", ")
    return separator.join(part for part in parts if part) or asked.say("全市", "the whole city")


def _local(instant: datetime) -> str:
    return f"{instant.astimezone(CITY):%Y-%m-%d %H:%M}"
