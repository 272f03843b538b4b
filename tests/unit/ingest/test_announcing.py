"""What an edge node announced once is known after a restart."""

from pathlib import Path

from devices.payload import SparkplugSession
from ingest.announcing import announcements_in
from ingest.batch import Source

BIRTH = Source(1, "spBv1.0/620171/NBIRTH/gateway", b"")
DATA = Source(2, "spBv1.0/620171/NDATA/gateway", b"")


def test_announcements_survive_a_restart(tmp_path: Path) -> None:
    before = announcements_in(tmp_path)
    before.sessions["620171/gateway"] = SparkplugSession(paths={7: "/pressure_mpa"})

    before.save_after([DATA, BIRTH])

    after = announcements_in(tmp_path)
    assert after.sessions["620171/gateway"].paths == {7: "/pressure_mpa"}


def test_data_alone_writes_nothing(tmp_path: Path) -> None:
    announcements_in(tmp_path).save_after([DATA])

    assert not list(tmp_path.iterdir())


def test_a_disk_that_refuses_stops_nobody_and_is_asked_again(tmp_path: Path) -> None:
    folder = tmp_path / "state"
    announcements = announcements_in(folder)
    announcements.sessions["620171/gateway"] = SparkplugSession(paths={7: "/pressure_mpa"})
    folder.rmdir()
    announcements.save_after([BIRTH])

    folder.mkdir()
    announcements.save_after([DATA])

    assert "620171/gateway" in announcements_in(folder).sessions
