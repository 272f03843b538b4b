"""渣土运输: trips and violations by firm."""

from datetime import datetime

import msgspec

from api.reports.asking import Asked, fetch, fetch_before
from api.reports.model import Chart, Figure, Step, Table
from api.reports.sections.charting import chart, counted, recorded_steps, step_at
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


class Driven(msgspec.Struct, frozen=True, kw_only=True):
    """Trips and violations: of a haulage firm, or of a local day or hour."""

    name: str | None
    began: datetime | None
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
    rows = await fetch(conn, "trucks", Driven, asked)
    firms = _of_firms(rows)
    earlier = _of_firms(await fetch_before(conn, "trucks", Driven, asked))
    (now,) = await fetch(conn, "heard_of_trucks", Heard, asked)
    (then,) = await fetch_before(conn, "heard_of_trucks", Heard, asked)
    before = earlier if then.heard else None
    if not (now.heard and firms):
        none = asked.say("本期没有渣土车数据。", "Nothing was heard of muck trucks.")
        return Content(paragraphs=(none,), figures=_figures(asked, None, before))
    kinds = await fetch(conn, "truck_violations", Kind, asked)
    tables = [_firms(asked, firms), *([_kinds(asked, kinds)] if kinds else [])]
    return Content(
        figures=_figures(asked, firms, before),
        charts=_chart(asked, rows, await recorded_steps(conn, asked)),
        tables=tuple(tables),
    )


def _of_firms(rows: list[Driven]) -> list[Driven]:
    return [row for row in rows if row.name is not None]


def _chart(asked: Asked, rows: list[Driven], recorded: frozenset[Step]) -> tuple[Chart, ...]:
    known = {step_at(asked, row.began): row for row in rows if row.began is not None}
    trips = {step: row.trips for step, row in known.items()}
    violations = {step: row.violations for step, row in known.items()}
    return chart(
        asked,
        "trucks_by_step",
        ("每小时车次与违规", "Trips and violations by hour")
        if asked.period.kind == "daily"
        else ("每日车次与违规", "Trips and violations by day"),
        (
            ("trips", asked.say("车次", "trips"), counted(trips, recorded)),
            ("violations", asked.say("违规", "violations"), counted(violations, recorded)),
        ),
        kind="bars",
    )


def _figures(
    asked: Asked, firms: list[Driven] | None, before: list[Driven] | None
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


def _trips(firms: list[Driven] | None) -> int | None:
    return None if firms is None else sum(row.trips for row in firms)


def _violations(firms: list[Driven] | None) -> int | None:
    return None if firms is None else sum(row.violations for row in firms)


def _per_hundred(violations: int | None, trips: int | None) -> float | None:
    return 100 * violations / trips if violations is not None and trips else None


def _firms(asked: Asked, firms: list[Driven]) -> Table:
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
