"""The registry's copy on disk, and files that are replaced whole."""

from pathlib import Path

import pytest

from core.errors import Invalid, NotFound
from devices import snapshot
from devices.files import replace_file
from devices.registry import Registry


def test_a_copy_reads_back_as_it_was_saved(tmp_path: Path, registry: Registry) -> None:
    snapshot.save(registry, tmp_path / "registry.json")

    copy = snapshot.load(tmp_path / "registry.json")

    assert copy.content == registry.content
    assert set(copy.speakers) == set(registry.speakers)


def test_before_the_first_copy_there_is_none(tmp_path: Path) -> None:
    with pytest.raises(NotFound):
        snapshot.load(tmp_path / "registry.json")


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b"", id="empty"),
        pytest.param(b'{"version":1,"devi', id="cut-off"),
        pytest.param(b'{"version":"1"}', id="another-type"),
        pytest.param(
            b'{"version":1,"devices":[{"device_id":"a","profile_id":"gone","site_id":"s",'
            b'"district":"620171","name":"a"}]}',
            id="a-profile-that-is-not-there",
        ),
    ],
)
def test_a_damaged_copy_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "registry.json"
    path.write_bytes(content)

    with pytest.raises(Invalid, match="cannot be read"):
        snapshot.load(path)


def test_a_file_that_cannot_be_replaced_leaves_nothing_behind(tmp_path: Path) -> None:
    (tmp_path / "target").mkdir()

    with pytest.raises(IsADirectoryError):
        replace_file(tmp_path / "target", b"x")

    assert [path.name for path in tmp_path.iterdir()] == ["target"]
