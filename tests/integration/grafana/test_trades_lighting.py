from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from tests.fixtures.databases import RoleUrl
from tests.fixtures.upkeep import Upkeep
from tests.integration.grafana.small_city import (
    FIVE_MINUTES,
    SHANGHAI,
    SmallCity,
    device,
    every,
    local,
    site,
)

EVENING, MORNING = date(2026, 3, 10), date(2026, 3, 11)
NIGHT = [{"from": "20:00", "to": "06:00"}]  # whole hours with a margin: 21 to 24 and 0 to 5
NOON, NEXT_NOON = local("2026-03-10 12:00"), local("2026-03-11 12:00")


async def street(
    database_url: str, role_url: RoleUrl, *, lamps: int, hours: Any = None
) -> SmallCity:
    """One cabinet and its lamps, burning from eight in the evening to six."""
    city = SmallCity(Upkeep(database_url, role_url))
    planned = {} if hours is None else {"burning_hours": hours}
    cabinet = device("cabinet", "lighting-cabinet", "street", attributes=planned)
    names = [f"lamp-{number}" for number in range(1, lamps + 1)]
    behind = [device(name, "lamp-controller", "street", gateway_id="cabinet") for name in names]
    await city.register([site("street", "lighting_cabinet")], [cabinet, *behind])
    return city


async def rates(city: SmallCity, since: datetime = NOON, until: datetime = NEXT_NOON) -> Any:
    rows = await city.ask("SELECT * FROM dash.lighting_rate(%s, %s)", since, until)
    return {row.pop("day"): row for row in rows}


def shine(start: str, end: str, value: float = 1.0) -> dict[datetime, float]:
    return every(FIVE_MINUTES, f"2026-03-{start}", f"2026-03-{end}", value)


async def test_a_lamp_lit_for_half_its_window_has_a_rate_of_one_half_over_both_days(
    database_url: str, role_url: RoleUrl
) -> None:
    city = await street(database_url, role_url, lamps=1, hours=NIGHT)
    await city.say(
        "lamp-1", "lamp_on", shine("10 20:00", "11 01:00") | shine("11 01:00", "11 06:00", 0)
    )

    found = await rates(city)

    assert (found[EVENING]["should_s"], found[EVENING]["lit_s"]) == (3 * 3600, 3 * 3600)
    assert (found[MORNING]["should_s"], found[MORNING]["lit_s"]) == (5 * 3600, 3600)
    assert (found[EVENING]["rate"], found[MORNING]["rate"]) == (1, 0.2)


async def test_a_silent_lamp_is_told_apart_and_never_lit(
    database_url: str, role_url: RoleUrl
) -> None:
    city = await street(database_url, role_url, lamps=2, hours=NIGHT)
    await city.say("lamp-1", "lamp_on", shine("10 20:00", "11 06:00"))

    evening = (await rates(city))[EVENING]

    assert evening["unknown_s"] == 3 * 3600
    assert (evening["rate"], evening["rate_at_least"], evening["unknown_rate"]) == (1, 0.5, 0.5)


async def test_with_no_telemetry_at_all_there_is_no_rate(
    database_url: str, role_url: RoleUrl
) -> None:
    city = await street(database_url, role_url, lamps=1, hours=NIGHT)

    evening = (await rates(city))[EVENING]

    assert (evening["rate"], evening["rate_at_least"], evening["unknown_rate"]) == (None, 0, 1)


async def test_values_that_are_not_good_leave_a_lamp_unknown(
    database_url: str, role_url: RoleUrl
) -> None:
    city = await street(database_url, role_url, lamps=1, hours=NIGHT)
    await city.say("lamp-1", "lamp_on", shine("10 20:00", "11 06:00"), quality=64)

    assert (await rates(city))[EVENING]["unknown_rate"] == 1


async def test_burning_by_day_and_while_switching_changes_no_rate(
    database_url: str, role_url: RoleUrl
) -> None:
    city = await street(database_url, role_url, lamps=1, hours=NIGHT)
    dark = shine("10 21:00", "11 05:00", 0)
    await city.say("lamp-1", "lamp_on", shine("10 12:00", "10 21:00") | dark)

    found = await rates(city)

    assert (found[EVENING]["lit_s"], found[EVENING]["should_s"]) == (0, 3 * 3600)


