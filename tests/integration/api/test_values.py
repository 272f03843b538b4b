"""Newest values, history at the right resolution, the books, what could not be read."""

from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
import pytest

from tests.integration.api.conftest import Api
from tests.integration.api.fake_engine import FakeEngine
from tests.integration.api.test_registry import device, import_city

NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.fixture
async def numbers(api: Api) -> tuple[int, int, str]:
    """Register one device; return its number, and the number and name of one of its metrics."""
    profiles = (await api.client("viewer").get("/profiles")).json()["items"]
    profile = next(profile for profile in profiles if profile["metrics"])
    await import_city(api, [device(1, profile["profile_id"])])
    shown = (await api.client("viewer").get("/devices/device-00001")).json()
    metrics = (await api.client("viewer").get("/metrics-catalogue")).json()["items"]
    metric = next(metric for metric in metrics if metric["name"] == profile["metrics"][0])
    return shown["number"], metric["number"], metric["name"]


async def execute(url: str, statement: str, rows: list[tuple[Any, ...]]) -> None:
    async with await psycopg.AsyncConnection.connect(url) as conn, conn.cursor() as cursor:
        await cursor.executemany(statement, rows)  # type: ignore[arg-type]


async def history(api: Api, **params: Any) -> dict[str, Any]:
    answer = await api.client("viewer").get("/devices/device-00001/history", params=params)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def test_the_newest_value_says_how_old_it_is(
    api: Api, numbers: tuple[int, int, str], database_url: str
) -> None:
    number, metric, name = numbers
    row = (number, metric, NOON, NOON, 21.5, 0)
    await execute(database_url, "INSERT INTO latest_values VALUES (%s, %s, %s, %s, %s, %s)", [row])

    for path in ("/latest?site_id=unit-1", "/latest", "/devices/device-00001/latest"):
        (item,) = (await api.client("viewer").get(path)).json()["items"]
        assert (item["device_id"], item["metric"], item["value"]) == ("device-00001", name, 21.5)
        assert item["observed_at"] == "2026-05-01T12:00:00Z"
        assert item["age_s"] > 0


async def test_history_says_which_resolution_it_chose_and_whether_it_is_whole(
    api: Api, numbers: tuple[int, int, str], database_url: str
) -> None:
    number, metric, name = numbers
    rows = [
        (NOON + timedelta(seconds=second), NOON, number, metric, float(second), 0)
        for second in range(10)
    ]
    await execute(database_url, "INSERT INTO readings VALUES (%s, %s, %s, %s, %s, %s)", rows)
    near = {"metric": name, "from": NOON.isoformat(), "to": (NOON + HOUR).isoformat()}
    far = near | {"to": (NOON + 2000 * HOUR).isoformat()}

    raw = await history(api, **near)
    cut = await history(api, **near, resolution="raw", limit=3)
    rough = await history(api, **far)

    assert (raw["resolution"], raw["complete"], len(raw["points"])) == ("raw", True, 10)
    assert raw["points"][1] == {"at": "2026-05-01T12:00:01Z", "value": 1.0, "quality": 0}
    assert (cut["complete"], len(cut["points"])) == (False, 3)
    assert rough["resolution"] == "1h"


@pytest.mark.parametrize("resolution", ["1m", "1h", "1d"])
async def test_every_rollup_can_be_asked_for(
    api: Api, numbers: tuple[int, int, str], resolution: str
) -> None:
    found = await history(api, metric=numbers[2], resolution=resolution)

    assert found["resolution"] == resolution


async def test_tracks_and_signals_are_newest_first(
    api: Api, numbers: tuple[int, int, str], database_url: str
) -> None:
    number, _, _ = numbers
    fixes = [
        (NOON + HOUR * hour, NOON, number, 103.6, 36.4, 40.0, 90.0, None, 0) for hour in (0, 1)
    ]
    await execute(database_url, f"INSERT INTO positions VALUES ({'%s, ' * 8}%s)", fixes)  # noqa: S608
    signals = [(NOON + HOUR * hour, NOON, number, "fire", hour == 0, "", 0) for hour in (0, 1)]
    await execute(database_url, f"INSERT INTO device_events VALUES ({'%s, ' * 6}%s)", signals)  # noqa: S608
    span = {"from": NOON.isoformat(), "to": (NOON + 9 * HOUR).isoformat()}
    viewer = api.client("viewer")

    track = (await viewer.get("/devices/device-00001/positions", params=span)).json()
    events = (await viewer.get("/devices/device-00001/events", params=span)).json()

    assert [fix["observed_at"][11:16] for fix in track["items"]] == ["13:00", "12:00"]
    assert [event["active"] for event in events["items"]] == [False, True]


