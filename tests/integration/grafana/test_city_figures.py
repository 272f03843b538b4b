"""The figures of migration 0009, each on a city small enough to be counted by hand."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
from psycopg.types.json import Jsonb

from tests.fixtures.databases import RoleUrl
from tests.integration.grafana.counted_city import SECOND, City

NOON = datetime(2026, 9, 21, 4, tzinfo=UTC)  # twelve o'clock in Shanghai
HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)


@pytest.fixture
def city(role_url: RoleUrl) -> Iterator[City]:
    built = City(role_url)
    yield built
    built.close()


@pytest.fixture
def now(city: City) -> datetime:
    """What the database's clock says: heartbeats and ages are measured by it."""
    (row,) = city.read("SELECT now() AS now")
    found: datetime = row["now"]
    return found


def online(city: City, since: datetime, until: datetime) -> dict[str, float]:
    rows = city.read("SELECT domain, rate FROM online_rate(%s, %s)", since, until)
    return {row["domain"]: round(row["rate"], 6) for row in rows}


def passed(city: City, since: datetime, until: datetime) -> dict[date, tuple[int, int]]:
    rows = city.read("SELECT * FROM pass_rate_by_day(%s, %s)", since, until)
    return {row["day"]: (row["passed"], row["received"]) for row in rows}


def test_a_device_silent_for_a_quarter_of_the_time_is_online_for_the_rest(city: City) -> None:
    city.device("a")
    city.alert("a", NOON + 15 * MINUTE, NOON + 30 * MINUTE)
    assert online(city, NOON, NOON + HOUR) == {"fire": 0.75}


def test_silence_before_and_after_the_period_does_not_count(city: City) -> None:
    city.device("a")
    city.alert("a", NOON - HOUR, NOON + 15 * MINUTE)
    city.alert("a", NOON + 45 * MINUTE, NOON + 2 * HOUR)
    assert online(city, NOON, NOON + HOUR) == {"fire": 0.5}


def test_who_is_behind_an_offline_gateway_is_offline(city: City) -> None:
    city.device("gateway")
    city.device("behind", gateway="gateway")
    city.alert("gateway", NOON, NOON + 30 * MINUTE, cause="gateway")
    assert online(city, NOON, NOON + HOUR) == {"fire": 0.5}


def test_own_silence_and_the_gateways_at_once_count_once(city: City) -> None:
    city.device("gateway")
    city.device("behind", gateway="gateway")
    city.alert("behind", NOON, NOON + 30 * MINUTE)
    city.alert("gateway", NOON + 15 * MINUTE, NOON + 45 * MINUTE, cause="gateway")
    assert online(city, NOON, NOON + HOUR) == {"fire": round(1 - (30 + 45) / 120, 6)}


def test_who_is_still_silent_is_offline_to_the_end(city: City) -> None:
    city.device("a")
    city.alert("a", NOON + 45 * MINUTE)
    assert online(city, NOON, NOON + HOUR) == {"fire": 0.75}


@pytest.mark.parametrize("cause", ["broker", "ingest", "clock"])
def test_what_is_not_silence_of_the_device_does_not_count(city: City, cause: str) -> None:
    city.device("a")
    city.alert("a", NOON, NOON + HOUR, cause=cause)
    assert online(city, NOON, NOON + HOUR) == {"fire": 1.0}


def test_a_device_out_of_service_is_not_counted(city: City) -> None:
    city.device("a")
    city.device("b", used=False)
    city.alert("b", NOON, NOON + HOUR)
    rows = city.read("SELECT devices, rate FROM online_rate(%s, %s)", NOON, NOON + HOUR)
    assert rows == [{"devices": 1, "rate": 1.0}]


def test_time_to_come_does_not_count(city: City, now: datetime) -> None:
    city.device("a")
    city.alert("a", now - HOUR)
    (row,) = city.read("SELECT * FROM online_rate(%s, %s)", now - 2 * HOUR, now + 100 * HOUR)
    assert row["rate"] == pytest.approx(0.5, abs=0.01)


def test_good_and_late_readings_pass_and_the_others_fail(city: City) -> None:
    device = city.device("a")
    for number, quality in enumerate((0, 0, 1, 64, 65, 128)):
        city.reading(device, NOON + number * SECOND, quality)
    assert passed(city, NOON, NOON + HOUR) == {date(2026, 9, 21): (3, 6)}


def test_a_day_ends_at_midnight_in_the_city(city: City) -> None:
    device = city.device("a")
    for at in (NOON, NOON + 12 * HOUR - SECOND, NOON + 12 * HOUR):
        city.reading(device, at)
    found = passed(city, NOON, NOON + 13 * HOUR)
    assert found == {date(2026, 9, 21): (2, 2), date(2026, 9, 22): (1, 1)}


