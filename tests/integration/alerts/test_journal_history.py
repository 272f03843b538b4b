import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from pydantic import SecretStr

from alerts.history import store
from alerts.history.projecting import Projector, require_common_past
from alerts.journal.journal import Draft, Journal
from alerts.journal.pages import read_entries
from alerts.journal.pen import Line
from core.database import Connection, connect
from core.errors import Conflict
from tests.fixtures.databases import RoleUrl

S = 1_000_000
NOW = 1_790_000_000 * S
FIRST = NOW // 1000 + 1

Document = dict[str, Any]


def fire(seq: int, **rest: Any) -> Document:
    """An alert as the engine publishes it, with whatever a test wants it to say."""
    words = dict.fromkeys(("title_zh", "title_en", "guidance_zh", "guidance_en"), "火")
    instants = dict.fromkeys(("raised_at", "detected_at", "updated_at"), "2026-09-21T13:33:20Z")
    return {
        "alert_id": "a",
        "seq": seq,
        "rule_id": "fire-event",
        "rule_version": 3,
        "kind": "event",
        "priority": "critical",
        "state": "unacknowledged",
        "transition": "raised",
        "device_id": "d",
        "site_id": "unit",
        "district": "620171",
        "domain": "fire",
        "subject": "fire",
        **words,
        **instants,
        **rest,
    }


def moved(document: Document, actor: str | None = None) -> Line:
    content = json.dumps(document).encode()
    return Line("alert", document["alert_id"], NOW, content, actor, document["seq"])


@pytest.fixture
async def conn(role_url: RoleUrl) -> AsyncIterator[Connection]:
    async with await connect(SecretStr(role_url("yiwang_alerts")), program="test") as opened:
        await opened.set_autocommit(True)
        yield opened


async def rows(conn: Connection, statement: Any) -> list[tuple[Any, ...]]:
    return await (await conn.execute(statement)).fetchall()


async def project_all(conn: Connection, journal: Journal) -> None:
    projected, _ = await store.last_projected(conn)
    while entries := read_entries(journal.path, projected, 2):
        await store.project(conn, entries)
        projected = entries[-1].no


