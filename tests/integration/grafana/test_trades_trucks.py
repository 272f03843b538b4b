import random
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

import msgspec
import pytest

from alerts.detectors.hours import Span
from tests.fixtures.databases import RoleUrl
from tests.fixtures.upkeep import Upkeep
from tests.integration.grafana.conftest import Clone
from tests.integration.grafana.small_city import (
    SHANGHAI,
    SmallCity,
    device,
    every,
    local,
    site,
)

MINUTE = timedelta(minutes=1)
SQUARE = {
    "type": "Polygon",
    "coordinates": [
        [[103.5, 36.5], [103.502, 36.5], [103.502, 36.502], [103.5, 36.502], [103.5, 36.5]]
    ],
}
PERMIT: dict[str, Any] = {"plate": "试A00001", "construction_site": "pit", "dump_site": "dump"}
DAY = local("2026-03-10 00:00"), local("2026-03-11 00:00")
NEXT_DAY = local("2026-03-11 00:00"), local("2026-03-12 00:00")


async def fleet(database_url: str, role_url: RoleUrl, **permit: Any) -> SmallCity:
    """Two firms with a truck each, a pit with a fence, a dump without one."""
    city = SmallCity(Upkeep(database_url, role_url))
    await city.register(
        [
            site("firm", "haulage_firm", name="云岭公司"),
            site("rival", "haulage_firm", name="清河公司"),
            site("pit", "construction_site", lon=103.501, lat=36.501, geometry=SQUARE),
            site("dump", "dump_site", lon=103.7, lat=36.6),
        ],
        [
            device("truck", "truck-terminal", "firm", attributes=PERMIT | permit),
            device("other", "truck-terminal", "rival", attributes={"plate": "试A00002"}),
        ],
    )
    return city


def load(start: str, end: str, value: float) -> dict[datetime, float]:
    return every(MINUTE, f"2026-03-{start}", f"2026-03-{end}", value)


async def trips(city: SmallCity, period: tuple[datetime, datetime]) -> list[Any]:
    rows = await city.ask("SELECT * FROM dash.truck_trips(%s, %s)", *period)
    return [(row["truck"], row["company"], row["loaded_at"], row["emptied_at"]) for row in rows]


async def test_empty_loaded_and_empty_again_is_one_trip(
    database_url: str, role_url: RoleUrl
) -> None:
    city = await fleet(database_url, role_url)
    driven = load("10 08:00", "10 08:20", 0) | load("10 08:20", "10 09:00", 1)
    await city.say("truck", "load_state", driven | load("10 09:00", "10 09:30", 0))

    assert await trips(city, DAY) == [
        ("truck", "云岭公司", local("2026-03-10 08:20"), local("2026-03-10 09:00"))
    ]


async def test_a_trip_across_midnight_counts_once_on_the_day_it_ended(
    database_url: str, role_url: RoleUrl
) -> None:
    city = await fleet(database_url, role_url)
    driven = load("10 23:30", "10 23:40", 0) | load("10 23:40", "11 00:10", 1)
    await city.say("truck", "load_state", driven | load("11 00:10", "11 00:20", 0))

    assert await trips(city, DAY) == []
    ((_, _, loaded_at, emptied_at),) = await trips(city, NEXT_DAY)
    assert (loaded_at, emptied_at) == (local("2026-03-10 23:40"), local("2026-03-11 00:10"))


async def test_emptied_at_the_very_end_of_a_period_belongs_to_the_next(
    database_url: str, role_url: RoleUrl
) -> None:
    city = await fleet(database_url, role_url)
    driven = load("10 23:30", "10 23:40", 0) | load("10 23:40", "11 00:00", 1)
    await city.say("truck", "load_state", driven | load("11 00:00", "11 00:20", 0))

    assert (len(await trips(city, DAY)), len(await trips(city, NEXT_DAY))) == (0, 1)


