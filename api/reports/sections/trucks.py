"""渣土运输: trips and violations by firm."""

import msgspec

from api.reports.asking import Asked, fetch, fetch_before
from api.reports.model import Column, Figure, Table
from api.reports.sections.content import Content
from core.database import Connection


class Firm(msgspec.Struct, frozen=True, kw_only=True):
    """A haulage firm's trips and violations."""

    name: str
    trips: int
    trucks: int
    violations: int
    dumping: int
    verified: int


class Kind(msgspec.Struct, frozen=True, kw_only=True):
    """Violations of one kind."""

    kind_zh: str
    kind_en: str
    violations: int
    verified: int


class Heard(msgspec.Struct, frozen=True):
    """How many messages came from trucks."""

    messages: int


async def read(conn: Connection, asked: Asked) -> Content:
    """Count trips and violations; without a word from any truck there is nothing to count."""
    firms = await fetch(conn, "trucks_by_company", Firm, asked)
    earlier = await fetch_before(conn, "trucks_by_company", Firm, asked)
    (heard,) = await fetch(conn, "heard_of_trucks", Heard, asked)
    (heard_before,) = await fetch_before(conn, "heard_of_trucks", Heard, asked)
    before = earlier if heard_before.messages else None
    if not (heard.messages and firms):
        none = asked.say("本期没有渣土车数据。", "Nothing was heard of muck trucks.")
        return Content(paragraphs=(none,), figures=_figures(asked, None, before))
    kinds = await fetch(conn, "truck_violations", Kind, asked)
    tables = [_firms(asked, firms), *([_kinds(asked, kinds)] if kinds else [])]
    return Content(figures=_figures(asked, firms, before), tables=tuple(tables))


def _figures(
    asked: Asked, firms: list[Firm] | None, before: list[Firm] | None
) -> tuple[Figure, ...]:
    trips, trips_before = _trips(firms), _trips(before)
    violations, violations_before = _violations(firms), _violations(before)
    return (
        Figure(
            key="truck_trips",
            title=asked.say("渣土车次", "Truck trips"),
            value=trips,
            before=trips_before,
            unit="count",
            formula=asked.say(
                "空→载→空为一车次，按卸空时间计", "empty, loaded, empty again; by when emptied"
            ),
            source="dash.truck_trips",
        ),
        Figure(
            key="truck_violations",
            title=asked.say("渣土违规", "Truck violations"),
            value=violations,
            before=violations_before,
            unit="count",
            formula=asked.say(
                "期内产生的违规告警，核实为误报、测试的除外；未核实的为疑似",
                "alerts raised, those found false or a test left out; unverified: suspected",
            ),
            source="dash.truck_violations",
            headline=True,
        ),
        Figure(
            key="violations_per_100_trips",
            title=asked.say("每百车次违规", "Violations per 100 trips"),
            value=_per_hundred(violations, trips),
            before=_per_hundred(violations_before, trips_before),
            unit="number",
            formula=asked.say("违规 ÷ 车次 × 100", "violations ÷ trips × 100"),
            source="dash.truck_violations, dash.truck_trips",
        ),
    )


def _trips(firms: list[Firm] | None) -> int | None:
    return None if firms is None else sum(row.trips for row in firms)


def _violations(firms: list[Firm] | None) -> int | None:
    return None if firms is None else sum(row.violations for row in firms)


def _per_hundred(violations: int | None, trips: int | None) -> float | None:
    return 100 * violations / trips if violations is not None and trips else None


def _firms(asked: Asked, firms: list[Firm]) -> Table:
    return Table(
        title=asked.say("按运输企业", "By firm"),
        columns=(
            Column(asked.say("企业", "Firm")),
            Column(asked.say("车次", "Trips"), "count"),
            Column(asked.say("出车辆数", "Trucks"), "count"),
            Column(asked.say("违规", "Violations"), "count"),
            Column(asked.say("可疑消纳", "Dumping"), "count"),
            Column(asked.say("已核实", "Verified"), "count"),
            Column(asked.say("每百车次违规", "Per 100 trips"), "number"),
        ),
        rows=tuple(
            (
                row.name,
                row.trips,
                row.trucks,
                row.violations,
                row.dumping,
                row.verified,
                _per_hundred(row.violations, row.trips),
            )
            for row in firms
        ),
    )


def _kinds(asked: Asked, kinds: list[Kind]) -> Table:
    return Table(
        title=asked.say("按违规类型", "By kind"),
        columns=(
            Column(asked.say("类型", "Kind")),
            Column(asked.say("违规", "Violations"), "count"),
            Column(asked.say("已核实", "Verified"), "count"),
        ),
        rows=tuple(
            (asked.say(row.kind_zh, row.kind_en), row.violations, row.verified) for row in kinds
        ),
    )
