"""What outlives the program: sequence numbers, books, truths; and who may use the folder."""

from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from core.errors import NotFound
from simulators.asking import Request, ask, only_city, take
from simulators.books import Books, read_books, write_books
from simulators.scoring import Truth
from simulators.sequences import Sequences
from simulators.truths import keep_truth, recall_truth


def test_numbers_go_on_where_the_program_was_killed(tmp_path: Path) -> None:
    killed = Sequences(tmp_path, ["a", "b"])
    killed.take(np.array([0, 1]))
    killed.take(np.array([1]))

    again = Sequences(tmp_path, ["a", "b"])

    assert again.take(np.array([0, 1])).tolist() == [1, 2]


def test_new_devices_begin_at_zero_and_old_ones_keep_their_numbers(tmp_path: Path) -> None:
    Sequences(tmp_path, ["a", "b"]).take(np.array([0, 1]))

    grown = Sequences(tmp_path, ["c", "b", "a"])

    assert grown.take(np.array([0, 1, 2])).tolist() == [0, 1, 1]


def test_a_smaller_city_forgets_nobody(tmp_path: Path) -> None:
    Sequences(tmp_path, ["a", "b"]).take(np.array([0, 1]))
    Sequences(tmp_path, ["a"]).take(np.array([0]))

    assert Sequences(tmp_path, ["b", "a"]).take(np.array([0, 1])).tolist() == [1, 2]


def test_books_are_read_as_they_were_written(tmp_path: Path) -> None:
    books = Books(published=10, acknowledged=7, discarded=1, connections_lost=2)

    write_books(tmp_path / "state" / "books.json", books)

    assert read_books(tmp_path / "state" / "books.json") == books


def test_there_are_empty_books_at_first(tmp_path: Path) -> None:
    assert read_books(tmp_path / "books.json") == Books()


@pytest.mark.parametrize(
    ("books", "waiting"),
    [
        pytest.param(Books(), 0, id="nothing-said"),
        pytest.param(Books(5, 5, 0), 0, id="all-confirmed"),
        pytest.param(Books(9, 5, 1), 3, id="some-under-way"),
    ],
)
def test_what_is_neither_confirmed_nor_discarded_is_waiting(books: Books, waiting: int) -> None:
    assert books.waiting == waiting


def test_only_one_city_speaks_from_a_state_folder(tmp_path: Path) -> None:
    with only_city(tmp_path) as first, only_city(tmp_path) as second:
        assert (first, second) == (True, False)

    with only_city(tmp_path) as later:
        assert later


def test_a_request_is_taken_once(tmp_path: Path) -> None:
    ask(tmp_path, Request("night-fire", 2.0))

    assert take(tmp_path) == Request("night-fire", 2.0)
    assert take(tmp_path) is None


def test_the_truth_of_the_newest_run_is_recalled_by_the_scenarios_name(tmp_path: Path) -> None:
    instant = datetime(2026, 5, 1, tzinfo=UTC)
    for day in (1, 2):
        start_at = instant.replace(day=day)
        truth = Truth(name="own/fire.toml", start_at=start_at, end_at=start_at, labels=())
        keep_truth(tmp_path, truth)

    assert recall_truth(tmp_path, "own/fire.toml").start_at.day == 2


def test_a_scenario_never_run_has_no_truth(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="night-fire"):
        recall_truth(tmp_path, "night-fire")
