"""What is spooled survives; what is damaged is set aside; what has no room is not taken."""

from pathlib import Path

import pytest

from core.errors import Unavailable
from ingest.batch import Source
from ingest.spool import Spool

ONE = [Source(1, "a/1", b"\xff\x00"), Source(2, "a/2", b"{}")]
TWO = [Source(3, "a/3", b"3")]


def spool_in(folder: Path) -> Spool:
    return Spool(folder, keep_free_bytes=0)


def test_the_oldest_batch_comes_back_first_after_a_restart(tmp_path: Path) -> None:
    before = spool_in(tmp_path)
    before.append(ONE)
    before.append(TWO)

    after = spool_in(tmp_path)

    assert len(after) == 3
    assert after.oldest(2)[1] == ONE
    assert after.oldest(100)[1] == ONE + TWO


def test_reading_removes_nothing_until_it_is_stored(tmp_path: Path) -> None:
    spool = spool_in(tmp_path)
    spool.append(ONE)

    files, _ = spool.oldest(100)
    assert len(spool_in(tmp_path)) == 2
    spool.remove(files)

    assert len(spool) == 0
    assert len(spool_in(tmp_path)) == 0


def test_a_batch_larger_than_asked_for_still_comes_whole(tmp_path: Path) -> None:
    spool = spool_in(tmp_path)
    spool.append(ONE)

    assert spool.oldest(1)[1] == ONE


def test_a_damaged_file_is_set_aside_and_the_rest_goes_on(tmp_path: Path) -> None:
    spool = spool_in(tmp_path)
    spool.append(ONE)
    spool.append(TWO)
    first = min(tmp_path.glob("*.spool"))
    first.write_bytes(first.read_bytes()[:-1])

    assert spool.oldest(100)[1] == TWO
    assert [file.suffix for file in tmp_path.glob("*.damaged")] == [".damaged"]


def test_an_unfinished_file_was_never_acknowledged_and_goes(tmp_path: Path) -> None:
    (tmp_path / ".000000000001-5.spool.xyz").write_bytes(b"half")

    assert len(spool_in(tmp_path)) == 0
    assert not list(tmp_path.iterdir())


def test_without_room_nothing_is_taken(tmp_path: Path) -> None:
    spool = Spool(tmp_path, keep_free_bytes=1 << 62)

    with pytest.raises(Unavailable, match="no room left on the disk"):
        spool.append(ONE)

    assert len(spool) == 0