@pytest.mark.parametrize(
    ("values", "count"),
    [
        pytest.param([0, 0.5, 1, 0.5, 0], 1, id="half-full-is-loaded-and-no-end"),
        pytest.param([0, 1, 0, 1, 0], 2, id="two-in-a-row"),
        pytest.param([1, 0], 0, id="the-loading-was-not-reported"),
        pytest.param([0, 1], 0, id="not-emptied-yet"),
        pytest.param([0, 0, 0], 0, id="empty-throughout"),
    ],
)
async def test_what_a_trip_is(
    database_url: str, role_url: RoleUrl, values: list[float], count: int
) -> None:
    city = await fleet(database_url, role_url)
    start = local("2026-03-10 08:00")
    said = {start + 5 * number * MINUTE: value for number, value in enumerate(values)}
    await city.say("truck", "load_state", said)

    assert len(await trips(city, DAY)) == count


async def test_however_a_time_is_cut_every_trip_counts_exactly_once(
    database_url: str, role_url: RoleUrl
) -> None:
    city, chance = await fleet(database_url, role_url), random.Random(3)
    start = local("2026-03-10 00:00")
    minutes = {start + number * MINUTE: float(chance.random() < 0.5) for number in range(600)}
    await city.say("truck", "load_state", minutes)
    whole = await trips(city, (start, start + timedelta(hours=10)))

    cuts = sorted(chance.sample(range(1, 600), 4))
    ends = [0, *cuts, 600]
    parts = [
        trip
        for first, last in pairwise(ends)
        for trip in await trips(city, (start + first * MINUTE, start + last * MINUTE))
    ]

    assert len(whole) > 100
    assert parts == whole


@pytest.mark.parametrize(
    ("emptied", "place", "as_approved"),
    [
        pytest.param((103.7, 36.6), "dump name", True, id="at-the-dump"),
        pytest.param((103.7027, 36.6), "dump name", True, id="at-its-gate"),
        pytest.param((103.704, 36.6), None, False, id="beyond-it"),
        pytest.param((103.501, 36.501), "pit name", False, id="at-the-wrong-kind-of-site"),
    ],
)
async def test_a_trip_knows_its_sites_and_its_kilometres(
    database_url: str,
    role_url: RoleUrl,
    emptied: tuple[float, float],
    place: str | None,
    as_approved: bool,
) -> None:
    city = await fleet(database_url, role_url)
    driven = load("10 08:00", "10 08:20", 0) | load("10 08:20", "10 09:00", 1)
    await city.say("truck", "load_state", driven | load("10 09:00", "10 09:30", 0))
    await city.say(
        "truck", "mileage_km", load("10 08:00", "10 08:30", 50) | load("10 08:30", "10 09:30", 58.5)
    )
    await city.stand("truck", local("2026-03-10 08:20:30"), 103.5005, 36.5005)
    await city.stand("truck", local("2026-03-10 09:00:10"), *emptied)

    (trip,) = await city.ask("SELECT * FROM dash.truck_trip_places(%s, %s)", *DAY)

    assert (trip["distance_km"], trip["loaded_site"]) == (8.5, "pit name")
    assert (trip["loaded_as_approved"], trip["emptied_site"]) == (True, place)
    assert trip["emptied_as_approved"] is as_approved


