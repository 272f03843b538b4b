import json
import sqlite3
from contextlib import closing
from pathlib import Path

import msgspec
import pytest

from alerts.board.book import Open
from alerts.journal.chain import GENESIS, fingerprint
from alerts.journal.journal import Journal
from alerts.journal.pages import read_entries
from alerts.journal.pen import Line
from alerts.judging.conditions import Key
from alerts.judging.lasting import Memory, Phase
from tests.unit.alerts.journal.lines import moved
from tests.unit.alerts.making import NOW, S

FORM_1 = Path(__file__).with_name("form_1.sql").read_text(encoding="utf-8")
FIRST = NOW // 1000 + 1

OLD_ALERT = {
    "alert_id": "20260921-a",
    "seq": FIRST + 1,
    "rule_id": "fire-event",
    "rule_version": 1,
    "kind": "event",
    "priority": "critical",
    "state": "acknowledged",
    "transition": "acknowledged",
    "device_id": "d",
    "site_id": "unit",
    "district": "620171",
    "domain": "fire",
    "subject": "fire",
    "value": None,
    "limit": None,
    "unit": None,
    "cause": None,
    "count": 1,
    "title_zh": "火警",
    "title_en": "Fire alarm",
    "guidance_zh": "看",
    "guidance_en": "Look.",
    "raised_at": "2026-09-21T13:33:20Z",
    "detected_at": "2026-09-21T13:33:20Z",
    "updated_at": "2026-09-21T13:33:21Z",
    "returned_at": None,
    "acknowledged_at": "2026-09-21T13:33:21Z",
    "acknowledged_by": "李明",
    "cleared_at": None,
    "late": False,
}
RAISED = json.dumps(OLD_ALERT | {"seq": FIRST, "state": "unacknowledged"}).encode()
TAKEN = json.dumps(OLD_ALERT).encode()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A state folder as the release before left it."""
    with closing(sqlite3.connect(tmp_path / "journal.sqlite")) as old, old:
        old.execute("PRAGMA journal_mode = WAL")
        old.executescript(FORM_1)
        old.executemany(
            "INSERT INTO transitions VALUES (?, '20260921-a', ?, ?, ?, ?)",
            [
                (FIRST, NOW, "raised", None, RAISED),
                (FIRST + 1, NOW + S, "acknowledged", "李明", TAKEN),
            ],
        )
        old.execute("INSERT INTO open_alerts VALUES ('20260921-a', 'd', 1, ?)", (TAKEN,))
        old.execute(
            "INSERT INTO conditions VALUES ('d', 'hot', 1, 5, 4, 3, 2, 1.5, CAST('[6,7]' AS BLOB))"
        )
        old.execute("INSERT INTO answers VALUES ('r', 1, CAST('{}' AS BLOB))")
        old.execute("INSERT INTO notes VALUES ('picture', CAST('{}' AS BLOB))")
        old.execute("PRAGMA user_version = 1")
    return tmp_path


def test_the_transitions_of_an_old_journal_become_a_chain(folder: Path) -> None:
    Journal(folder, now_us=NOW + 60 * S).__exit__()

    first, second, _ = read_entries(folder / "journal.sqlite", 0, 10)

    raised = Line("alert", "20260921-a", NOW, RAISED, None, FIRST)
    assert (first.no, first.line) == (FIRST, raised)
    assert second.line == Line("alert", "20260921-a", NOW + S, TAKEN, "李明", FIRST + 1)
    assert first.hash == fingerprint(GENESIS, FIRST, raised)
    assert second.hash == fingerprint(first.hash, FIRST + 1, second.line)


def test_an_open_alert_is_told_once_more_with_what_alerts_say_today(folder: Path) -> None:
    Journal(folder, now_us=NOW + 60 * S).__exit__()

    *_, last = read_entries(folder / "journal.sqlite", 0, 10)

    told = json.loads(last.line.document)
    added = {"active": True, "life_safety": True, "seq": FIRST + 2, "transition": "updated"}
    assert told == OLD_ALERT | added
    assert (last.no, last.line.seq, last.line.at_us) == (FIRST + 2, FIRST + 2, NOW + S)


def test_the_board_the_delays_the_answers_and_the_notes_come_along(folder: Path) -> None:
    with Journal(folder, now_us=NOW + 60 * S) as journal:
        (opened,) = journal.records("open").values()
        held = msgspec.json.decode(opened, type=Open)

        assert (held.source, held.latching, held.alert.acknowledged_by) == ("d", True, "李明")
        assert (held.alert.active, held.alert.life_safety) == (True, True)
        memory = Memory(Phase.RISING, 5, 4, 3, 2, 1.5, (6, 7))
        assert journal.conditions() == {Key("d", "hot"): memory}
        assert journal.answer("r") == b"{}"
        assert journal.records("note") == {"picture": b"{}"}


def test_the_journal_goes_on_counting_where_the_old_one_ended(folder: Path) -> None:
    with Journal(folder, now_us=NOW + 60 * S) as journal:
        journal.commit(moved({"alert_id": "b", "seq": journal.last_seq + 1, "state": "normal"}))

        assert journal.bounds() == (FIRST, FIRST + 3)
        assert journal.head.no == FIRST + 3


def test_nothing_of_an_old_journal_moves_when_it_cannot_move_whole(folder: Path) -> None:
    path = folder / "journal.sqlite"
    with closing(sqlite3.connect(path)) as old, old:
        old.execute("ALTER TABLE notes RENAME COLUMN name TO title")

    with pytest.raises(sqlite3.OperationalError, match="name"):
        Journal(folder, now_us=NOW)

    with closing(sqlite3.connect(path)) as old:
        assert old.execute("PRAGMA user_version").fetchone() == (1,)
        assert old.execute("SELECT count(*) FROM transitions").fetchone() == (2,)
        assert old.execute("SELECT 1 FROM sqlite_schema WHERE name = 'lines'").fetchone() is None


def test_an_old_journal_without_alerts_is_carried_over_too(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "journal.sqlite")) as old, old:
        old.executescript(f"{FORM_1}; PRAGMA user_version = 1")

    with Journal(tmp_path, now_us=NOW) as journal:
        assert journal.head.no == NOW // 1000
        assert read_entries(journal.path, 0, 10) == []
