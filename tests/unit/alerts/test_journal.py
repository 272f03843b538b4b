import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from alerts.journal.chain import GENESIS, Head, fingerprint
from alerts.journal.journal import Answer, Draft, Journal
from alerts.journal.pages import read_entries
from alerts.journal.pen import Line, Pen
from alerts.judging.conditions import Key
from alerts.judging.lasting import Memory, Phase
from core.errors import Conflict, Unavailable
from tests.unit.alerts.journal.lines import FIRST, alert, moved, transition
from tests.unit.alerts.making import NOW, S


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[Journal]:
    with Journal(tmp_path, now_us=NOW) as opened:
        yield opened


def test_what_was_committed_is_there_after_a_restart(tmp_path: Path) -> None:
    memory = Memory(Phase.RISING, 5, 4, 3, 2, 1.5, (6, 7))
    pen = Pen()
    pen.write("shelf", "d", {"minutes": 5}, at_us=NOW, actor="李明")
    pen.keep("shelf", "d", {"until": 1})
    with Journal(tmp_path, now_us=NOW) as journal:
        conditions, answers = {Key("d", "hot"): memory}, [Answer("r", 1, b"{}")]
        journal.commit(Draft(*pen.take(), conditions, answers))
        head = journal.head

    with Journal(tmp_path, now_us=NOW + S) as again:
        assert again.records("shelf") == {"d": b'{"until":1}'}
        assert again.conditions() == {Key("d", "hot"): memory}
        assert again.answer("r") == b"{}"
        assert again.head == head
        assert again.head.no == FIRST


def test_a_cleared_alert_leaves_the_board_and_stays_in_history(journal: Journal) -> None:
    cleared = alert("a", FIRST + 1, "normal")
    journal.commit(moved(alert("a", FIRST)))
    journal.commit(moved(cleared))

    assert journal.records("open") == {}
    assert journal.recall("a") == transition(cleared).document
    assert journal.bounds() == (FIRST, FIRST + 1)


def test_transitions_are_read_in_order_from_any_number(journal: Journal) -> None:
    moves = [alert("a", FIRST + number) for number in range(3)]
    journal.commit(moved(*moves, actor="李明"))

    pages = journal.transitions_since(FIRST, 10)

    assert [(page.seq, page.actor) for page in pages] == [
        (FIRST + 1, "李明"),
        (FIRST + 2, "李明"),
    ]
    assert pages[-1].document == transition(moves[-1]).document
    assert journal.transitions_since(0, 1)[0].seq == FIRST


def test_every_kind_of_line_is_read_by_its_number_beside_the_writer(journal: Journal) -> None:
    note = Line("notice", "a", NOW, b'{"to":"138"}')
    first, second = transition(alert("a", FIRST)), transition(alert("a", FIRST + 1))
    journal.commit(Draft([first, note, second]))

    entries = read_entries(journal.path, FIRST, 10)

    assert [(entry.no, entry.line) for entry in entries] == [
        (FIRST + 1, note),
        (FIRST + 2, second),
    ]
    assert journal.head == (entries[-1].no, entries[-1].hash)


def test_what_became_of_notices_is_found_newest_first(journal: Journal) -> None:
    told = [Line("notice", who, NOW, f'"{no}"'.encode()) for no, who in enumerate("abab")]
    journal.commit(Draft([*told, Line("shift", "a", NOW, b"{}"), transition(alert("a", FIRST))]))

    assert journal.receipts("a", 10) == [b'"2"', b'"0"']
    assert journal.receipts(None, 3) == [b'"3"', b'"2"', b'"1"']
    assert journal.receipts("c", 10) == []


def test_each_line_is_tied_to_the_one_before_across_commits(journal: Journal) -> None:
    first, second = Line("a", "x", 1, b"{}"), Line("b", "y", 2, b"{}", "李明")
    journal.commit(Draft([first]))
    journal.commit(Draft([second]))

    before = fingerprint(GENESIS, FIRST, first)

    assert journal.head == Head(FIRST + 1, fingerprint(before, FIRST + 1, second))


def test_a_head_survives_being_written_down(journal: Journal) -> None:
    journal.commit(Draft([Line("a", "x", 1, b"{}")]))

    assert Head.from_text(f" {journal.head.as_text()}\n") == journal.head


