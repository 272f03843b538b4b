"""Where things lie, for root and for everybody else."""

from pathlib import Path

import pytest

from core.errors import Unavailable
from stack import folders


def test_root_keeps_instances_where_the_servers_user_can_reach_them(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(folders.os, "geteuid", lambda: 0)

    assert folders.instances().parent == Path("/var/lib/yiwang")
    assert folders.parts_cache() == Path("/var/cache/yiwang")


def test_a_user_keeps_instances_in_the_checkout_and_parts_in_the_cache(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(folders.os, "geteuid", lambda: 1000)
    monkeypatch.setenv("XDG_CACHE_HOME", "/cache")

    assert folders.instances() == folders.ROOT / ".yiwang"
    assert folders.parts_cache() == Path("/cache/yiwang")


def test_a_path_too_long_for_a_socket_is_refused_before_anything_starts() -> None:
    with pytest.raises(Unavailable, match="too long for a socket"):
        folders.instance("a" * 90)


def test_a_full_disk_is_refused_with_both_figures(tmp_path: Path) -> None:
    with pytest.raises(Unavailable, match=r"has \d+ MB free; this needs 999999999 MB"):
        folders.require_space(tmp_path / "not/yet/made", megabytes=999_999_999)
