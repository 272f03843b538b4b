"""主要告警来源: who makes the noise, and what nobody ever acts on."""

import msgspec

from api.reports.asking import Asked, fetch
from api.reports.model import Column, Table
from api.reports.sections.content import Content
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
    return Table(
        title=asked.say("报警最多的来源（前 10）", "The ten most frequent"),
        columns=(
            Column(asked.say("告警", "Alert")),
            Column(asked.say("来源", "Source")),
            Column(asked.say("次数", "Times"), "count"),
            Column(asked.say("占比", "Share"), "percent"),
            Column(asked.say("有人处置", "Acted on"), "count"),
            Column(asked.say("抖动", "Chattering"), "count"),
            Column(asked.say("消除中位数", "Clear median"), "seconds"),
        ),
        rows=tuple(
            (
                asked.say(row.title_zh, row.title_en),
                row.name,
                row.shown,
                row.share,
                row.acted,
                row.chattering,
                row.clear_median,
            )
            for row in actors
        ),
        note=asked.say(
            "占比＝该来源鸣响次数 ÷ 全部鸣响次数（dash.alarm_worst_actors）。",
            "Share of everything shown (dash.alarm_worst_actors).",
        ),
    )


def _idle(asked: Asked, idle: list[Idle]) -> Table:
    return Table(
        title=asked.say("从未有人处置的规则", "Rules nobody ever acted on"),
        columns=(
            Column(asked.say("规则", "Rule")),
            Column(asked.say("编号", "Id")),
            Column(asked.say("次数", "Times"), "count"),
            Column(asked.say("来源数", "Sources"), "count"),
        ),
        rows=tuple(
            (asked.say(row.title_zh, row.title_en), row.rule_id, row.shown, row.sources)
            for row in idle
        ),
        note=asked.say(
            "至少鸣响 3 次而无人处置：是否应当告警，值得复核。",
            "Shown three times at least, acted on never: should they be alerts at all?",
        ),
    )
