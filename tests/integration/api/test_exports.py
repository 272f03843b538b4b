"""Histories as files: known rows, known answers, and what may not look complete."""

import csv
import io
import tracemalloc
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

import httpx
import openpyxl
import psycopg
import pyarrow.parquet  # type: ignore[import-untyped]
import pytest
from pydantic import SecretStr

from api.exporting import sending
from api.exporting.histories import READINGS
from api.exporting.reading import ROWS_AT_ONCE, Choice, begin, read_batches
from api.exporting.sending import Turns
from api.exporting.writing import ParquetWriter
from api.routes import exports
from api.store.values import Resolution, Span
from core.database import connect
from tests.fixtures.databases import RoleUrl
from tests.integration.api.conftest import Api, eventually
from tests.integration.api.fake_engine import alert
from tests.integration.api.projecting import project
from tests.integration.api.test_registry import device, import_city

MIDNIGHT = datetime(2026, 4, 30, 16, tzinfo=UTC)
"""When 1 May began in Shanghai."""
MAY = {"from": "2026-05-01T00:00:00+08:00", "to": "2026-05-02T00:00:00+08:00"}


class Numbers(NamedTuple):
    """What the database calls two devices and a metric."""

    device: int
    other: int
    metric: int
    name: str


@pytest.fixture
async def numbers(api: Api) -> Numbers:
    """Register two devices, the first with a hostile name."""
    profiles = (await api.client("viewer").get("/profiles")).json()["items"]
    profile = next(profile for profile in profiles if profile["metrics"])
    first = device(1, profile["profile_id"], name="=1+1")
    await import_city(api, [first, device(2, profile["profile_id"])])
    one, two = [
        (await api.client("viewer").get(f"/devices/device-0000{number}")).json()["number"]
        for number in (1, 2)
    ]
    metrics = (await api.client("viewer").get("/metrics-catalogue")).json()["items"]
    metric = next(metric for metric in metrics if metric["name"] == profile["metrics"][0])
    return Numbers(one, two, metric["number"], metric["name"])


@pytest.fixture
async def conn(database_url: str) -> AsyncIterator[psycopg.AsyncConnection]:
    async with await psycopg.AsyncConnection.connect(database_url, autocommit=True) as conn:
        yield conn


async def read(conn: psycopg.AsyncConnection, numbers: Numbers, *readings: Any) -> None:
    async with conn.cursor() as cursor:
        await cursor.executemany(
            "INSERT INTO readings VALUES (%s, %s, %s, %s, %s, %s)",
            [(at, at, numbers[other], numbers.metric, value, 0) for at, value, other in readings],
        )


async def many(conn: psycopg.AsyncConnection, numbers: Numbers, rows: int) -> None:
    await conn.execute(
        "INSERT INTO readings SELECT %s::timestamptz + n * INTERVAL '100 ms', now(), %s, %s, n, 0"
        " FROM generate_series(0, %s - 1) AS n",
        (MIDNIGHT, numbers.device, numbers.metric, rows),
    )


async def ask(api: Api, what: str, **params: Any) -> httpx.Response:
    answer = await api.client("viewer").get(f"/export/{what}", params=MAY | params)
    assert answer.status_code == 200, answer.text
    return answer


def lines(answer: httpx.Response) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"), newline="")))


async def test_a_day_of_readings_begins_at_local_midnight_and_ends_before_the_next(
    api: Api, numbers: Numbers, conn: psycopg.AsyncConnection
) -> None:
    day = timedelta(days=1)
    before, last, after = MIDNIGHT - timedelta(seconds=1), MIDNIGHT + day, MIDNIGHT + day
    readings = [(before, 1.0, 0), (MIDNIGHT, -2.5, 0), (last - timedelta(seconds=1), 3.0, 1)]
    await read(conn, numbers, *readings, (after, 4.0, 0))

    answer = await ask(api, "readings")

    found = lines(answer)
    assert answer.content.startswith(b"\xef\xbb\xbfobserved_at,received_at,device_id")
    assert [(line["observed_at"], line["value"]) for line in found] == [
        ("2026-05-01T00:00:00+08:00", "-2.5"),
        ("2026-05-01T23:59:59+08:00", "3.0"),
    ]
    assert [line["device_id"] for line in found] == ["device-00001", "device-00002"]
    assert (found[0]["device_name"], found[0]["metric"]) == ("'=1+1", numbers.name)
    assert (
        "filename*=UTF-8''yiwang-readings_raw-20260501T0000-20260502T0000.csv"
        in (answer.headers["content-disposition"])
    )


async def test_filters_leave_the_others_out(
    api: Api, numbers: Numbers, conn: psycopg.AsyncConnection
) -> None:
    await read(conn, numbers, (MIDNIGHT, 1.0, 0), (MIDNIGHT, 2.0, 1))

    one = lines(await ask(api, "readings", device_id="device-00002"))
    both = lines(await ask(api, "readings", site_id="unit-1", metric=numbers.name))
    none = lines(await ask(api, "readings", domain="truck"))

    assert [line["value"] for line in one] == ["2.0"]
    assert len(both) == 2
    assert none == []


