"""Two sites in two streets, with everything different: each section tells of the one asked for."""

import asyncio
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from typing import Any

import pytest
from pydantic import SecretStr

from api.reports.asking import Asked
from api.reports.composing import CHAPTERS, Chapter, compose
from api.reports.model import Report, Section
from api.reports.periods import asked_period
from core.database import connect
from tests.fixtures.databases import Database
from tests.fixtures.upkeep import Upkeep
from tests.integration.api.two_streets import (
    BAD,
    FIVE_MINUTES,
    MINUTE,
    STREETS,
    UNREAD,
    build,
)
from tests.integration.grafana.conftest import cloned
from tests.integration.grafana.small_city import SmallCity, every

NOW = datetime(2026, 3, 12, tzinfo=UTC)
CHAPTERS_OF_PLACES = [each for each in CHAPTERS if not each.of_desks]

Reports = dict[tuple[str, str], Report]


def values(*keys: str) -> Callable[[Section], Any]:
    """Look at the values of these figures, to four decimals."""

    def look(section: Section) -> Any:
        known = {each.key: each.value for each in section.figures}
        return tuple(value if (value := known[key]) is None else round(value, 4) for key in keys)

    return look


def column(number: int, *others: int, table: int = 0) -> Callable[[Section], Any]:
    """Look at these columns of a table."""
    return lambda section: sorted(
        tuple(row[each] for each in (number, *others)) for row in section.tables[table].rows
    )


LOOKS: dict[str, Callable[[Section], Any]] = {
    "alerts": values("alerts", "critical"),
    "places": column(0, 2, table=1),
    "clocks": values("ack_share"),
    "standing": values("standing"),
    "load": values("alarm_shown", "alarm_acknowledged_share"),
    "actors": column(1, 2),
    "online": values("online_rate"),
    "fire": values("fire_units", "fire_alarms"),
    "lighting": values("lighting_rate", "facility_rate", "lighting_energy"),
    "trucks": values("truck_trips"),
    "quality": values("pass_rate"),
}
"""What is looked at in a section; a chapter that is not named here fails its tests."""

MANY = len(every(MINUTE, "2026-03-10 08:00", "2026-03-10 09:30", 0))
"""Readings of one trip."""
LIT = len(every(FIVE_MINUTES, "2026-03-10 00:00", "2026-03-11 00:00", 1))
"""Readings of one lamp's day."""
METER = 2
"""Readings of one cabinet's meter."""
GOOD = {"west": LIT + METER + MANY, "east": LIT + METER + 2 * MANY}


def share(good: int, bad: int) -> float:
    return round(100 * good / (good + bad), 4)


KNOWN: dict[str, dict[str, Any]] = {
    "alerts": {"west": (2, 1), "east": (3, 3), "city": (5, 4)},
    "places": {
        "west": [("west name", 2)],
        "east": [("east name", 3)],
        "city": [("east name", 3), ("west name", 2)],
    },
    "clocks": {"west": (100,), "east": (0,), "city": (25,)},
    "standing": {"west": (1,), "east": (2,), "city": (3,)},
    "load": {"west": (2, 50), "east": (3, 0), "city": (5, 20)},
    "actors": {
        "west": [("west-smoke name", 1), ("west-smoke name", 1)],
        "east": [("east-truck name", 3)],
        "city": [("east-truck name", 3), ("west-smoke name", 1), ("west-smoke name", 1)],
    },
    "online": {"west": (93.75,), "east": (100,), "city": (97.2222,)},
    "fire": {"west": (1, 1), "east": (1, 0), "city": (2, 1)},
    "lighting": {"west": (100, 0, 7), "east": (37.5, 100, 5), "city": (68.75, 50, 12)},
    "trucks": {"west": (1,), "east": (2,), "city": (3,)},
    "quality": {
        "west": (share(GOOD["west"], BAD),),
        "east": (share(GOOD["east"], UNREAD),),
        "city": (share(sum(GOOD.values()), BAD + UNREAD),),
    },
}
OF_DOMAINS: dict[str, dict[str, Any]] = {
    **{key: {"fire": KNOWN[key]["west"], "truck": KNOWN[key]["east"]} for key in LOOKS},
    "online": {"fire": (87.5,), "truck": (100,)},
    "fire": {"fire": KNOWN["fire"]["city"]},
    "lighting": {},
    "trucks": {"truck": KNOWN["trucks"]["city"]},
    "quality": {"fire": (0,), "truck": (share(3 * MANY, UNREAD),)},
}
"""All alerts in the west are of fire, all in the east of trucks."""


