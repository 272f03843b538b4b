"""查岗: whoever was on duty, did they answer."""

import msgspec

from api.reports.asking import Asked, fetch, fetch_before
from api.reports.model import Column, Figure, Table, judge
from api.reports.sections.content import Content, percent
from core.database import Connection

_LINE = 95.0


class Answers(msgspec.Struct, frozen=True, kw_only=True):
    """The closed duty checks of one desk."""

    desk_id: str
    checks: int
    asked: int
    answered: int
    unreachable: int


async def read(conn: Connection, asked: Asked) -> Content:
    """Work out the answer rate of every desk."""
    rows = await fetch(conn, "duty_checks", Answers, asked)
    earlier = await fetch_before(conn, "duty_checks", Answers, asked)
    figures = (_figure(asked, _rate(rows), _rate(earlier)),)
    if not rows:
        none = asked.say("本期没有查岗记录。", "No duty check was held in this period.")
        return Content(paragraphs=(none,), figures=figures)
    return Content(figures=figures, tables=(_table(asked, rows),))


def _rate(rows: list[Answers]) -> float | None:
    return percent(sum(row.answered for row in rows), sum(row.asked for row in rows))


def _figure(asked: Asked, value: float | None, before: float | None) -> Figure:
    return Figure(
        key="answer_rate",
        title=asked.say("查岗应答率", "Duty checks answered"),
        value=value,
        before=before,
        unit="percent",
        target=_LINE,
        higher=True,
        verdict=judge(value, _LINE, higher=True),
        formula=asked.say(
            "按时应答人次 ÷ 可送达人次，只计已结束的查岗",
            "answered in time ÷ asked and reachable, over closed checks",
        ),
        source=asked.say("dash.duty_checks；95% 为本系统设定", "dash.duty_checks; 95 % is ours"),
    )


def _table(asked: Asked, rows: list[Answers]) -> Table:
    return Table(
        title=asked.say("按值班席位", "By desk"),
        columns=(
            Column(asked.say("席位", "Desk")),
            Column(asked.say("查岗次数", "Checks"), "count"),
            Column(asked.say("可送达人次", "Asked"), "count"),
            Column(asked.say("应答人次", "Answered"), "count"),
            Column(asked.say("无法送达", "Unreachable"), "count"),
            Column(asked.say("应答率", "Rate"), "percent"),
        ),
        rows=tuple(
            (
                row.desk_id,
                row.checks,
                row.asked,
                row.answered,
                row.unreachable,
                percent(row.answered, row.asked),
            )
            for row in rows
        ),
    )
