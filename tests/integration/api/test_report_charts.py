"""Charts tell of each day or hour what the figures tell of all of them, and only what is known."""

import asyncio
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from pydantic import SecretStr

from api.reports.asking import Asked
from api.reports.composing import compose
from api.reports.model import Chart, Report
from api.reports.periods import KINDS, Kind, asked_period
from core.database import connect
from tests.fixtures.databases import Database, RoleUrl
from tests.fixtures.upkeep import Upkeep
from tests.integration.api.two_streets import HOUR, MIDNIGHT, build
from tests.integration.api.written_past import Past
from tests.integration.grafana.conftest import cloned
from tests.integration.grafana.small_city import SmallCity

NOW = datetime(2026, 4, 2, tzinfo=UTC)
BUSY, QUIET = date(2026, 3, 10), date(2026, 3, 12)
DAY = timedelta(days=1)

Reports = dict[tuple[Kind, str | None], Report]


async def go_on(upkeep: Upkeep) -> None:
    """Let a truck speed, a detector fail, a drill be held; two days later one message come."""
    truck = {"device_id": "east-truck", "site_id": "east", "domain": "truck", "priority": "high"}
    async with upkeep.connect() as conn:
        past = Past(conn)
        past._seq = 100  # what the city wrote before
        await past.alert(
            "speeding", MIDNIGHT + 9 * HOUR, kind="threshold", subject="speed_kmh", **truck
        )
        fault = {"device_id": "west-smoke", "site_id": "west", "priority": "high"}
        await past.alert("fault", MIDNIGHT + 9 * HOUR, ack_s=500, **fault)
        await past.alert("drill", MIDNIGHT + 9 * HOUR, drill=True)
        for hour in (5 * HOUR, 6 * HOUR, 2 * DAY + HOUR):
            await past.booked(MIDNIGHT + hour)


async def made(upkeep: Upkeep) -> Reports:
    reports: Reports = {}
    url = SecretStr(upkeep.role_url("yiwang_api"))
    for kind in KINDS:
        period = asked_period(kind, BUSY, now=NOW)
        for site in (None, "west", "east"):
            async with await connect(url, program="test") as conn:
                asked = Asked(period=period, now=NOW, site=site)
                reports[kind, site] = await compose(conn, asked)
    return reports


@pytest.fixture(scope="module")
def reports(database: Database) -> Iterator[Reports]:
    with cloned(database) as name:
        upkeep = Upkeep(database.url(name), lambda role: database.url(name, role))

        async def make() -> Reports:
            await build(SmallCity(upkeep))
            await go_on(upkeep)
            return await made(upkeep)

        yield asyncio.run(make())


def charts(report: Report) -> dict[str, Chart]:
    return {chart.key: chart for section in report.sections for chart in section.charts}


def figure(report: Report, key: str) -> Any:
    (value,) = (
        figure.value
        for section in report.sections
        for figure in section.figures
        if figure.key == key
    )
    return value


def known(chart: Chart, name: str) -> dict[Any, float]:
    (series,) = (each for each in chart.series if each.key == name)
    both = zip(chart.steps, series.values, strict=True)
    return {step: value for step, value in both if value is not None}


def test_every_chapter_by_days_has_its_chart(reports: Reports) -> None:
    of_days: tuple[Kind, ...] = ("weekly", "monthly")
    for kind in of_days:
        assert {
            section.key: [chart.key for chart in section.charts]
            for section in reports[kind, None].sections
            if section.charts
        } == {
            "alerts": ["alerts_by_step"],
            "clocks": ["acknowledged_by_step"],
            "online": ["online_rate_by_step"],
            "lighting": ["lighting_rate_by_step"],
            "trucks": ["trucks_by_step"],
            "quality": ["pass_rate_by_step"],
        }
    assert list(charts(reports["daily", None])) == [
        *("alerts_by_step", "online_rate_by_step", "trucks_by_step")
    ]


