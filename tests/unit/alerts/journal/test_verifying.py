import argparse
import sqlite3
from collections.abc import Callable, Iterable
from contextlib import closing
from pathlib import Path

import pytest

from alerts.journal import verify_command
from alerts.journal.chain import GENESIS, Entry, Head, linked
from alerts.journal.journal import Draft, Journal
from alerts.journal.pages import QUERIES, entries_after, read_entries, reading
from alerts.journal.pen import Line
from alerts.journal.verifying import Tampered, Verified, verify
from core.errors import NotFound
from tests.unit.alerts.journal.lines import FIRST, alert, journal_with, moved
from tests.unit.alerts.making import NOW, S

LINES = 7
LAST = FIRST + LINES - 1
NOTE = FIRST + 2
"""The one line in the middle that is no transition."""

BEGINNING = Head(FIRST - 1, GENESIS)

Act = Callable[[sqlite3.Connection], object]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Two alerts: a is taken, b has cleared; a notice in between."""
    return journal_with(
        tmp_path,
        moved(alert("a", FIRST), alert("b", FIRST + 1)),
        Draft([Line("notice", "a", NOW, b'{"to":"13800000000"}', "li")]),
        moved(alert("a", FIRST + 2, "acknowledged"), actor="li"),
        moved(alert("b", FIRST + 3, "returned_unacknowledged")),
        moved(alert("b", FIRST + 4, "normal"), actor="wang"),
        Draft([Line("shift", "desk", NOW, b"{}")]),
    )


def tamper(path: Path, act: Act) -> None:
    """Change the file as somebody would who may write it and knows SQLite."""
    with closing(sqlite3.connect(path)) as intruder, intruder:
        intruder.execute("DROP TRIGGER lines_stay")
        intruder.execute("DROP TRIGGER lines_are_kept")
        act(intruder)


def head_of(path: Path) -> Head:
    last = read_entries(path, 0, 100)[-1]
    return Head(last.no, last.hash)


def test_a_journal_as_it_was_written_is_whole(path: Path) -> None:
    assert verify(path) == Verified(LINES, head_of(path))


def test_an_empty_journal_is_whole(tmp_path: Path) -> None:
    assert verify(journal_with(tmp_path)) == Verified(0, None)


def lines_of(connection: sqlite3.Connection) -> list[Line]:
    return [entry.line for entry in entries_after(connection, 0, 100)]


def write_anew(connection: sqlite3.Connection, entries: Iterable[Entry]) -> None:
    connection.execute("DELETE FROM lines")
    for no, (kind, subject, at_us, document, actor, seq), digest in entries:
        row = (no, seq, at_us, kind, subject, actor, document, digest)
        connection.execute(QUERIES["append_line"], row)


def swap(connection: sqlite3.Connection) -> None:
    """Let two lines change places, fingerprints staying where they were."""
    first, second, *rest = entries_after(connection, 0, 100)
    swapped = [first._replace(line=second.line), second._replace(line=first.line)]
    write_anew(connection, [*swapped, *rest])


def renumber(connection: sqlite3.Connection) -> None:
    """Take a line out and close the ranks behind it."""
    kept = [entry for entry in entries_after(connection, 0, 100) if entry.no != NOTE]
    write_anew(connection, [entry._replace(no=FIRST + at) for at, entry in enumerate(kept)])


def forge(connection: sqlite3.Connection) -> None:
    """Leave a transition out and compute every fingerprint anew."""
    first, _, *rest = lines_of(connection)
    write_anew(connection, linked(BEGINNING, [first, *rest]))


def execute(statement: str) -> Act:
    return lambda connection: connection.execute(statement, {"note": NOTE, "last": LAST})


@pytest.mark.parametrize(
    ("act", "no", "reason"),
    [
        pytest.param(
            execute("UPDATE lines SET document = CAST('{}' AS BLOB) WHERE no = :note"),
            NOTE,
            "fingerprint",
            id="document",
        ),
        pytest.param(
            execute("UPDATE lines SET actor = 'wang' WHERE no = :note"),
            NOTE,
            "fingerprint",
            id="actor",
        ),
        pytest.param(
            execute("UPDATE lines SET actor = NULL WHERE no = :note"),
            NOTE,
            "fingerprint",
            id="actor-taken-away",
        ),
        pytest.param(
            execute("UPDATE lines SET at_us = at_us + 1 WHERE no = :note"),
            NOTE,
            "fingerprint",
            id="time",
        ),
        pytest.param(
            execute("UPDATE lines SET kind = 'other', subject = 'b' WHERE no = :note"),
            NOTE,
            "fingerprint",
            id="kind",
        ),
        pytest.param(
            execute("UPDATE lines SET hash = zeroblob(32) WHERE no = :last"),
            LAST,
            "fingerprint",
            id="hash-of-the-last-line",
        ),
        pytest.param(swap, FIRST, "fingerprint", id="swapped"),
        pytest.param(
            execute("DELETE FROM lines WHERE no = :note"),
            NOTE,
            "missing; the next",
            id="middle-deleted",
        ),
        pytest.param(renumber, NOTE, "fingerprint", id="middle-deleted-and-renumbered"),
        pytest.param(
            execute("DELETE FROM lines WHERE no < :note - 1"),
            FIRST + 1,
            "fingerprint",
            id="first-deleted",
        ),
        pytest.param(
            execute("DELETE FROM lines WHERE no > :note"),
            FIRST,
            "otherwise",
            id="tail-but-not-the-board",
        ),
        pytest.param(forge, FIRST + 2, "is followed by", id="forged-but-for-a-transition"),
    ],
)
def test_whatever_is_changed_is_found_at_its_place(
    path: Path, act: Act, no: int, reason: str
) -> None:
    tamper(path, act)

    found = verify(path)

    assert isinstance(found, Tampered)
    assert (found.no, reason in found.reason) == (no, True), found


@pytest.mark.parametrize(
    ("statement", "no", "reason"),
    [
        pytest.param(
            "UPDATE records SET document ="
            " CAST(replace(CAST(document AS TEXT), 'acknowledged', 'shelved') AS BLOB)",
            NOTE + 1,
            "otherwise",
            id="edited",
        ),
        pytest.param(
            "UPDATE records SET document = zeroblob(3)", NOTE + 1, "otherwise", id="nonsense"
        ),
        pytest.param("DELETE FROM records", NOTE + 1, "not on the board", id="deleted"),
        pytest.param(
            "INSERT INTO records SELECT 'open', 'c', document FROM records",
            LAST + 1,
            "c is on the board and not open",
            id="invented",
        ),
    ],
)
def test_a_board_that_is_not_as_the_lines_left_it_is_found(
    path: Path, statement: str, no: int, reason: str
) -> None:
    tamper(path, lambda connection: connection.execute(statement))

    found = verify(path)

    assert isinstance(found, Tampered)
    assert (found.no, reason in found.reason) == (no, True), found


def test_a_deleted_tail_is_found_by_an_anchor_alone(path: Path) -> None:
    anchor = head_of(path)
    tamper(path, execute("DELETE FROM lines WHERE no = :last"))

    assert verify(path) == Verified(LINES - 1, head_of(path))
    assert verify(path, anchor=anchor) == Tampered(LAST, "The line of the anchor is missing.")


def test_a_chain_written_anew_is_found_by_an_anchor_alone(path: Path) -> None:
    anchor = head_of(path)

    def rewrite(connection: sqlite3.Connection) -> None:
        lines = [line._replace(actor="wang") for line in lines_of(connection)]
        write_anew(connection, linked(BEGINNING, lines))

    tamper(path, rewrite)

    assert isinstance(verify(path), Verified)
    found = verify(path, anchor=anchor)
    assert isinstance(found, Tampered)
    assert (found.no, "written anew" in found.reason) == (LAST, True)


def test_an_anchor_on_the_way_is_met(path: Path) -> None:
    entry = read_entries(path, 0, 100)[2]

    assert verify(path, anchor=Head(entry.no, entry.hash)) == Verified(LINES, head_of(path))


def test_an_anchor_noted_before_the_first_line_asks_for_nothing(path: Path) -> None:
    assert verify(path, anchor=BEGINNING) == Verified(LINES, head_of(path))


def test_the_journal_of_a_working_engine_is_checked_to_its_present_end(path: Path) -> None:
    with Journal(path.parent, now_us=NOW + S) as journal:
        journal.commit(moved(alert("c", FIRST + 5)))

        assert verify(path) == Verified(LINES + 1, journal.head)
        journal.commit(moved(alert("c", FIRST + 6, "normal")))  # it was not kept from writing


def test_more_lines_than_one_page_are_walked(tmp_path: Path) -> None:
    draft = Draft([Line("note", str(number), NOW, b"{}") for number in range(2500)])
    path = journal_with(tmp_path, draft)

    assert verify(path) == Verified(2500, head_of_long(path))


def head_of_long(path: Path) -> Head:
    with reading(path) as connection:
        (last,) = entries_after(connection, FIRST + 2498, 10)
        return Head(last.no, last.hash)


def test_a_torn_file_is_named_where_it_tears(path: Path) -> None:
    content = bytearray(path.read_bytes())
    for page in range(1, len(content) // 4096):
        content[page * 4096 : page * 4096 + 8] = b"\xff" * 8
    path.write_bytes(content)

    found = verify(path)

    assert isinstance(found, Tampered)
    assert "cannot be read" in found.reason


def test_without_a_journal_there_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="There is no journal at"):
        verify(tmp_path / "journal.sqlite")


def command(*words: str) -> int:
    parser = argparse.ArgumentParser()
    verify_command.add_arguments(parser)
    return verify_command.run(parser.parse_args(words))


def test_the_command_says_how_many_lines_and_the_head(
    path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    head = head_of(path).as_text()

    assert command("--state-dir", str(path.parent), "--anchor", head) == 0

    assert f"{LINES} lines, head {head}" in capsys.readouterr().out


def test_the_command_finds_the_journal_by_its_environment(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ALERTS_STATE_DIR", str(path.parent))

    assert command() == 0


def test_the_command_ends_with_1_and_the_place(
    path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    tamper(path, execute("UPDATE lines SET actor = 'wang' WHERE no = :note"))

    assert command("--state-dir", str(path.parent)) == 1

    assert f"line {NOTE}: The line does not bear" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        pytest.param(["--anchor", "7:zz"], "is no head of a journal", id="no-anchor"),
        pytest.param([], "There is no journal at", id="no-journal"),
    ],
)
def test_what_cannot_be_checked_is_no_tampering(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], words: list[str], sentence: str
) -> None:
    assert command("--state-dir", str(tmp_path / "none"), *words) == 2

    assert sentence in capsys.readouterr().err