@pytest.mark.parametrize("statement", ["DELETE FROM lines", "UPDATE lines SET seq = 1"])
def test_the_journal_is_append_only(journal: Journal, statement: str) -> None:
    journal.commit(moved(alert("a", FIRST)))

    with (
        sqlite3.connect(journal.path) as intruder,
        pytest.raises(sqlite3.IntegrityError, match="append-only"),
    ):
        intruder.execute(statement)
    intruder.close()


def test_a_draft_is_committed_whole_or_not_at_all(journal: Journal) -> None:
    before = journal.head

    with pytest.raises(sqlite3.IntegrityError):
        journal.commit(moved(alert("a", FIRST), alert("b", FIRST)))

    assert journal.bounds() == (None, None)
    assert journal.records("open") == {}
    assert journal.head == before


def test_a_draft_that_found_no_room_is_committed_when_there_is_some(journal: Journal) -> None:
    draft = moved(*(alert("a", FIRST + number, text="x" * 1000) for number in range(100)))
    pages = journal._connection.execute("PRAGMA page_count").fetchone()[0]
    journal._connection.execute(f"PRAGMA max_page_count = {pages + 5}")
    before = journal.head

    for _ in range(2):
        with pytest.raises(Unavailable, match="cannot be written: database or disk is full"):
            journal.commit(draft)
    assert (journal.head, journal.bounds()) == (before, (None, None))
    journal._connection.execute("PRAGMA max_page_count = 100000")
    journal.commit(draft)

    assert journal.bounds() == (FIRST, FIRST + 99)


def test_somebody_who_holds_the_file_makes_the_engine_wait_not_end(journal: Journal) -> None:
    journal._connection.execute("PRAGMA busy_timeout = 1")
    somebody = sqlite3.connect(journal.path, isolation_level=None)
    somebody.execute("BEGIN IMMEDIATE")

    with pytest.raises(Unavailable, match="database is locked"):
        journal.commit(moved(alert("a", FIRST)))
    somebody.execute("ROLLBACK")
    somebody.close()
    journal.commit(moved(alert("a", FIRST)))

    assert journal.last_seq == FIRST


def test_a_second_engine_is_refused_with_a_sentence(journal: Journal, tmp_path: Path) -> None:
    with pytest.raises(Conflict, match="Another alert engine is at work in"):
        Journal(tmp_path, now_us=NOW)


def test_a_new_journal_never_gives_an_old_number_again(tmp_path: Path) -> None:
    with (
        Journal(tmp_path / "old", now_us=NOW) as old,
        Journal(tmp_path / "new", now_us=NOW + S) as new,
    ):
        assert new.last_seq > old.last_seq
        assert new.head.no > old.head.no


def test_answers_are_kept_for_a_week(journal: Journal) -> None:
    journal.commit(Draft(answers=[Answer("old", NOW, b"1"), Answer("new", NOW + S, b"2")]))

    journal.forget_answers(NOW + 7 * 86_400 * S + 1)

    assert journal.answer("old") is None
    assert journal.answer("new") == b"2"


def test_a_journal_of_another_release_is_refused_with_a_sentence(tmp_path: Path) -> None:
    Journal(tmp_path, now_us=NOW).__exit__()
    with sqlite3.connect(tmp_path / "journal.sqlite") as connection:
        connection.execute("PRAGMA user_version = 99")
    connection.close()

    with pytest.raises(Conflict, match="has form 99, this release reads form 2"):
        Journal(tmp_path, now_us=NOW)
    with pytest.raises(Conflict, match="has form 99"):  # it is not the lock that refuses
        Journal(tmp_path, now_us=NOW)


def test_nobody_else_reads_the_journal(tmp_path: Path) -> None:
    folder = tmp_path / "state"
    folder.mkdir(mode=0o755)

    with Journal(folder, now_us=NOW) as journal:
        journal.commit(moved(alert("a", FIRST)))

        assert folder.stat().st_mode & 0o777 == 0o700
        assert {each.name: each.stat().st_mode & 0o777 for each in folder.iterdir()} == {
            "lock": 0o600,
            "journal.sqlite": 0o600,
            "journal.sqlite-wal": 0o600,
            "journal.sqlite-shm": 0o600,
        }


def test_a_journal_that_was_readable_by_others_is_closed_to_them(tmp_path: Path) -> None:
    Journal(tmp_path, now_us=NOW).__exit__()
    (tmp_path / "journal.sqlite").chmod(0o644)

    Journal(tmp_path, now_us=NOW).__exit__()

    assert (tmp_path / "journal.sqlite").stat().st_mode & 0o777 == 0o600
