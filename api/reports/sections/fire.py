"""消防联网单位: fire alarms, what they proved to be, and where."""

import msgspec

from api.reports.asking import Asked, fetch
from api.reports.model import Figure, Table
from api.reports.sections.content import (
    Content,
    Measure,
    nothing_recorded,
    percent,
    table,
    was_recorded,
    was_recorded_before,
)
from core.database import Connection

_UNITS = Measure(
    key="fire_units",
    title=("联网单位", "Networked units"),
    unit="count",
    formula=("登记的消防联网单位（现值）", "registered fire units, as of now"),
    source=("dash.sites", "dash.sites"),
)
_ALARMS = Measure(
    key="fire_alarms",
    title=("火警", "Fire alarms"),
    unit="count",
    formula=("消防领域涉及生命安全的新发告警", "new alerts of the fire domain about lives"),
    source=("dash.alert_history", "dash.alert_history"),
    headline=True,
)
_FALSE_SHARE = Measure(
    key="fire_false_share",
    title=("火警误报率", "False fire alarms"),
    unit="percent",
    formula=("误报 ÷ 已核实的火警", "false ÷ fire alarms with a verdict"),
    source=("dash.alert_history", "dash.alert_history"),
)


class Unit(msgspec.Struct, frozen=True, kw_only=True):
    """A networked unit and its alerts of the period."""

    site_id: str
    name: str
    fires: int
    real: int
    mistaken: int
    tests: int
    others: int
    before: int


async def read(conn: Connection, asked: Asked) -> Content:
    """Count fire alarms by unit."""
    units = await fetch(conn, "fire_units", Unit, asked)
    if not units:
        none = asked.say("没有登记消防联网单位。", "No networked fire unit is registered.")
        return Content(paragraphs=(none,))
    if not any(row.fires or row.others for row in units) and not await was_recorded(conn, asked):
        return Content(
            paragraphs=(nothing_recorded(asked),), figures=_figures(asked, None, units, None)
        )
    compares = any(row.before for row in units) or await was_recorded_before(conn, asked)
    concerned = [row for row in units if row.fires or row.others]
    return Content(
        paragraphs=(_summary(asked, units, len(concerned)),),
        figures=_figures(
            asked, units, units, sum(row.before for row in units) if compares else None
        ),
        tables=(_listed(asked, concerned, compares=compares),) if concerned else (),
    )


def _listed(asked: Asked, concerned: list[Unit], *, compares: bool) -> Table:
    return table(
        asked,
        ("告警最多的单位", "Units with the most alerts"),
        concerned,
        (
            ("单位", "Unit", "text", lambda row: row.name),
            ("火警", "Fire alarms", "count", lambda row: row.fires),
            ("上期火警", "Before", "count", lambda row: row.before if compares else None),
            ("真警", "Real", "count", lambda row: row.real),
            ("误报", "False", "count", lambda row: row.mistaken),
            ("测试", "Test", "count", lambda row: row.tests),
            ("其他告警", "Other alerts", "count", lambda row: row.others),
        ),
        note=(
            "火警指涉及生命安全的告警；未核实的不归入真警或误报。",
            "Fire alarms are alerts about lives; those nobody verified are neither real nor false.",
        ),
        at_most=asked.rows_at_most,
    )


def _summary(asked: Asked, units: list[Unit], concerned: int) -> str:
    fires = sum(row.fires for row in units)
    return asked.say(
        f"联网单位 {len(units)} 家，{concerned} 家有告警，其中火警 {fires:,} 起。",
        f"{len(units)} networked units; {concerned} had alerts, {fires:,} of them fire alarms.",
    )


def _figures(
    asked: Asked, counted: list[Unit] | None, registered: list[Unit], before: int | None
) -> tuple[Figure, ...]:
    known = counted or []
    mistaken = sum(row.mistaken for row in known)
    judged = mistaken + sum(row.real + row.tests for row in known)
    return (
        _UNITS.figure(asked, len(registered)),
        _ALARMS.figure(asked, None if counted is None else sum(row.fires for row in known), before),
        _FALSE_SHARE.figure(asked, percent(mistaken, judged)),
    )
