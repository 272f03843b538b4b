"""主要告警来源: who makes the noise, and what nobody ever acts on."""

import msgspec

from api.reports.asking import Asked, fetch
from api.reports.model import Table
from api.reports.sections.content import Content, table
from core.database import Connection


class Actor(msgspec.Struct, frozen=True, kw_only=True):
    """A condition and how often it was shown."""

    rule_id: str
    title_zh: str
    title_en: str
    name: str
    source: str
    shown: int
    share: float
    acted: int
    chattering: int
    clear_median: float | None


class Idle(msgspec.Struct, frozen=True, kw_only=True):
    """A rule on whose alerts nobody ever acted."""

    rule_id: str
    title_zh: str
    title_en: str
    shown: int
    sources: int


async def read(conn: Connection, asked: Asked) -> Content:
    """List the conditions that were shown most often, and the rules nobody acts on."""
    actors = await fetch(conn, "worst_actors", Actor, asked)
    idle = await fetch(conn, "never_acted_on", Idle, asked)
    if not actors:
        none = asked.say("本期没有告警来源可列。", "No alert was shown to anybody in this period.")
        return Content(paragraphs=(none,))
    tables = [_actors(asked, actors)]
    if idle:
        tables.append(_idle(asked, idle))
    return Content(tables=tuple(tables))


def _actors(asked: Asked, actors: list[Actor]) -> Table:
    return table(
        asked,
        ("报警最多的来源（前 10）", "The ten most frequent"),
        actors,
        (
            ("告警", "Alert", "text", lambda row: asked.say(row.title_zh, row.title_en)),
            ("来源", "Source", "text", lambda row: row.name),
            ("次数", "Times", "count", lambda row: row.shown),
            ("占比", "Share", "percent", lambda row: row.share),
            ("有人处置", "Acted on", "count", lambda row: row.acted),
            ("抖动", "Chattering", "count", lambda row: row.chattering),
            ("消除中位数", "Clear median", "seconds", lambda row: row.clear_median),
        ),
        note=(
            "占比＝该来源鸣响次数 ÷ 报告范围内全部鸣响次数（dash.alarm_worst_actors）。",
            "Share of everything shown of what this report is about (dash.alarm_worst_actors).",
        ),
    )


def _idle(asked: Asked, idle: list[Idle]) -> Table:
    return table(
        asked,
        ("从未有人处置的规则", "Rules nobody ever acted on"),
        idle,
        (
            ("规则", "Rule", "text", lambda row: asked.say(row.title_zh, row.title_en)),
            ("编号", "Id", "text", lambda row: row.rule_id),
            ("次数", "Times", "count", lambda row: row.shown),
            ("来源数", "Sources", "count", lambda row: row.sources),
        ),
        note=(
            "至少鸣响 3 次而无人处置：是否应当告警，值得复核。",
            "Shown three times at least, acted on never: should they be alerts at all?",
        ),
    )
