"""The host's apt configuration, in both of its notations, turned to the release of our parts."""

from pathlib import Path

import pytest

from core.errors import Unavailable
from stack.debian import Source, host_sources, parts_sources, trusted_keyring

DEB822 = """\
Types: deb
# http://commented.example/debian/20250520T000000Z
URIs: https://mirror.example/debian/
Suites: bookworm bookworm-updates
Components: main
Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg

Types: deb-src
URIs: https://mirror.example/sources
Suites: bookworm

Enabled: no
Types: deb
URIs: https://off.example/debian
Suites: bookworm
"""

ONE_LINE = """\
# deb http://commented.example/debian bookworm main
deb [arch=amd64 signed-by=/etc/key.gpg] http://plain.example/debian bookworm main contrib  # why
deb-src http://plain.example/debian bookworm main
deb mirror+file:///etc/apt/mirrors/debian.list bookworm-security main
"""


def _apt_folder(tmp_path: Path, *, lines: str = "", stanzas: str = "") -> Path:
    (tmp_path / "sources.list.d").mkdir()
    (tmp_path / "sources.list").write_text(lines)
    (tmp_path / "sources.list.d/debian.sources").write_text(stanzas)
    return tmp_path


def test_deb822_stanzas_are_read_without_disabled_ones_and_sources(tmp_path: Path) -> None:
    assert host_sources(_apt_folder(tmp_path, stanzas=DEB822)) == [
        Source("https://mirror.example/debian", "bookworm"),
        Source("https://mirror.example/debian", "bookworm-updates"),
    ]


def test_one_line_entries_are_read_without_comments_and_options(tmp_path: Path) -> None:
    assert host_sources(_apt_folder(tmp_path, lines=ONE_LINE)) == [
        Source("http://plain.example/debian", "bookworm"),
        Source("mirror+file:///etc/apt/mirrors/debian.list", "bookworm-security"),
    ]


@pytest.mark.parametrize(
    ("suite", "turned"),
    [
        pytest.param("bookworm", "trixie", id="the-release-itself"),
        pytest.param("bookworm-updates", "trixie-updates", id="its-updates"),
        pytest.param("bookworm-security", "trixie-security", id="its-security-fixes"),
        pytest.param("oldstable", "trixie", id="named-by-its-age"),
    ],
)
def test_a_debian_suite_is_turned(suite: str, turned: str) -> None:
    main = Source("http://debian.example", "bookworm")

    found = parts_sources([main, Source("http://other.example", suite)], "bookworm")

    assert Source("http://other.example", turned) in found


@pytest.mark.parametrize("suite", ["bookworm-backports", "nodistro", "jammy", "sid"])
def test_a_foreign_suite_is_left_out(suite: str) -> None:
    main = Source("http://debian.example", "bookworm")

    assert len(parts_sources([main, Source("http://other.example", suite)], "bookworm")) == 1


def test_a_host_without_a_debian_mirror_is_told_so() -> None:
    with pytest.raises(Unavailable, match="names no Debian mirror for bookworm"):
        parts_sources([Source("http://other.example", "nodistro")], "bookworm")


def test_keys_that_do_not_cover_our_release_are_not_trusted(tmp_path: Path) -> None:
    (tmp_path / "debian-archive-bookworm-stable.gpg").touch()

    assert trusted_keyring(tmp_path) is None
