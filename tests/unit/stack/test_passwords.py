"""An instance's passwords: made once, private, and complete after an upgrade."""

import json
from pathlib import Path

from stack.passwords import NAMES, keep_passwords


def test_passwords_are_the_same_at_every_start(tmp_path: Path) -> None:
    first = keep_passwords(tmp_path / "passwords.json")

    assert keep_passwords(tmp_path / "passwords.json") == first


def test_no_two_passwords_are_the_same(tmp_path: Path) -> None:
    assert len(set(keep_passwords(tmp_path / "passwords.json").values())) == len(NAMES)


def test_only_the_owner_can_read_them(tmp_path: Path) -> None:
    keep_passwords(tmp_path / "passwords.json")

    assert (tmp_path / "passwords.json").stat().st_mode & 0o777 == 0o600


def test_a_name_that_is_new_in_this_version_gets_a_password(tmp_path: Path) -> None:
    (tmp_path / "passwords.json").write_text(json.dumps({"postgres": "kept"}))

    passwords = keep_passwords(tmp_path / "passwords.json")

    assert passwords["postgres"] == "kept"
    assert set(passwords) == set(NAMES)