def test_charts_run_along_the_hours_of_a_day_and_the_days_of_all_else(reports: Reports) -> None:
    for chart in charts(reports["daily", None]).values():
        assert chart.steps == tuple(range(24))
    for report, many in ((reports["weekly", None], 7), (reports["monthly", None], 31)):
        for chart in charts(report).values():
            assert len(chart.steps) == many
            assert chart.steps[0] == report.first


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("site", [None, "west", "east"])
def test_the_alerts_of_a_chart_are_those_that_were_counted(
    reports: Reports, kind: Kind, site: str | None
) -> None:
    report = reports[kind, site]

    chart = charts(report)["alerts_by_step"]

    told = sum(value for series in chart.series for value in series.values if value is not None)
    assert told == figure(report, "alerts")
    assert sum(known(chart, "critical").values()) == figure(report, "critical")


def test_alerts_stand_at_the_local_hour_and_day_they_were_raised_at(reports: Reports) -> None:
    by_hour = known(charts(reports["daily", None])["alerts_by_step"], "critical")
    by_day = known(charts(reports["weekly", None])["alerts_by_step"], "critical")

    assert {hour: value for hour, value in by_hour.items() if value} == {1: 1, 2: 1, 3: 1, 4: 1}
    assert by_day == {BUSY: 4, QUIET: 0}


def test_where_nothing_was_recorded_there_is_no_zero(reports: Reports) -> None:
    for chart in charts(reports["monthly", None]).values():
        for series in chart.series:
            assert known(chart, series.key).keys() <= {BUSY, QUIET}
    counted = charts(reports["monthly", None])["trucks_by_step"]
    assert known(counted, "trips") == {BUSY: 3, QUIET: 0}


@pytest.mark.parametrize("site", [None, "west", "east"])
@pytest.mark.parametrize("key", ["lighting_rate", "pass_rate"])
def test_a_day_alone_has_the_rate_of_the_period_it_is_alone_in(
    reports: Reports, key: str, site: str | None
) -> None:
    report = reports["weekly", site]

    chart = charts(report)[f"{key}_by_step"]

    assert known(chart, key) == {BUSY: pytest.approx(figure(report, key))}
    assert (chart.target, chart.higher) == (98 if key == "lighting_rate" else 95, True)


@pytest.mark.parametrize("site", [None, "west", "east"])
def test_the_online_rate_of_a_day_is_that_of_the_dashboards(
    reports: Reports, site: str | None
) -> None:
    by_day = known(charts(reports["monthly", site])["online_rate_by_step"], "online_rate")

    assert by_day == {
        BUSY: pytest.approx(figure(reports["daily", site], "online_rate")),
        QUIET: 100,
    }


def test_the_online_rate_of_an_hour_counts_the_silence_of_that_hour(reports: Reports) -> None:
    by_hour = charts(reports["daily", "west"])["online_rate_by_step"]

    assert known(by_hour, "online_rate") == {0: 75, 5: 75, 6: 100}


def test_how_soon_half_of_the_critical_alerts_were_taken(reports: Reports) -> None:
    chart = charts(reports["weekly", None])["acknowledged_by_step"]

    assert known(chart, "median") == {BUSY: 120}  # 30 s, and three times 120 s
    assert (chart.target, chart.higher, chart.unit) == (60, False, "seconds")
    west = charts(reports["weekly", "west"])["acknowledged_by_step"]
    assert known(west, "median") == {BUSY: 30}


def test_trips_and_violations_stand_at_their_hour_and_add_up(reports: Reports) -> None:
    whole, east = reports["daily", None], reports["daily", "east"]

    trips = known(charts(whole)["trucks_by_step"], "trips")
    violations = known(charts(east)["trucks_by_step"], "violations")

    assert {hour: value for hour, value in trips.items() if value} == {9: 2, 11: 1}
    assert {hour: value for hour, value in violations.items() if value} == {9: 1}
    assert sum(trips.values()) == figure(whole, "truck_trips") == 3
    assert sum(violations.values()) == figure(east, "truck_violations") == 1
    assert known(charts(reports["weekly", "west"])["trucks_by_step"], "violations")[BUSY] == 0


async def test_an_empty_city_has_no_empty_charts(database_url: str, role_url: RoleUrl) -> None:
    found = await made(Upkeep(database_url, role_url))

    assert [charts(report) for report in found.values()] == [{}] * 9