@pytest.mark.parametrize(
    ("path", "status"),
    [
        pytest.param("/devices/none/history?metric=temperature_c", 404, id="unknown-device"),
        pytest.param("/devices/device-00001/history?metric=none", 404, id="unknown-metric"),
        pytest.param("/devices/device-00001/history", 422, id="no-metric"),
        pytest.param("/devices/device-00001/events?limit=10001", 422, id="too-many-points"),
        pytest.param(
            "/devices/device-00001/events?from=2026-05-02T00:00:00Z&to=2026-05-01T00:00:00Z",
            422,
            id="backwards",
        ),
    ],
)
async def test_questions_without_an_answer(
    api: Api, numbers: tuple[int, int, str], path: str, status: int
) -> None:
    assert (await api.client("viewer").get(path)).status_code == status


async def test_the_books_balance_with_what_is_still_in_flight(
    api: Api, numbers: tuple[int, int, str], engine: FakeEngine, database_url: str
) -> None:
    number, _, _ = numbers
    lines = [(number, NOON, 10, 7, 2, 1), (0, NOON + HOUR, 3, 0, 0, 3)]
    await execute(database_url, "INSERT INTO ledger VALUES (%s, %s, %s, %s, %s, %s)", lines)
    gap = (number, 5, 8, NOON)
    await execute(database_url, "INSERT INTO sequence_gaps VALUES (%s, %s, %s, %s)", [gap])
    await engine.beat("ingest", "east", in_flight=4, spooled=1, database="up")
    await engine.beat("ingest", "west", in_flight=2, spooled=0, database="up")
    await engine.raise_alert("a-1")  # behind the heartbeats on the same line
    await api.client("officer").post("/alerts/a-1/acknowledgement")
    viewer = api.client("viewer")

    whole = (await viewer.get("/ledger", params={"by": "device"})).json()
    one = (await viewer.get("/ledger", params={"device_id": "device-00001", "by": "hour"})).json()

    figures = ("received", "stored", "duplicate", "quarantined", "in_flight", "missing", "balance")
    assert [whole[name] for name in figures] == [20, 7, 2, 4, 7, 4, 0]
    assert [line.get("device_id") for line in whole["lines"]] == ["device-00001", None]
    assert [one[name] for name in figures] == [10, 7, 2, 1, 0, 4, 0]
    assert one["lines"][0]["hour"] == "2026-05-01T12:00:00Z"


UNREADABLE = [
    (NOON, "t/1", b'{"ts": "x"}', "bad_time", "No.", b"1"),
    (NOON, "t/2", b"\xff\x00", "not_utf8", "No.", b"2"),
    (NOON, "t/3", b"\xfe", "not_utf8", "No.", b"3"),
    (NOON, "t/4", "<script>火</script>".encode() * 5000, "too_large", "No.", b"4"),
]


@pytest.fixture
async def unreadable(numbers: tuple[int, int, str], database_url: str) -> None:
    """Put four messages into quarantine, the first one from a device that is known."""
    rows = [(numbers[0] if row is UNREADABLE[0] else None, *row) for row in UNREADABLE]
    columns = "device_id, received_at, topic, payload, reason, detail, digest"
    statement = f"INSERT INTO quarantine ({columns}) VALUES ({'%s, ' * 6}%s)"  # noqa: S608
    await execute(database_url, statement, rows)


@pytest.mark.usefixtures("unreadable")
async def test_a_list_of_unreadable_messages_shows_how_each_begins(api: Api) -> None:
    viewer = api.client("viewer")

    first = (await viewer.get("/quarantine", params={"limit": 2})).json()
    rest = (await viewer.get("/quarantine", params={"cursor": first["next"]})).json()
    mine = (await viewer.get("/quarantine", params={"device_id": "device-00001"})).json()["items"]
    summary = (await viewer.get("/quarantine/summary")).json()["items"]

    long, *short = first["items"] + rest["items"]
    assert [(line["preview"], line["size"]) for line in short] == [
        ("\\xfe", 1),
        ("\\xff\\x00", 2),
        ('{"ts": "x"}', 11),
    ]
    assert long["size"] == 100_000
    assert long["preview"].startswith("<script>火</script><script>火")
    assert "\\x" not in long["preview"]  # a character that is cut in two is left out
    assert len(long["preview"]) < 160
    assert [line["topic"] for line in mine] == ["t/1"]
    assert mine[0]["device_id"] == "device-00001"
    assert [(line["reason"], line["messages"]) for line in summary] == [
        ("not_utf8", 2),
        ("bad_time", 1),
        ("too_large", 1),
    ]


@pytest.mark.usefixtures("unreadable")
async def test_one_unreadable_message_is_shown_whole_as_it_came(api: Api) -> None:
    viewer = api.client("viewer")
    lines = (await viewer.get("/quarantine")).json()["items"]

    whole = [(await viewer.get(f"/quarantine/{line['id']}")).json() for line in lines]
    missing = await viewer.get("/quarantine/999999999")

    assert [(message["payload"], message["encoding"]) for message in whole] == [
        ("<script>火</script>" * 5000, "utf-8"),
        ("/g==", "base64"),
        ("/wA=", "base64"),
        ('{"ts": "x"}', "utf-8"),
    ]
    assert missing.status_code == 404