async def test_between_spans_that_meet_nothing_is_switched(
    database_url: str, role_url: RoleUrl
) -> None:
    halves = [{"from": "20:00", "to": "00:00"}, {"from": "00:00", "to": "06:00"}]
    city = await street(database_url, role_url, lamps=1, hours=halves)

    found = await rates(city)

    assert (found[EVENING]["should_s"], found[MORNING]["should_s"]) == (3 * 3600, 5 * 3600)


async def test_a_report_vouches_for_its_interval_and_no_longer(
    database_url: str, role_url: RoleUrl
) -> None:
    city = await street(database_url, role_url, lamps=1, hours=NIGHT)
    await city.say("lamp-1", "lamp_on", shine("10 21:00", "10 21:30"))

    evening = (await rates(city))[EVENING]

    assert (evening["lit_s"], evening["unknown_s"]) == (1800, 3 * 3600 - 1800)


@pytest.mark.parametrize("cut", ["10 21:00", "10 23:00", "11 00:00", "11 03:00"])
async def test_two_periods_that_meet_add_up_to_the_whole(
    database_url: str, role_url: RoleUrl, cut: str
) -> None:
    city = await street(database_url, role_url, lamps=1, hours=NIGHT)
    await city.say("lamp-1", "lamp_on", shine("10 20:00", "11 02:30"))
    at = local(f"2026-03-{cut}")

    whole, early, late = await rates(city), await rates(city, NOON, at), await rates(city, at)

    for figure in ("should_s", "lit_s", "unknown_s"):
        parts = sum(row[figure] for half in (early, late) for row in half.values())
        assert parts == sum(row[figure] for row in whole.values()), figure


@pytest.mark.parametrize(
    ("value", "age", "hours", "state"),
    [
        pytest.param(1, 1, (-3, 3), "lit", id="burns-when-it-should"),
        pytest.param(0, 1, (-3, 3), "dark", id="does-not-burn-when-it-should"),
        pytest.param(1, 1, (6, 8), "day_burning", id="burns-when-it-should-not"),
        pytest.param(0, 1, (6, 8), "off", id="is-off-when-it-should-be"),
        pytest.param(1, 19, (-3, 3), "lit", id="heard-just-in-time"),
        pytest.param(1, 21, (-3, 3), "unknown", id="heard-too-long-ago"),
        pytest.param(None, 0, (-3, 3), "unknown", id="never-heard"),
        pytest.param(0, 1, (-0.2, 3), "off", id="only-just-switched-on-is-not-dark-yet"),
        pytest.param(
            1, 1, (-3, -0.1), "lit", id="only-just-switched-off-is-not-burning-by-day-yet"
        ),
        pytest.param(1, 1, (0.1, 3), "lit", id="switched-on-a-little-early"),
    ],
)
async def test_the_state_of_a_lamp(
    database_url: str,
    role_url: RoleUrl,
    value: float | None,
    age: float,
    hours: tuple[float, float],
    state: str,
) -> None:
    now = datetime.now(UTC)
    start, end = (f"{(now + timedelta(hours=each)).astimezone(SHANGHAI):%H:%M}" for each in hours)
    city = await street(database_url, role_url, lamps=1, hours=[{"from": start, "to": end}])
    if value is not None:
        await city.say_latest("lamp-1", "lamp_on", value, now - timedelta(minutes=age))

    (lamp,) = await city.ask("SELECT * FROM dash.lamps_now")

    assert lamp["state"] == state
    assert lamp["is_lit"] is (None if state == "unknown" else bool(value))


async def test_a_facility_is_intact_unless_it_is_at_fault_stuck_or_was_not_heard(
    database_url: str, role_url: RoleUrl
) -> None:
    city = await street(database_url, role_url, lamps=5, hours=NIGHT)
    usual = shine("10 00:00", "10 06:00") | shine("10 06:00", "11 00:00", 0)
    for name, values in {
        "lamp-1": usual,
        "lamp-2": usual,
        "lamp-3": shine("10 00:00", "11 00:00", 0),
        "lamp-4": shine("10 00:00", "11 00:00", 1),
    }.items():
        await city.say(name, "lamp_on", values)
    await city.say("cabinet", "door_state", shine("10 00:00", "11 00:00", 0))
    lasting = {"domain": "lighting", "raised_at": local("2026-03-10 13:00")}
    await city.alert("broken", "lamp-2", subject="lamp_failure", **lasting)
    await city.alert("open", "cabinet", subject="door_open", **lasting)
    await city.alert("drill", "lamp-1", subject="fault", drill=True, **lasting)
    await city.alert("wrong", "lamp-1", subject="fault", verdict="false", **lasting)
    repaired = {"returned_at": local("2026-03-10 14:00"), "state": "normal", **lasting}
    await city.alert("repaired", "lamp-1", subject="fault", **repaired)

    rows = await city.ask(
        "SELECT * FROM dash.facility_rate(%s, %s)",
        local("2026-03-10 00:00"), local("2026-03-11 00:00"),
    )  # fmt: skip

    assert rows == [
        {"day": EVENING, "facilities": 6, "inspected": 5, "intact": 2, "unknown": 1, "rate": 0.4}
    ]


