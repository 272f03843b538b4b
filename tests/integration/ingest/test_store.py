"""What one transaction promises, on the real database."""

import json
from collections.abc import Awaitable, Callable
from typing import Any

import psycopg
import pytest

from core.database import Connection
from devices.reading import Quality
from devices.registry import Registry
from ingest import store
from ingest.batch import Source, batch_of, read_message
from ingest.outcome import Outcome
from ingest.requeueing import requeue_all
from ingest.sequencing import SequenceState
from ingest.settings import TimeLimits
from ingest.timing import limits_of

RoleUrl = Callable[[str], str]
PutDevices = Callable[..., Awaitable[Registry]]

NOW = 1_790_000_000_000_000
MS = 1000
MINUTE = 60_000_000
LIMITS = limits_of(TimeLimits())
S, D, Q = Outcome.STORED, Outcome.DUPLICATE, Outcome.QUARANTINED


def telemetry(
    device: str = "one",
    *,
    at: int = NOW,
    seq: int | None = None,
    received: int = NOW,
    **values: float,
) -> Source:
    body: dict[str, Any] = {"ts": at // MS, "values": values or {"a": 1.0}}
    if seq is not None:
        body["seq"] = seq
    topic = f"yiwang/v1/620171/fire/{device}/telemetry"
    return Source(received, topic, json.dumps(body).encode())


class Ingester:
    """Appends batches the way the pipeline does."""

    def __init__(self, conn: Connection, registry: Registry) -> None:
        self.conn = conn
        self.registry = registry
        self.sequences: store.Sequences = {}

    async def append(self, *sources: Source, repeats_likely: bool = False) -> list[Outcome]:
        messages = [read_message(source, self.registry, {}, LIMITS) for source in sources]
        appended = await store.append(
            self.conn,
            batch_of(messages, LIMITS),
            self.sequences,
            LIMITS,
            repeats_likely=repeats_likely,
        )
        self.sequences |= appended.sequences
        return appended.outcomes

    async def rows(self, query: str) -> list[tuple[Any, ...]]:
        rows = await (await self.conn.execute(query)).fetchall()
        await self.conn.commit()
        return rows

    def number(self, device: str) -> int:
        return self.registry.speakers[device].number


@pytest.fixture
def ingester(conn: Connection, registry: Registry) -> Ingester:
    return Ingester(conn, registry)


@pytest.mark.parametrize("careful", [False, True], ids=["short-way", "careful-way"])
async def test_a_repeat_makes_no_second_row(ingester: Ingester, careful: bool) -> None:
    message = telemetry(a=1, b=2)

    assert await ingester.append(message, repeats_likely=careful) == [S]
    assert await ingester.append(message, telemetry("two"), repeats_likely=careful) == [D, S]

    assert await ingester.rows("SELECT count(*) FROM readings") == [(3,)]
    assert await ingester.rows(
        "SELECT sum(received), sum(stored), sum(duplicate), sum(quarantined) FROM ledger"
    ) == [(3, 2, 1, 0)]


@pytest.mark.parametrize("careful", [False, True], ids=["short-way", "careful-way"])
async def test_of_twins_in_one_batch_one_is_stored(ingester: Ingester, careful: bool) -> None:
    assert await ingester.append(telemetry(), telemetry(), repeats_likely=careful) == [S, D]


async def test_late_data_never_overwrites_a_newer_latest_value(ingester: Ingester) -> None:
    await ingester.append(telemetry(a=2.0))

    await ingester.append(telemetry(at=NOW - 10 * MINUTE, a=1.0))

    assert await ingester.rows("SELECT value FROM latest_values") == [(2.0,)]
    assert await ingester.rows("SELECT value, quality FROM readings ORDER BY observed_at") == [
        (1.0, Quality.GOOD_LATE),
        (2.0, Quality.GOOD),
    ]


async def test_within_a_batch_the_newest_becomes_the_latest(ingester: Ingester) -> None:
    await ingester.append(
        telemetry(a=2.0), telemetry(at=NOW - MINUTE, a=1.0), telemetry("two", a=7.0)
    )

    assert await ingester.rows("SELECT value FROM latest_values ORDER BY value") == [(2.0,), (7.0,)]


async def test_a_clock_that_runs_ahead_is_stored_under_the_time_of_receipt_once(
    ingester: Ingester,
) -> None:
    ahead = NOW + 3 * 60 * MINUTE

    first = await ingester.append(
        telemetry(at=ahead, received=NOW), telemetry(at=ahead, received=NOW + 7)
    )
    again = await ingester.append(telemetry(at=ahead, received=NOW + 5_000_000))

    assert (first, again) == ([S, D], [D])
    assert await ingester.rows(
        "SELECT extract(epoch FROM observed_at)::bigint, quality FROM readings"
    ) == [(NOW // 1_000_000, Quality.UNCERTAIN_CLOCK)]
    assert await ingester.rows("SELECT count(*) FROM redated_messages") == [(1,)]


async def test_one_record_ahead_of_time_does_not_move_the_others(ingester: Ingester) -> None:
    records = [
        {"n": "a", "t": NOW // 1_000_000, "v": 1},
        {"n": "b", "t": NOW // 1_000_000 + 86_400, "v": 2},
    ]
    pack = Source(NOW, "yiwang/v1/620171/fire/one/telemetry", json.dumps(records).encode())

    assert await ingester.append(pack) == [S]

    assert await ingester.rows(
        "SELECT value, extract(epoch FROM observed_at)::bigint, quality FROM readings"
        " ORDER BY value"
    ) == [
        (1.0, NOW // 1_000_000, Quality.GOOD),
        (2.0, NOW // 1_000_000, Quality.UNCERTAIN_CLOCK),
    ]


async def test_one_record_too_old_sends_the_message_to_quarantine(ingester: Ingester) -> None:
    records = [{"n": "a", "t": NOW // 1_000_000, "v": 1}, {"n": "b", "t": 946_684_800, "v": 2}]
    pack = Source(NOW, "yiwang/v1/620171/fire/one/telemetry", json.dumps(records).encode())

    assert await ingester.append(pack) == [Q]

    assert await ingester.rows("SELECT reason FROM quarantine") == [("too_old",)]


async def test_a_last_will_is_dated_by_its_receipt_once(ingester: Ingester) -> None:
    will = Source(
        NOW,
        "yiwang/v1/620171/fire/one/status",
        json.dumps({"ts": (NOW - 600 * MINUTE) // MS, "online": False}).encode(),
    )

    assert await ingester.append(will) == [S]
    assert await ingester.append(will._replace(received_us=NOW + MINUTE)) == [D]

    assert await ingester.rows(
        "SELECT extract(epoch FROM observed_at)::bigint, active, quality FROM device_events"
    ) == [(NOW // 1_000_000, False, Quality.GOOD)]


async def test_an_implausible_value_is_kept_and_marked(ingester: Ingester) -> None:
    await ingester.append(telemetry(a=5000.0))

    assert await ingester.rows("SELECT value, quality FROM readings") == [
        (5000.0, Quality.UNCERTAIN_RANGE)
    ]


async def test_what_cannot_be_read_is_kept_raw_with_the_reason(ingester: Ingester) -> None:
    rubbish = Source(NOW, "yiwang/v1/620171/fire/one/telemetry", b"\xff\x00 rubbish")

    assert await ingester.append(rubbish, telemetry()) == [Q, S]
    assert await ingester.append(rubbish) == [D]

    assert await ingester.rows("SELECT device_id, payload, reason FROM quarantine") == [
        (ingester.number("one"), b"\xff\x00 rubbish", "not_utf8")
    ]


async def test_events_and_positions_are_stored_once(ingester: Ingester) -> None:
    fire = Source(
        NOW,
        "yiwang/v1/620171/fire/one/event",
        json.dumps({"ts": NOW // MS, "event": "fire", "active": True}).encode(),
    )
    place = Source(
        NOW,
        "yiwang/v1/620171/fire/truck/position",
        json.dumps({"ts": NOW // MS, "position": {"lon": 103.6, "lat": 36.5}}).encode(),
    )

    assert await ingester.append(fire, place, fire) == [S, S, D]
    assert await ingester.append(place, fire) == [D, D]

    assert await ingester.rows("SELECT kind, active FROM device_events") == [("fire", True)]
    assert await ingester.rows("SELECT lon, lat FROM latest_positions") == [(103.6, 36.5)]


async def test_a_skipped_number_is_missing_until_it_comes(ingester: Ingester) -> None:
    gaps = "SELECT first_seq, last_seq FROM sequence_gaps ORDER BY first_seq"
    await ingester.append(telemetry(seq=1), telemetry(at=NOW + MS, seq=5))
    assert await ingester.rows(gaps) == [(2, 4)]

    await ingester.append(telemetry(at=NOW + 2 * MS, seq=3))
    assert await ingester.rows(gaps) == [(2, 2), (4, 4)]

    await ingester.append(telemetry(at=NOW + 3 * MS, seq=2), telemetry(at=NOW + 4 * MS, seq=4))
    assert await ingester.rows(gaps) == []


async def test_where_the_numbers_stand_survives_a_restart(
    ingester: Ingester, registry: Registry
) -> None:
    await ingester.append(telemetry(seq=1), telemetry(at=NOW + MS, seq=3))
    await ingester.conn.execute("DROP TABLE staged_readings, staged_latest")

    sequences = await store.prepare(ingester.conn)

    state = sequences[ingester.number("one")]
    assert isinstance(state, SequenceState)
    assert (state.highest, [gap[:2] for gap in state.gaps]) == (3, [(2, 2)])


async def test_a_batch_is_written_whole_or_not_at_all(
    ingester: Ingester, role_url: RoleUrl
) -> None:
    with psycopg.connect(role_url("yiwang_owner"), autocommit=True) as owner:
        owner.execute("REVOKE INSERT ON ledger FROM yiwang_ingest")

        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            await ingester.append(telemetry(seq=1))

    assert await ingester.rows("SELECT count(*) FROM readings") == [(0,)]
    assert await ingester.rows("SELECT count(*) FROM latest_values") == [(0,)]


async def test_quarantined_messages_are_read_again_once_the_cause_is_mended(
    ingester: Ingester, put_devices: PutDevices
) -> None:
    stranger = telemetry("stranger", seq=1)
    rubbish = Source(NOW, "yiwang/v1/620171/fire/one/telemetry", b"{")
    assert await ingester.append(stranger, rubbish) == [Q, Q]

    registry = await put_devices("stranger")
    await ingester.conn.execute("DROP TABLE staged_readings, staged_latest")
    result = await requeue_all(ingester.conn, registry, LIMITS)

    assert result == (2, 1)
    assert await ingester.rows("SELECT reason FROM quarantine WHERE requeued_at IS NULL") == [
        ("not_json",)
    ]
    assert await ingester.rows(
        "SELECT device_id, received, stored, quarantined FROM ledger WHERE received > 0"
        " ORDER BY device_id"
    ) == [
        (ingester.number("one"), 1, 0, 1),
        (registry.speakers["stranger"].number, 1, 1, 0),
    ]
    assert await ingester.rows("SELECT sum(received) FROM ledger") == [(2,)]
