"""Where settings come from, and what is said when they are wrong."""

from pathlib import Path

import pytest
from pydantic import SecretStr
from pydantic_settings import BaseSettings

from core import process
from core.process import read_settings
from core.settings import BrokerUrl, config, parse_broker_url


class Sample(BaseSettings):
    model_config = config("SAMPLE_")

    broker_url: BrokerUrl
    size: int = 5


@pytest.fixture
def demo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The file that a running demo would have left."""
    file = tmp_path / "sample.env"
    monkeypatch.setattr(process, "settings_file", lambda _: file)
    return file


def test_a_broker_url_is_read_in_parts() -> None:
    address = parse_broker_url("mqtt://svc%40a:p%2Fw@broker:1884")

    assert (address.host, address.port, address.username) == ("broker", 1884, "svc@a")
    assert address.password.get_secret_value() == "p/w"
    assert "p/w" not in repr(address)


@pytest.mark.parametrize("url", ["http://a:b@c", "mqtt://host", "mqtt://user:pw@"])
def test_what_is_no_broker_url_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match="a broker URL reads"):
        parse_broker_url(url)


def test_without_any_variable_the_running_demo_s_are_taken(demo: Path) -> None:
    demo.write_text("SAMPLE_BROKER_URL='mqtt://a:b@c'\nSAMPLE_SIZE='7'\n")

    settings = read_settings(Sample)

    assert settings.broker_url == SecretStr("mqtt://a:b@c")
    assert settings.size == 7


def test_with_one_variable_given_the_demo_is_not_asked(
    demo: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    demo.write_text("SAMPLE_BROKER_URL='mqtt://a:b@c'\n")
    monkeypatch.setenv("SAMPLE_SIZE", "7")

    with pytest.raises(SystemExit) as ending:
        read_settings(Sample)

    assert ending.value.code == 2
    assert "SAMPLE_BROKER_URL: Field required." in capsys.readouterr().err


def test_a_wrong_variable_is_named_and_its_value_is_not_shown(
    demo: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("SAMPLE_BROKER_URL", "mqtt://user:secret@")
    monkeypatch.setenv("SAMPLE_SIZE", "many")

    with pytest.raises(SystemExit):
        read_settings(Sample)

    said = capsys.readouterr().err
    assert "SAMPLE_BROKER_URL:" in said
    assert "SAMPLE_SIZE:" in said
    assert "secret" not in said