async def test_at_this_moment_unheard_facilities_are_neither_intact_nor_broken(
    database_url: str, role_url: RoleUrl
) -> None:
    city = await street(database_url, role_url, lamps=3, hours=[{"from": "00:00", "to": "00:00"}])
    now = datetime.now(UTC)
    await city.say_latest("lamp-1", "lamp_on", 1, now)
    await city.say_latest("lamp-2", "lamp_on", 1, now)
    await city.alert("broken", "lamp-2", subject="relay_failure", domain="lighting")

    rows = await city.ask("SELECT * FROM dash.facility_rate() ORDER BY kind")

    assert [tuple(row.values()) for row in rows] == [
        ("all", 4, 2, 1, 2, 0.5),
        ("cabinet", 1, 0, 0, 1, None),
        ("lamp", 3, 2, 1, 1, 0.5),
    ]


async def test_today_a_facility_is_inspected_once_it_is_heard_after_midnight(
    database_url: str, role_url: RoleUrl
) -> None:
    city = await street(database_url, role_url, lamps=3)
    now = datetime.now(UTC)
    await city.say_latest("lamp-1", "lamp_on", 1, now)
    await city.say_latest("lamp-2", "lamp_on", 1, now - timedelta(days=1))

    (row,) = await city.ask("SELECT * FROM dash.facility_rate(%s, %s)", now, now + FIVE_MINUTES)

    assert (row["facilities"], row["inspected"], row["intact"], row["unknown"]) == (4, 1, 1, 3)


async def test_energy_is_what_the_meter_went_up_since_it_was_last_heard(
    database_url: str, role_url: RoleUrl
) -> None:
    city = await street(database_url, role_url, lamps=1)
    count = {
        local("2026-03-08 23:50"): 100.0,
        local("2026-03-10 00:10"): 104.0,  # silent on the 9th: its energy is found on the 10th
        local("2026-03-10 23:50"): 110.0,
        local("2026-03-11 00:10"): 3.0,  # a new meter
        local("2026-03-11 23:50"): 8.0,
    }
    await city.say("cabinet", "energy_kwh", count)
    await city.say("lamp-1", "energy_kwh", dict.fromkeys(count, 55.0))

    rows = await city.ask(
        "SELECT * FROM dash.lighting_energy(%s, %s)", local("2026-03-10 00:00"), NEXT_NOON
    )

    assert rows == [{"day": EVENING, "kwh": 10}, {"day": MORNING, "kwh": 5}]


async def test_a_lamp_that_is_switched_on_but_draws_no_power_is_dark(
    database_url: str, role_url: RoleUrl
) -> None:
    now = datetime.now(UTC)
    city = await street(database_url, role_url, lamps=1, hours=[{"from": "00:00", "to": "00:00"}])
    await city.say_latest("lamp-1", "lamp_on", 1, now)
    await city.say_latest("lamp-1", "power_w", 2.9, now)

    (lamp,) = await city.ask("SELECT state, is_lit FROM dash.lamps_now")

    assert lamp == {"state": "dark", "is_lit": False}


async def test_power_outweighs_what_the_controller_says_in_past_nights_too(
    database_url: str, role_url: RoleUrl
) -> None:
    city = await street(database_url, role_url, lamps=1, hours=NIGHT)
    await city.say_latest("lamp-1", "power_w", 0, datetime.now(UTC))
    await city.say("lamp-1", "lamp_on", shine("10 20:00", "11 06:00"))
    burning = shine("10 20:00", "10 23:00", 120) | shine("10 23:00", "10 23:30", 72)
    await city.say("lamp-1", "power_w", burning | shine("10 23:30", "11 06:00", 0))

    found = await rates(city)

    assert found[EVENING]["lit_s"] == 2.5 * 3600
    assert (found[EVENING]["unknown_s"], found[MORNING]["lit_s"]) == (0, 0)