async def test_violations_are_told_by_kind_and_company_without_drills_and_mistakes(
    database_url: str, role_url: RoleUrl
) -> None:
    city = await fleet(database_url, role_url)
    at = local("2026-03-10 09:00")
    common: dict[str, Any] = {"domain": "truck", "site_id": "firm", "raised_at": at}
    told: list[tuple[str, str, str, dict[str, Any]]] = [
        ("dumped", "forbidden", "lift", {}),
        ("strayed", "route", "route", {}),
        ("strayed-too", "event", "route_deviation", {"site_id": "rival"}),
        ("fault", "event", "fault", {}),
        ("drill", "forbidden", "lift", {"drill": True}),
        ("mistake", "forbidden", "lift", {"verdict": "false"}),
        ("confirmed", "hours", "hours", {"verdict": "real", "state": "normal"}),
        ("before", "hours", "hours", {"raised_at": DAY[0] - timedelta(microseconds=1)}),
        ("after", "hours", "hours", {"raised_at": DAY[1]}),
    ]
    for alert_id, kind, subject, given in told:
        await city.alert(alert_id, "truck", **common | {"kind": kind, "subject": subject} | given)

    rows = await city.ask("SELECT * FROM dash.truck_violations(%s, %s)", *DAY)

    assert [(row["alert_id"], row["kind"], row["company"]) for row in rows] == [
        ("confirmed", "hours", "云岭公司"),
        ("dumped", "dumping", "云岭公司"),
        ("strayed", "off_route", "云岭公司"),
        ("strayed-too", "off_route", "清河公司"),
    ]


@pytest.mark.parametrize(
    ("hours", "expected"),
    [
        pytest.param(None, None, id="the-permit-does-not-say"),
        pytest.param([], False, id="no-hour-at-all"),
        pytest.param([{"from": "25:00", "to": "06:00"}], False, id="nobody-can-read-it"),
        pytest.param([{"from": "08:00", "to": "08:00"}], True, id="around-the-clock"),
        pytest.param("22:00-06:00", None, id="not-a-list"),
    ],
)
async def test_hours_that_are_not_plain(
    database_url: str, role_url: RoleUrl, hours: Any, expected: Any
) -> None:
    city = await fleet(
        database_url, role_url, **({} if hours is None else {"approved_hours": hours})
    )

    (permit,) = await city.ask("SELECT permitted_now FROM dash.truck_permits WHERE truck = 'truck'")

    assert permit["permitted_now"] is expected


async def test_hours_mean_what_the_alert_rule_takes_them_for(empty: Clone) -> None:
    chance = random.Random(11)
    city = SmallCity(Upkeep(empty.url(), empty.url))
    instants = [
        datetime(2026, 3, 1, tzinfo=UTC) + timedelta(seconds=chance.randrange(14 * 86_400))
        for _ in range(150)
    ]
    for _ in range(12):
        days = sorted(chance.sample(range(1, 8), 4))
        start, end = (f"{chance.randrange(24):02d}:{chance.choice((0, 30)):02d}" for _ in "ab")
        spans = [{"from": start, "to": end, "days": days}]
        span = msgspec.convert(spans[0], Span)

        rows = await city.ask(
            "SELECT dash.permitted_at(%s::jsonb, at) AS permitted FROM unnest(%s::timestamptz[])"
            " WITH ORDINALITY AS asked (at, place) ORDER BY place",
            msgspec.json.encode(spans).decode(), instants,
        )  # fmt: skip

        expected = [span.holds(at.astimezone(SHANGHAI)) for at in instants]
        assert [row["permitted"] for row in rows] == expected, spans


async def test_kilometres_are_sorted_by_whether_the_permit_allows_the_hour(
    database_url: str, role_url: RoleUrl
) -> None:
    night = [{"from": "22:00", "to": "06:00"}]
    city = await fleet(database_url, role_url, approved_hours=night)
    counted = load("10 21:00", "10 21:30", 100) | load("10 21:30", "10 22:30", 110)
    await city.say("truck", "mileage_km", counted | load("10 22:30", "10 23:00", 125))
    await city.say(
        "other", "mileage_km", load("10 21:00", "10 21:30", 7) | load("10 21:30", "10 22:00", 9)
    )

    rows = await city.ask("SELECT * FROM dash.truck_driving(%s, %s)", *DAY)

    assert [(row["truck"], row["km"], row["permitted"]) for row in rows] == [
        ("other", 2, None),
        ("truck", 10, False),
        ("truck", 15, True),
    ]