async def made(city: SmallCity) -> Reports:
    """Make the day's report of every part of the city, and of the whole."""
    wanted: list[tuple[str, str]] = [("city", "city")]
    wanted += [("site", place) for place in (*STREETS, "silent")]
    wanted += [("grid", place) for place in STREETS]
    wanted += [("domain", domain) for domain in ("fire", "truck")]
    url = SecretStr(city.upkeep.role_url("yiwang_api"))
    period = asked_period("daily", date(2026, 3, 10), now=NOW)
    reports: Reports = {}
    for by, name in wanted:
        part = {by: STREETS[name] if by == "grid" else name} if by != "city" else {}
        async with await connect(url, program="test") as conn:
            reports[by, name] = await compose(conn, Asked(period=period, now=NOW, **part))
    return reports


@pytest.fixture(scope="module")
def reports(database: Database) -> Iterator[Reports]:
    with cloned(database) as name:
        upkeep = Upkeep(database.url(name), lambda role: database.url(name, role))
        city = SmallCity(upkeep)

        async def make() -> Reports:
            await build(city)
            return await made(city)

        yield asyncio.run(make())


def look(report: Report, chapter: Chapter) -> Any:
    (section,) = (each for each in report.sections if each.key == chapter.key)
    assert section.problem is None
    return LOOKS[chapter.key](section)


@pytest.mark.parametrize("chapter", CHAPTERS_OF_PLACES, ids=lambda each: each.key)
@pytest.mark.parametrize("by", ["site", "grid"])
def test_a_section_counts_the_place_asked_for_and_nothing_else(
    reports: Reports, by: str, chapter: Chapter
) -> None:
    west, east = look(reports[by, "west"], chapter), look(reports[by, "east"], chapter)
    whole = look(reports["city", "city"], chapter)

    known = KNOWN[chapter.key]
    assert (west, east, whole) == (known["west"], known["east"], known["city"])
    assert west != east
    assert whole not in (west, east)


@pytest.mark.parametrize("chapter", CHAPTERS_OF_PLACES, ids=lambda each: each.key)
def test_a_section_counts_the_domain_asked_for_and_nothing_else(
    reports: Reports, chapter: Chapter
) -> None:
    domains = [name for name in ("fire", "truck") if chapter.domain in {None, name}]

    found = {domain: look(reports["domain", domain], chapter) for domain in domains}

    assert found == OF_DOMAINS[chapter.key]


@pytest.mark.parametrize("by", ["site", "grid"])
def test_desks_stand_in_no_place_so_a_report_of_one_says_nothing_of_them(
    reports: Reports, by: str
) -> None:
    of_desks = {each.key for each in CHAPTERS if each.of_desks}

    assert of_desks == {"duty"}
    assert {each.key for each in reports[by, "west"].sections} & of_desks == set()
    assert {each.key for each in reports["city", "city"].sections} > of_desks


@pytest.mark.parametrize(("place", "part"), [("west", 40), ("east", 60)])
def test_a_place_is_told_its_part_of_the_load(reports: Reports, place: str, part: int) -> None:
    (load,) = (each for each in reports["site", place].sections if each.key == "load")

    assert {each.key: each.value for each in load.figures}["alarm_share"] == part


def test_a_firm_whose_trucks_were_not_heard_is_not_said_to_have_driven_nowhere(
    reports: Reports,
) -> None:
    (trucks,) = (each for each in reports["site", "silent"].sections if each.key == "trucks")

    assert values("truck_trips", "truck_violations")(trucks) == (None, None)


def test_messages_nobody_could_read_belong_to_the_place_of_their_device(reports: Reports) -> None:
    unread = {
        place: [table.rows for table in section.tables if table.title == "无法解析的报文"]
        for place in STREETS
        for section in reports["site", place].sections
        if section.key == "quality"
    }

    assert unread == {"west": [], "east": [(("bad_json", UNREAD, 1),)]}
