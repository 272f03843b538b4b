import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from alerts.alert import Began, Ended, Measure, Subject, encode
from alerts.book import Book
from alerts.conditions import Key
from alerts.journal import Answer, Draft, Journal, read_pages
from alerts.judging import Memory, Phase
from core.clock import from_us
from core.errors import Conflict
from tests.unit.alerts.making import FIRE, NOW, S, device

MOMENT = from_us(NOW)
FIRST = NOW // 1000 + 1


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[Journal]:
    with Journal(tmp_path, now_us=NOW) as opened:
        yield opened


def book_of(journal: Journal) -> Book:
    return Book(journal.open_alerts(), last_seq=journal.last_seq, recall=journal.recall)


def fire(at_us: int = NOW) -> Began:
    return Began(FIRE, Subject("d", device("d"), "fire"), Measure("fire"), at_us, at_us)


def test_what_was_committed_is_there_after_a_restart(tmp_path: Path) -> None:
    memory = Memory(Phase.RISING, 5, 4, 3, 2, 1.5, (6, 7))
    with Journal(tmp_path, now_us=NOW) as journal:
        book = book_of(journal)
        book.note([fire()], MOMENT)
        conditions, answers = {Key("d", "hot"): memory}, [Answer("r", 1, b"{}")]
        journal.commit(Draft(book.take_entries(), conditions, answers, {"n": b"x"}))

    with Journal(tmp_path, now_us=NOW + S) as again:
        (opened,) = again.open_alerts()
        assert (opened.source, opened.latching, opened.alert.seq) == ("d", True, FIRST)
        assert again.conditions() == {Key("d", "hot"): memory}
        assert again.answer("r") == b"{}"
        assert again.note("n") == b"x"
        assert again.last_seq == FIRST


def test_a_cleared_alert_leaves_the_board_and_stays_in_history(journal: Journal) -> None:
    book = book_of(journal)
    book.note([fire(), Ended("fire", "d", NOW + S)], MOMENT)
    (opened,) = book
    book.acknowledge(opened.alert.alert_id, "李明", MOMENT)

    journal.commit(Draft(book.take_entries()))

    assert list(journal.open_alerts()) == []
    recalled = journal.recall(opened.alert.alert_id)
    assert recalled is not None
    assert (recalled.state, recalled.acknowledged_by) == ("normal", "李明")
    assert journal.bounds() == (FIRST, FIRST + 2)


def test_transitions_are_read_in_order_from_any_number(journal: Journal) -> None:
    book = book_of(journal)
    book.note([fire(), Ended("fire", "d", NOW + S), fire(NOW + 2 * S)], MOMENT)
    entries = book.take_entries()
    journal.commit(Draft(entries))

    pages = read_pages(journal.path, FIRST, 10)

    assert [page.seq for page in pages] == [FIRST + 1, FIRST + 2]
    assert pages == journal.transitions_since(FIRST, 10)
    assert pages[-1].document == encode(entries[-1].alert)
    assert journal.transitions_since(0, 1)[0].seq == FIRST


@pytest.mark.parametrize("statement", ["DELETE FROM transitions", "UPDATE transitions SET seq = 1"])
def test_the_journal_is_append_only(journal: Journal, statement: str) -> None:
    book = book_of(journal)
    book.note([fire()], MOMENT)
    journal.commit(Draft(book.take_entries()))

    with (
        sqlite3.connect(journal.path) as intruder,
        pytest.raises(sqlite3.IntegrityError, match="append-only"),
    ):
        intruder.execute(statement)
    intruder.close()


def test_a_draft_is_committed_whole_or_not_at_all(journal: Journal) -> None:
    book = book_of(journal)
    book.note([fire()], MOMENT)
    entries = book.take_entries()

    with pytest.raises(sqlite3.IntegrityError):
        journal.commit(Draft([*entries, *entries]))

    assert journal.bounds() == (None, None)
    assert list(journal.open_alerts()) == []


def test_a_second_engine_is_refused_with_a_sentence(journal: Journal, tmp_path: Path) -> None:
    with pytest.raises(Conflict, match="Another alert engine is at work in"):
        Journal(tmp_path, now_us=NOW)


def test_a_new_journal_never_gives_an_old_number_again(tmp_path: Path) -> None:
    with (
        Journal(tmp_path / "old", now_us=NOW) as old,
        Journal(tmp_path / "new", now_us=NOW + S) as new,
    ):
        assert new.last_seq > old.last_seq


def test_answers_are_kept_for_a_week(journal: Journal) -> None:
    journal.commit(Draft(answers=[Answer("old", NOW, b"1"), Answer("new", NOW + S, b"2")]))

    journal.forget_answers(NOW + 7 * 86_400 * S + 1)

    assert journal.answer("old") is None
    assert journal.answer("new") == b"2"


def test_a_journal_of_another_release_is_refused_with_a_sentence(tmp_path: Path) -> None:
    Journal(tmp_path, now_us=NOW).__exit__()
    with sqlite3.connect(tmp_path / "journal.sqlite") as connection:
        connection.execute("PRAGMA user_version = 99")

    with pytest.raises(Conflict, match="has form 99, this release reads form 1"):
        Journal(tmp_path, now_us=NOW)
