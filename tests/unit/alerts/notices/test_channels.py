from pathlib import Path

import pytest

from alerts.notices.channels import load_channels
from alerts.notices.notice import Recipient
from core.errors import Invalid

FILE = """
[channels.room]
url = "wecombot://SECRETKEY123"
audience = "inside"

[channels.mail]
url = "mailtos://user:PASSWORD@example.com"
lang = "en"
rate_per_min = 5

[channels.hub]
url = "alertmanager+https://user:PASSWORD@hub.example.com/hook"

[people.zhao]
name = "赵"
channels = ["room"]
fallback = "mail"
"""


def written(folder: Path, text: str, mode: int = 0o600) -> Path:
    path = folder / "channels.toml"
    path.write_text(text, encoding="utf-8")
    path.chmod(mode)
    return path


def test_people_and_shared_channels_are_reached(tmp_path: Path) -> None:
    channels = load_channels(written(tmp_path, FILE))

    assert channels.reach("zhao") == [Recipient("zhao", "room")]
    assert channels.reach("hub") == [Recipient("hub", "hub")]
    assert channels.reach("nobody") == []
    assert channels.fallback(Recipient("zhao", "room")) == Recipient("zhao", "mail")
    assert channels.fallback(Recipient("zhao", "mail")) is None
    assert [channels.channels[name].form for name in ("room", "mail", "hub")] == [
        "short",
        "long",
        "alertmanager",
    ]


def test_without_a_file_nothing_leaves_the_house() -> None:
    assert load_channels(None).channels == {}


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o644], ids=oct)
def test_a_file_that_others_may_read_is_refused(tmp_path: Path, mode: int) -> None:
    with pytest.raises(Invalid, match="chmod 600"):
        load_channels(written(tmp_path, FILE, mode))


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(FILE.replace('"room"]', '"cellar"]'), id="a-channel-that-is-not-there"),
        pytest.param(FILE.replace("[channels.mail]", "[channels.mail"), id="not-toml"),
        pytest.param(FILE.replace("wecombot://", "wecombot-"), id="no-address"),
        pytest.param(FILE.replace('lang = "en"', 'lang = "fr"'), id="no-such-language"),
        pytest.param(FILE.replace("rate_per_min", "rate"), id="no-such-setting"),
        pytest.param(FILE.replace('"wecombot://SECRETKEY123"', "SECRETKEY123"), id="no-quotes"),
    ],
)
def test_a_wrong_file_is_refused_without_telling_its_secrets(tmp_path: Path, text: str) -> None:
    with pytest.raises(Invalid) as refused:
        load_channels(written(tmp_path, text))

    assert "SECRETKEY" not in str(refused.value)
    assert "PASSWORD" not in str(refused.value)


def test_no_address_is_printed(tmp_path: Path) -> None:
    channels = load_channels(written(tmp_path, FILE))

    assert "SECRETKEY" not in repr(channels.channels)
