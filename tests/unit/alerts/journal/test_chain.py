"""Whatever is written and whatever is changed afterwards: the chain names the place."""

import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alerts.journal.chain import GENESIS, Entry, Head, digest, fingerprint, linked
from alerts.journal.journal import Draft, Journal
from alerts.journal.pages import read_entries
from alerts.journal.pen import Line
from alerts.journal.verifying import Verified, verify
from core.errors import Invalid
from tests.unit.alerts.making import NOW

WORDS = st.text(max_size=8)
LINES = st.builds(
    Line,
    kind=WORDS,
    subject=WORDS,
    at_us=st.integers(0, 2**53),
    document=st.binary(max_size=20),
    actor=st.none() | WORDS,
    seq=st.none() | st.integers(0, 2**53),
)
BEGINNING = Head(7, GENESIS)


def is_whole(entries: list[Entry]) -> bool:
    before = BEGINNING
    for no, line, hashed in entries:
        if fingerprint(before.hash, before.no + 1, line) != hashed or no != before.no + 1:
            return False
        before = Head(no, hashed)
    return True


@given(st.lists(LINES, min_size=1, max_size=6), st.data())
def test_a_line_cannot_be_replaced_by_any_other(lines: list[Line], data: st.DataObject) -> None:
    entries = list(linked(BEGINNING, lines))
    at = data.draw(st.integers(0, len(lines) - 1))
    other = data.draw(LINES.filter(lambda line: line != lines[at]))

    assert is_whole(entries)
    entries[at] = entries[at]._replace(line=other)

    assert not is_whole(entries)


@given(LINES, st.integers(0, 2**53))
def test_no_text_can_move_from_one_field_into_the_next(line: Line, no: int) -> None:
    joined = line._replace(kind=line.kind + line.subject, subject="")

    assert (digest(no, joined) == digest(no, line)) == (joined == line)


@settings(max_examples=25, deadline=None)
@given(st.lists(LINES.map(lambda line: line._replace(kind="note", seq=None)), max_size=8))
def test_whatever_can_be_written_is_read_again_and_verified(lines: list[Line]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        with Journal(Path(folder), now_us=NOW) as journal:
            for line in lines:
                journal.commit(Draft([line]))

        assert [entry.line for entry in read_entries(journal.path, 0, 10)] == lines
        assert verify(journal.path) == Verified(len(lines), journal.head if lines else None)


@given(st.integers(0, 2**60), st.binary(min_size=32, max_size=32))
def test_a_head_is_read_as_it_was_written(no: int, hashed: bytes) -> None:
    assert Head.from_text(Head(no, hashed).as_text()) == Head(no, hashed)


@pytest.mark.parametrize("text", ["", "7", "7:", "7:00", "x:" + "0" * 64, "7:" + "g" * 64])
def test_what_is_no_head_is_refused(text: str) -> None:
    with pytest.raises(Invalid, match="is no head of a journal"):
        Head.from_text(text)