async def test_every_line_is_in_the_database_once_under_its_number(
    conn: Connection, tmp_path: Path
) -> None:
    notice = Line("notice", "a", NOW + S, b'{"to":"13800000000"}', "li")
    with Journal(tmp_path, now_us=NOW) as journal:
        journal.commit(Draft([moved(fire(FIRST)), notice, moved(fire(FIRST + 1), "li")]))
        await project_all(conn, journal)
        entries = read_entries(journal.path, 0, 10)

        await store.project(conn, entries)  # a crash between commit and knowing of it
        await project_all(conn, journal)

    events = await rows(conn, "SELECT no, seq, actor, hash FROM alert_events ORDER BY no")
    assert events == [
        (FIRST, FIRST, None, entries[0].hash),
        (FIRST + 2, FIRST + 1, "li", entries[2].hash),
    ]
    others = "SELECT no, extract(epoch FROM at)::bigint, kind, subject, actor, document, hash"
    assert await rows(conn, f"{others} FROM alert_journal") == [
        (FIRST + 1, NOW // S + 1, "notice", "a", "li", {"to": "13800000000"}, entries[1].hash)
    ]


async def test_a_report_finds_what_an_alert_says_of_itself_in_columns(
    conn: Connection, tmp_path: Path
) -> None:
    at = "2026-09-21T13:34:00Z"
    said = fire(
        FIRST,
        active=False,
        life_safety=True,
        drill=True,
        chattering=True,
        hold={"state": "shelved", "by": "officer"},
        desk_id="district-1",
        assigned_to="li",
        verdict="real",
        folded_under="b",
        escalation=2,
        cause="device",
        verified_at=at,
        notified_at=at,
        dispatched_at=at,
        on_site_at=at,
    )
    with Journal(tmp_path, now_us=NOW) as journal:
        journal.commit(Draft([moved(said)]))
        await project_all(conn, journal)

    flags = "SELECT active, life_safety, drill, chattering, escalation FROM alerts"
    assert await rows(conn, flags) == [(False, True, True, True, 2)]
    words = "SELECT hold_state, desk_id, assigned_to, verdict, folded_under, cause FROM alerts"
    assert await rows(conn, words) == [("shelved", "district-1", "li", "real", "b", "device")]
    instants = "SELECT DISTINCT unnest(ARRAY[verified_at, notified_at, dispatched_at, on_site_at])"
    assert [str(at) for (at,) in await rows(conn, f"{instants} FROM alerts")] == [
        "2026-09-21 13:34:00+00:00"
    ]


async def test_a_later_transition_changes_the_columns_and_an_older_one_does_not(
    conn: Connection, tmp_path: Path
) -> None:
    with Journal(tmp_path, now_us=NOW) as journal:
        first = fire(FIRST, active=True)
        second = fire(FIRST + 1, active=False, verdict="false", state="acknowledged")
        journal.commit(Draft([moved(first), moved(second)]))
        older, newer = read_entries(journal.path, 0, 10)

    await store.project(conn, [newer])
    await store.project(conn, [older])

    found = await rows(conn, "SELECT active, verdict, state FROM alerts")
    assert found == [(False, "false", "acknowledged")]


async def test_the_database_of_the_release_before_is_carried_on(
    conn: Connection, database_url: str, tmp_path: Path
) -> None:
    with psycopg.connect(database_url, autocommit=True) as before:
        for seq in (FIRST, FIRST + 1):
            before.execute(
                "INSERT INTO alert_events (seq, alert_id, at, transition, document)"
                " VALUES (%s, 'a', now(), 'raised', '{}')",
                [seq],
            )
    with Journal(tmp_path, now_us=NOW) as journal:
        carried = [moved(fire(FIRST + number)) for number in range(3)]
        journal.commit(Draft([*carried, Line("shelf", "a", NOW, b"{}")]))

        assert await store.last_projected(conn) == (FIRST + 1, None)
        await project_all(conn, journal)

    found = await rows(conn, "SELECT seq, no FROM alert_events ORDER BY seq")
    assert found == [(FIRST, None), (FIRST + 1, None), (FIRST + 2, FIRST + 2)]
    assert await rows(conn, "SELECT no FROM alert_journal") == [(FIRST + 3,)]


async def test_a_row_of_the_release_before_says_whether_it_is_active(
    conn: Connection, database_url: str
) -> None:
    with psycopg.connect(database_url, autocommit=True) as before:
        for state in ("acknowledged", "returned_unacknowledged"):
            before.execute(
                "INSERT INTO alerts (alert_id, seq, rule_id, rule_version, kind, priority, state,"
                " district, domain, subject, raised_at, detected_at, updated_at, document)"
                " VALUES (%s, 1, 'r', 1, 'event', 'low', %s, '', 'fire', 'fire',"
                " now(), now(), now(), '{}')",
                [state, state],
            )

    assert await rows(conn, "SELECT alert_id, active FROM alerts ORDER BY 1") == [
        ("acknowledged", True),
        ("returned_unacknowledged", False),
    ]


async def test_an_officers_text_cannot_stop_the_history(conn: Connection, tmp_path: Path) -> None:
    document = json.dumps({"text": "a\x00b", "c\x00": [{"d": "\\u0000"}]}).encode()
    with Journal(tmp_path, now_us=NOW) as journal:
        journal.commit(Draft([Line("comment", "x\x00", NOW, document, "li\x00")]))
        await project_all(conn, journal)

    found = await rows(conn, "SELECT subject, actor, document FROM alert_journal")
    assert found == [("x\ufffd", "li\ufffd", {"text": "a\ufffdb", "c\ufffd": [{"d": "\\u0000"}]})]


@pytest.mark.parametrize(
    "deed", ["UPDATE alert_journal SET actor = ''", "DELETE FROM alert_journal"]
)
async def test_nobody_changes_the_history(conn: Connection, deed: str) -> None:
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        await conn.execute(deed)  # type: ignore[arg-type]


async def until(conn: Connection, statement: str, expected: Any) -> None:
    async with asyncio.timeout(10):
        while await rows(conn, statement) != [(expected,)]:
            await asyncio.sleep(0.02)


async def test_the_projector_follows_the_journal_as_it_grows(
    conn: Connection, role_url: RoleUrl, tmp_path: Path
) -> None:
    with Journal(tmp_path, now_us=NOW) as journal:
        projector = Projector(SecretStr(role_url("yiwang_alerts")), journal.path)
        following = asyncio.create_task(projector.project_forever())
        for number in range(3):
            journal.commit(Draft([Line("note", str(number), NOW, b"{}")]))
            projector.tell(journal.head.no)
            await until(conn, "SELECT count(*) FROM alert_journal", number + 1)
        following.cancel()

    assert projector.trouble is None


async def test_a_journal_from_an_older_copy_is_not_mixed_into_the_history(
    conn: Connection, role_url: RoleUrl, tmp_path: Path
) -> None:
    with Journal(tmp_path / "lost", now_us=NOW) as lost:
        lost.commit(Draft([Line("note", str(number), NOW, b"{}") for number in range(3)]))
        await project_all(conn, lost)

    with Journal(tmp_path / "restored", now_us=NOW) as restored:
        restored.commit(Draft([Line("note", "other", NOW, b"{}")]))
        projector = Projector(SecretStr(role_url("yiwang_alerts")), restored.path)
        following = asyncio.create_task(projector.project_forever())
        async with asyncio.timeout(10):
            while projector.trouble is None:
                await asyncio.sleep(0.02)
        following.cancel()

    assert "restored from an older copy" in projector.trouble
    assert await rows(conn, "SELECT count(*) FROM alert_journal") == [(3,)]


async def test_a_journal_that_began_anew_is_carried_on_from_its_beginning(
    conn: Connection, tmp_path: Path
) -> None:
    with Journal(tmp_path / "lost", now_us=NOW) as lost:
        lost.commit(Draft([Line("note", str(number), NOW, b"{}") for number in range(3)]))
        await project_all(conn, lost)

    with Journal(tmp_path / "new", now_us=NOW + S) as new:
        require_common_past(new.path, *await store.last_projected(conn))
        new.commit(Draft([Line("note", "new", NOW, b"{}")]))
        require_common_past(new.path, *await store.last_projected(conn))
        await project_all(conn, new)
        require_common_past(new.path, *await store.last_projected(conn))

    assert await rows(conn, "SELECT count(*) FROM alert_journal") == [(4,)]


def test_a_line_with_another_fingerprint_is_another_past(tmp_path: Path) -> None:
    with Journal(tmp_path, now_us=NOW) as journal:
        journal.commit(Draft([Line("note", "x", NOW, b"{}")]))

        with pytest.raises(Conflict, match="older copy"):
            require_common_past(journal.path, journal.head.no, bytes(32))