async def test_parquet_and_xlsx_hold_the_same_rows(
    api: Api, numbers: Numbers, conn: psycopg.AsyncConnection
) -> None:
    await read(conn, numbers, (MIDNIGHT, 1.5, 0))

    table = pyarrow.parquet.read_table(
        io.BytesIO((await ask(api, "readings", format="parquet")).content)
    )
    book = openpyxl.load_workbook(io.BytesIO((await ask(api, "readings", format="xlsx")).content))

    (row,) = table.to_pylist()
    assert (row["observed_at"], row["device_name"], row["value"]) == (MIDNIGHT, "=1+1", 1.5)
    sheet = book["export"]
    assert sheet["A2"].value == datetime(2026, 5, 1)  # noqa: DTZ001 - as Excel has it
    assert (sheet["D2"].value, sheet["D2"].data_type, sheet["I2"].value) == ("=1+1", "s", 1.5)


@pytest.mark.parametrize("resolution", ["1m", "1h", "1d"])
async def test_rollups_are_exported_by_bucket(
    api: Api, numbers: Numbers, conn: psycopg.AsyncConnection, resolution: str
) -> None:
    await read(conn, numbers, (MIDNIGHT, 1.0, 0), (MIDNIGHT + timedelta(seconds=30), 3.0, 0))

    (line,) = lines(await ask(api, "readings", resolution=resolution))

    assert (line["bucket"], line["count"]) == ("2026-05-01T00:00:00+08:00", "2")
    assert (line["minimum"], line["average"], line["maximum"]) == ("1.0", "2.0", "3.0")


async def test_every_other_history_can_be_taken_out(
    api: Api, numbers: Numbers, conn: psycopg.AsyncConnection
) -> None:
    at = MIDNIGHT + timedelta(hours=1)
    await conn.execute(
        "INSERT INTO positions VALUES (%s, %s, %s, 103.7, 36.5, 12.5, 90, NULL, 0)",
        (at, at, numbers.device),
    )
    await conn.execute(
        "INSERT INTO device_events VALUES (%s, %s, %s, 'fire', true, '@烟', 0)",
        (at, at, numbers.device),
    )
    await conn.execute("INSERT INTO ledger VALUES (%s, %s, 3, 1, 1, 1)", (numbers.device, at))
    await conn.execute(
        "INSERT INTO quarantine (received_at, device_id, topic, payload, reason, detail, digest)"
        " VALUES (%s, %s, 't', '\\xff', 'bad_json', 'It is no JSON.', '\\x01')",
        (at, numbers.device),
    )
    known = {"device_id": "device-00001", "raised_at": at.isoformat()}
    await project(conn, alert("a-1", 1, **known, detected_at=at.isoformat()))

    (position,) = lines(await ask(api, "positions"))
    (event,) = lines(await ask(api, "events", domain="fire"))
    (booked,) = lines(await ask(api, "ledger"))
    (unread,) = lines(await ask(api, "quarantine"))
    (found,) = lines(await ask(api, "alerts", device_id="device-00001"))
    (step,) = lines(await ask(api, "transitions", site_id="unit-1"))

    assert (position["lon"], position["speed_kmh"], position["altitude_m"]) == ("103.7", "12.5", "")
    assert (event["kind"], event["active"], event["detail"]) == ("fire", "true", "'@烟")
    assert (booked["received"], booked["device_id"]) == ("3", "device-00001")
    assert (unread["day"], unread["messages"]) == ("2026-05-01T00:00:00+08:00", "1")
    assert "payload" not in unread
    assert (found["alert_id"], found["title_zh"], found["ack_s"]) == ("a-1", "火警", "")
    assert (step["transition"], step["state"]) == ("raised", "unacknowledged")


@pytest.mark.parametrize("form", ["csv", "xlsx", "parquet"])
@pytest.mark.parametrize(
    "what", ["readings", "positions", "events", "alerts", "transitions", "ledger", "quarantine"]
)
async def test_an_empty_history_is_a_file_with_a_heading(api: Api, what: str, form: str) -> None:
    answer = await ask(api, what, format=form)

    assert len(answer.content) > 20


