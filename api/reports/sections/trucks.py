"""渣土运输: trips and violations by firm."""

import msgspec

from api.reports.asking import Asked, fetch, fetch_before
from api.reports.model import Figure, Table
from api.reports.sections.content import Content, Measure, table
from core.database import Connection

_TRIPS = Measure(
    key="truck_trips",
    title=("渣土车次", "Truck trips"),
    unit="count",
    formula=("空→载→空为一车次，按卸空时间计", "empty, loaded, empty again; by when emptied"),
    source=("dash.truck_trips", "dash.truck_trips"),
)
_VIOLATIONS = Measure(
    key="truck_violations",
    title=("渣土违规", "Truck violations"),
    unit="count",
    formula=(
        "期内产生的违规告警，核实为误报、测试的除外；未核实的为疑似",
        "alerts raised, those found false or a test left out; unverified: suspected",
    ),
    source=("dash.truck_violations", "dash.truck_violations"),
    headline=True,
)
_PER_100_TRIPS = Measure(
    key="violations_per_100_trips",
    title=("每百车次违规", "Violations per 100 trips"),
    unit="number",
    formula=("违规 ÷ 车次 × 100", "violations ÷ trips × 100"),
    source=(
        "dash.truck_violations, dash.truck_trips",
        "dash.truck_violations, dash.truck_trips",
    ),
)


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
    """Whether any truck there was heard at all."""

    heard: bool


async def read(conn: Connection, asked: Asked) -> Content:
    """Count trips and violations; without a word from any truck there is nothing to count."""
    firms = await fetch(conn, "trucks_by_company", Firm, asked)
    earlier = await fetch_before(conn, "trucks_by_company", Firm, asked)
    (now,) = await fetch(conn, "heard_of_trucks", Heard, asked)
    (then,) = await fetch_before(conn, "heard_of_trucks", Heard, asked)
    before = earlier if then.heard else None
    if not (now.heard and firms):
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
        _TRIPS.figure(asked, trips, trips_before),
        _VIOLATIONS.figure(asked, violations, violations_before),
        _PER_100_TRIPS.figure(
            asked,
            _per_hundred(violations, trips),
            _per_hundred(violations_before, trips_before),
        ),
    )


def _trips(firms: list[Firm] | None) -> int | None:
    return None if firms is None else sum(row.trips for row in firms)


def _violations(firms: list[Firm] | None) -> int | None:
    return None if firms is None else sum(row.violations for row in firms)


def _per_hundred(violations: int | None, trips: int | None) -> float | None:
    return 100 * violations / trips if violations is not None and trips else None


def _firms(asked: Asked, firms: list[Firm]) -> Table:
    return table(
        asked,
        ("按运输企业", "By firm"),
        firms,
        (
            ("企业", "Firm", "text", lambda row: row.name),
            ("车次", "Trips", "count", lambda row: row.trips),
            ("出车辆数", "Trucks", "count", lambda row: row.trucks),
            ("违规", "Violations", "count", lambda row: row.violations),
            ("可疑消纳", "Dumping", "count", lambda row: row.dumping),
            ("已核实", "Verified", "count", lambda row: row.verified),
            (
                *("每百车次违规", "Per 100 trips", "number"),
                lambda row: _per_hundred(row.violations, row.trips),
            ),
        ),
    )


def _kinds(asked: Asked, kinds: list[Kind]) -> Table:
    return table(
        asked,
        ("按违规类型", "By kind"),
        kinds,
        (
            ("类型", "Kind", "text", lambda row: asked.say(row.kind_zh, row.kind_en)),
            ("违规", "Violations", "count", lambda row: row.violations),
            ("已核实", "Verified", "count", lambda row: row.verified),
        ),
    )