def test_a_message_in_quarantine_counts_as_one_reading_until_it_is_read(city: City) -> None:
    device = city.device("a")
    city.reading(device, NOON)
    for number, requeued in enumerate((None, NOON + HOUR)):
        city.write(
            "INSERT INTO quarantine (received_at, device_id, topic, payload, reason, detail,"
            " digest, requeued_at) VALUES (%s, %s, 't', 'p', 'malformed', 'd', %s, %s)",
            *(NOON, device, bytes([number]), requeued),
        )
    (row,) = city.read("SELECT * FROM pass_rate(%s, %s)", NOON, NOON + HOUR)
    assert row == {"source": "fire", "received": 2, "passed": 1, "rate": 0.5}


def test_messages_of_nobody_we_know_are_a_source_of_their_own(city: City) -> None:
    city.write("INSERT INTO ledger VALUES (0, %s, 3, 0, 1, 2)", NOON)
    (row,) = city.read("SELECT * FROM books_by_hour(%s, %s)", NOON, NOON + HOUR)
    assert (row["source"], row["received"], row["quarantined"]) == ("unknown", 3, 2)


def test_what_is_not_simply_good_is_told_by_its_reason(city: City) -> None:
    device = city.device("a")
    for number, quality in enumerate((0, 1, 64, 65, 128)):
        city.reading(device, NOON + number * SECOND, quality, delay=10 * MINUTE)
    rows = city.read("SELECT * FROM suspect_readings(%s, %s)", NOON, NOON + HOUR)
    assert {row["reason"]: row["readings"] for row in rows} == dict.fromkeys(
        ("late", "clock", "range", "sensor"), 1
    )
    assert {row["delay_95_s"] for row in rows} == {600.0}


def test_a_device_is_online_offline_hidden_or_out_of_service(city: City) -> None:
    city.device("gateway")
    city.device("behind", gateway="gateway")
    city.device("well")
    city.device("unused", used=False)
    city.alert("gateway", NOON, cause="gateway")
    rows = city.read("SELECT device_id, state FROM devices")
    assert {row["device_id"]: row["state"] for row in rows} == {
        "gateway": "offline",
        "behind": "hidden",
        "well": "online",
        "unused": "out_of_service",
    }


def test_a_site_has_the_worst_priority_of_what_is_neither_held_nor_a_drill(city: City) -> None:
    city.alert(None, NOON, kind="event", priority="medium")
    city.alert(None, NOON, kind="event", priority="low")
    city.alert(None, NOON, kind="event", priority="critical", drill=True)
    city.alert(None, NOON, priority="high", state="shelved", hold={"state": "shelved"})
    rows = city.read("SELECT name, priority, open_alerts FROM sites ORDER BY name")
    assert rows == [
        {"name": "fire", "priority": "medium", "open_alerts": 2},
        {"name": "utility", "priority": "none", "open_alerts": 0},
    ]
    grids = city.read("SELECT level, sites, open_alerts, priority_rank FROM grids ORDER BY level")
    assert [tuple(row.values()) for row in grids] == [(1, 2, 2, 3), (2, 2, 2, 3)]


def test_the_clocks_of_an_alert_begin_when_the_system_knew(city: City) -> None:
    alert_id = city.alert(None, NOON, NOON + HOUR, kind="event")
    city.write(
        "UPDATE alerts SET raised_at = %s, notified_at = %s, acknowledged_at = %s,"
        " dispatched_at = %s WHERE alert_id = %s",
        *(NOON - HOUR, NOON + 2 * SECOND, NOON + 30 * SECOND, NOON + 90 * SECOND, alert_id),
    )
    (row,) = city.read("SELECT notify_s, ack_s, dispatch_s, arrive_s, clear_s FROM alert_history")
    assert tuple(row.values()) == (2.0, 30.0, 90.0, None, 3600.0)


def test_open_alerts_say_what_is_put_aside(city: City) -> None:
    city.alert(None, NOON, kind="event", folded_under="a9")
    city.alert(None, NOON, state="shelved", hold={"state": "shelved"})
    city.alert(None, NOON, NOON + HOUR)
    rows = city.read("SELECT held, folded FROM open_alerts ORDER BY alert_id")
    assert rows == [{"held": False, "folded": True}, {"held": True, "folded": False}]


def test_a_flood_that_goes_on_has_no_end(city: City) -> None:
    moves = (("began", NOON, 0), ("ended", NOON + HOUR, 40), ("began", NOON + 2 * HOUR, 3))
    for number, (what, at, shown) in enumerate(moves, 1):
        told = {"what": what, "desk_id": "fire", "shown": shown, "folded": 7}
        city.write(
            "INSERT INTO alert_journal VALUES (%s, %s, 'flood', 'fire', NULL, %s, '')",
            *(number, at, Jsonb(told)),
        )
    rows = city.read("SELECT began_at, ended_at, shown FROM floods ORDER BY began_at")
    assert [tuple(row.values()) for row in rows] == [
        (NOON, NOON + HOUR, 40),
        (NOON + 2 * HOUR, None, 3),
    ]


