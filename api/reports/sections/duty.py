"""查岗: whoever was on duty, did they answer."""

import msgspec

from api.reports.asking import Asked, fetch, fetch_before
from api.reports.model import Table
from api.reports.sections.content import Content, Measure, percent, table
from core.database import Connection

_RATE = Measure(
    key="answer_rate",
    title=("查岗应答率", "Duty checks answered"),
    unit="percent",
    target=95.0,
    higher=True,
    formula=(
        "按时应答人次 ÷ 可送达人次，只计已结束的查岗",
        "answered in time ÷ asked and reachable, over closed checks",
    ),
    source=("dash.duty_checks；95% 为本系统设定", "dash.duty_checks; 95 % is ours"),
)


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
    figures = (_RATE.figure(asked, _rate(rows), _rate(earlier)),)
    if not rows:
        none = asked.say("本期没有查岗记录。", "No duty check was held in this period.")
        return Content(paragraphs=(none,), figures=figures)
    return Content(figures=figures, tables=(_table(asked, rows),))


def _rate(rows: list[Answers]) -> float | None:
    return percent(sum(row.answered for row in rows), sum(row.asked for row in rows))


def _table(asked: Asked, rows: list[Answers]) -> Table:
    return table(
        asked,
        ("按值班席位", "By desk"),
        rows,
        (
            ("席位", "Desk", "text", lambda row: row.desk_id),
            ("查岗次数", "Checks", "count", lambda row: row.checks),
            ("可送达人次", "Asked", "count", lambda row: row.asked),
            ("应答人次", "Answered", "count", lambda row: row.answered),
            ("无法送达", "Unreachable", "count", lambda row: row.unreachable),
            ("应答率", "Rate", "percent", lambda row: percent(row.answered, row.asked)),
        ),
    )