@pytest.mark.parametrize(
    ("path", "status", "code"),
    [
        pytest.param("/readings?device_id=nobody", 404, "not_found", id="unknown-device"),
        pytest.param("/readings?metric=nothing", 404, "not_found", id="unknown-metric"),
        pytest.param("/alerts?site_id=nowhere", 404, "not_found", id="unknown-site"),
        pytest.param("/alerts?domain=magic", 404, "not_found", id="unknown-domain"),
        pytest.param("/alerts?metric=smoke", 422, "bad_filter", id="metric-of-alerts"),
        pytest.param("/ledger?resolution=1h", 422, "bad_filter", id="resolution-of-ledger"),
        pytest.param("/everything", 422, "invalid", id="unknown-history"),
        pytest.param(
            "/ledger?from=2026-05-02T00:00:00Z&to=2026-05-01T00:00:00Z",
            422,
            "bad_range",
            id="backwards",
        ),
    ],
)
async def test_what_cannot_be_meant_is_refused(api: Api, path: str, status: int, code: str) -> None:
    answer = await api.client("viewer").get(f"/export{path}")

    assert (answer.status_code, answer.json()["error"]["code"]) == (status, code)


async def test_nobody_exports_without_signing_in(api: Api) -> None:
    assert (await api.client(None).get("/export/readings")).status_code == 401


async def test_who_exported_what_stands_in_the_audit(api: Api) -> None:
    await ask(api, "ledger", format="parquet", domain="fire")

    async def noted() -> Any:
        items = (await api.client("supervisor").get("/audit")).json()["items"]
        return next((item for item in items if item["action"] == "export"), None)

    deed = await eventually(noted)
    assert (deed["actor"], deed["subject"]) == ("viewer", "ledger")
    assert (deed["detail"]["format"], deed["detail"]["domain"]) == ("parquet", "fire")
    assert deed["detail"]["start"] == "2026-04-30T16:00:00+00:00"


async def test_a_sheet_that_would_be_too_long_is_refused_before_it_is_written(
    api: Api, numbers: Numbers, conn: psycopg.AsyncConnection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sending, "XLSX_ROWS", 10)
    await many(conn, numbers, 11)

    answer = await api.client("viewer").get("/export/readings", params=MAY | {"format": "xlsx"})
    fits = await ask(api, "readings", format="xlsx", to="2026-05-01T00:00:01+08:00")

    assert (answer.status_code, answer.json()["error"]["code"]) == (422, "too_many_rows")
    assert openpyxl.load_workbook(io.BytesIO(fits.content))["export"].max_row == 11


async def test_the_third_export_at_a_time_is_told_to_wait_and_turns_come_back(
    api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    turns = Turns(1)
    monkeypatch.setattr(exports, "_turns", turns)
    await ask(api, "ledger")
    await ask(api, "ledger", format="xlsx")
    turns.take()

    answer = await api.client("viewer").get("/export/ledger")

    assert (answer.status_code, answer.json()["error"]["code"]) == (503, "busy")
    assert answer.json()["error"]["message"].endswith(".")


@pytest.mark.parametrize("form", ["csv", "parquet"])
async def test_an_export_that_fails_midway_does_not_arrive_whole(
    api: Api, numbers: Numbers, conn: psycopg.AsyncConnection, form: str
) -> None:
    await many(conn, numbers, 300_000)

    async def get_and_kill() -> int:
        seen, url = 0, "/export/readings"
        async with api.client("viewer").stream("GET", url, params=MAY | {"format": form}) as answer:
            async for piece in answer.aiter_bytes():
                if not seen:
                    await conn.execute(
                        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                        " WHERE application_name = 'yiwang-api-export'"
                        " AND datname = current_database()"
                    )
                seen += len(piece)
        return seen

    with pytest.raises(httpx.RemoteProtocolError):
        await get_and_kill()
    assert (await ask(api, "ledger")).status_code == 200


async def test_a_reader_that_goes_away_gives_its_connection_and_its_turn_back(
    api: Api, numbers: Numbers, conn: psycopg.AsyncConnection, monkeypatch: pytest.MonkeyPatch
) -> None:
    turns = Turns(1)
    monkeypatch.setattr(exports, "_turns", turns)
    await many(conn, numbers, 300_000)
    async with api.client("viewer").stream("GET", "/export/readings", params=MAY) as answer:
        await anext(answer.aiter_bytes())

    async def ended() -> bool:
        cursor = await conn.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'yiwang-api-export'"
            " AND datname = current_database()"
        )
        return await cursor.fetchone() == (0,) and turns._left == 1

    await eventually(ended)


async def test_memory_stays_within_a_few_batches_however_long_the_history(
    api: Api, numbers: Numbers, conn: psycopg.AsyncConnection, role_url: RoleUrl
) -> None:
    rows = 200_000
    await many(conn, numbers, rows)
    history = READINGS[Resolution.RAW]
    choice = Choice(span=Span(MIDNIGHT, MIDNIGHT + timedelta(days=1)))
    writer, seen, largest = ParquetWriter(history.columns), 0, 0
    async with await connect(SecretStr(role_url("yiwang_api")), program="api-export") as reader:
        await begin(reader)
        tracemalloc.start()
        async for batch in read_batches(reader, history, choice):
            largest = max(largest, len(batch))
            seen += len(batch)
            writer.write(batch)
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()

    assert (seen, largest) == (rows, ROWS_AT_ONCE)
    assert peak < 40 * 1024 * 1024