def test_gaps_say_how_many_are_missing(city: City) -> None:
    city.write("INSERT INTO sequence_gaps VALUES (%s, 10, 14, %s)", city.device("a"), NOON)
    rows = city.read("SELECT source, device_name, missing FROM sequence_gaps")
    assert [tuple(row.values()) for row in rows] == [("fire", "a", 5)]


def test_a_device_from_the_future_is_named_and_a_last_will_is_not(city: City) -> None:
    for number, ahead in ((city.device("early"), 90), (city.device("gone"), -90)):
        city.write(
            "INSERT INTO redated_messages VALUES (%s, 'up', %s, '', %s)",
            *(number, NOON + ahead * SECOND, NOON),
        )
    city.device("judged")
    alert_id = city.alert("judged", NOON, cause="clock")
    rows = city.read("SELECT device_id, ahead_s, alert_id FROM clock_skew ORDER BY device_id")
    assert [tuple(row.values()) for row in rows] == [
        ("early", 90.0, None),
        ("judged", None, alert_id),
    ]


def test_the_age_of_a_source_is_that_of_its_newest_value_or_position(
    city: City, now: datetime
) -> None:
    city.latest(city.device("a"), now - 200 * SECOND)
    city.latest(city.device("b"), now - 100 * SECOND)
    city.write(
        "INSERT INTO latest_positions VALUES (%s, %s, %s, 103.6, 36.5, 0, 0, 0, 0)",
        *(city.device("c"), now - 50 * SECOND, now - 50 * SECOND),
    )
    city.device("d", "utility")
    rows = {row["source"]: row for row in city.read("SELECT * FROM data_age")}
    assert 50 <= rows["fire"]["age_s"] < 80
    assert rows["utility"]["age_s"] is None
    assert [rows[source]["limit_s"] for source in ("fire", "utility")] == [180.0, 900.0]


def test_a_program_is_lost_without_a_heartbeat_for_30_s(city: City, now: datetime) -> None:
    city.beat("ingest", now - 100 * SECOND)
    city.beat("ingest", now - 10 * SECOND, "degraded")
    city.beat("alerts", now - 100 * SECOND)
    rows = city.read("SELECT program, state FROM heartbeats")
    found = {row["program"]: row["state"] for row in rows}
    assert found == {"ingest": "degraded", "alerts": "lost", "api": "never"}


def test_an_instance_not_heard_for_a_week_is_no_longer_expected(city: City, now: datetime) -> None:
    city.beat("simulators", now - timedelta(days=8))
    rows = city.read("SELECT program FROM heartbeats")
    assert {row["program"] for row in rows} == {"alerts", "api", "ingest"}


def test_whatever_stands_still_is_named(city: City, now: datetime) -> None:
    city.latest(city.device("a"), now)
    city.latest(city.device("b", "utility"), now - HOUR)
    for program in ("api", "alerts"):
        city.beat(program, now)
    rows = city.read("SELECT kind, upstream FROM upstreams WHERE stale ORDER BY kind")
    assert [tuple(row.values()) for row in rows] == [("data", "utility"), ("program", "ingest")]


def test_vitals_carry_the_figures_of_the_heartbeats(city: City, now: datetime) -> None:
    city.beat("ingest", now, rate_per_s=60.5, spool_hours_left=40, database="up")
    (row,) = city.read("SELECT rate_per_s, spool_hours_left, spooled, database FROM vitals")
    assert tuple(row.values()) == (60.5, 40.0, None, "up")


def test_the_worst_actor_is_named_in_both_languages(city: City) -> None:
    city.device("a")
    alert_id = city.alert("a", NOON, kind="event")
    told = {"state": "unacknowledged", "rule_id": "rule", "device_id": "a", "priority": "low"}
    city.write(
        "INSERT INTO alert_events (seq, alert_id, at, transition, document)"
        " VALUES (1, %s, %s, 'raised', %s)",
        *(alert_id, NOON, Jsonb(told)),
    )
    (row,) = city.read("SELECT * FROM alarm_worst_actors(%s, %s)", NOON - HOUR, NOON + HOUR)
    assert (row["name"], row["title_zh"], row["title_en"]) == ("a", "标题", "Title")
    assert (row["shown"], row["share"]) == (1, 100.0)


def test_what_is_kept_says_how_long_and_how_much(city: City) -> None:
    rows = {row["relation"]: row for row in city.read("SELECT * FROM relation_sizes()")}
    assert (rows["readings"]["keep_days"], rows["readings_1d"]["keep_days"]) == (400, None)
    assert all(row["bytes"] >= 0 for row in rows.values())


def test_every_view_and_function_says_what_it_means(city: City) -> None:
    rows = city.read(
        "SELECT relname FROM pg_class WHERE relnamespace = 'dash'::regnamespace"
        " AND relkind = 'v' AND obj_description(oid, 'pg_class') IS NULL"
        " UNION ALL SELECT proname FROM pg_proc WHERE pronamespace = 'dash'::regnamespace"
        " AND obj_description(oid, 'pg_proc') IS NULL"
    )
    assert rows == []
