"""The command line: what the caller got wrong is a sentence and exit code 2."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from core.errors import Invalid
from core.settings import parse_broker_url
from simulators.__main__ import main
from simulators.loading import check_loopback


@pytest.fixture
def environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    values = {
        "BROKER_URL": "mqtt://svc-simulators:secret@broker.example:1883",
        "API_URL": "http://127.0.0.1:9",
        "API_USERNAME": "admin",
        "API_PASSWORD": "secret",
        "STATE_DIR": str(tmp_path / "state"),
    }
    for name, value in values.items():
        monkeypatch.setenv(f"SIMULATORS_{name}", value)
    return tmp_path


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        pytest.param(["city", "--scenario", "flood"], "no scenario 'flood'", id="scenario"),
        pytest.param(["city", "--fault", "rain=1"], "KIND=SHARE", id="fault"),
        pytest.param(["city", "--scale", "0"], "does not lie between", id="scale"),
        pytest.param(["city", "--scale", "2", "--devices", "9"], "not allowed with", id="size"),
        pytest.param(["city", "--rate", "fast"], "invalid", id="rate"),
        pytest.param(["replay", "none.csv"], "no file none.csv", id="recording"),
        pytest.param(["replay", "x.csv", "--map", "T"], "COLUMN=METRIC", id="column"),
        pytest.param(["score", "--scenario", "night-fire"], "has not been run", id="no-truth"),
        pytest.param(["load"], "loopback only, not to broker.example", id="load-elsewhere"),
        pytest.param(["fly"], "invalid choice", id="command"),
    ],
)
def test_mistakes_are_answered_with_a_sentence_and_exit_code_2(
    arguments: list[str],
    sentence: str,
    environment: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    with pytest.raises(SystemExit) as ended:
        main(arguments)

    said = capsys.readouterr().err
    assert ended.value.code == 2
    assert sentence in said
    assert "Traceback" not in said


def test_an_api_that_is_not_there_ends_the_score_with_a_sentence(
    environment: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    long_ago = "2026-01-01T00:00:00Z"
    truth = {"name": "night-fire", "start_at": long_ago, "end_at": long_ago, "labels": []}
    folder = environment / "state"
    folder.mkdir()
    (folder / "truth-night-fire.json").write_text(json.dumps(truth), encoding="utf-8")

    with pytest.raises(SystemExit) as ended:
        main(["score", "--scenario", "night-fire"])

    assert ended.value.code == 2
    assert "does not answer" in capsys.readouterr().err


def test_missing_settings_are_named_one_by_one(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("SIMULATORS_BROKER_URL", raising=False)

    with pytest.raises(SystemExit) as ended:
        main(["register"])

    assert ended.value.code == 2
    assert "SIMULATORS_BROKER_URL" in capsys.readouterr().err


def test_the_map_is_written_without_any_settings(tmp_path: Path) -> None:
    path = tmp_path / "city.geojson"

    main(["city", "--scale", "0.1", "--geojson", str(path)])

    assert json.loads(path.read_text(encoding="utf-8"))["type"] == "FeatureCollection"


@pytest.mark.parametrize("host", ["127.0.0.1", "127.8.8.8", "[::1]", "localhost"])
def test_the_load_test_speaks_to_this_machine(host: str) -> None:
    check_loopback(parse_broker_url(f"mqtt://svc-simulators:secret@{host}:1883"))


@pytest.mark.parametrize("host", ["10.0.0.5", "broker", "localhost.example", "128.0.0.1"])
def test_the_load_test_speaks_to_nobody_else(host: str) -> None:
    with pytest.raises(Invalid, match="loopback only"):
        check_loopback(parse_broker_url(f"mqtt://svc-simulators:secret@{host}:1883"))


def test_the_map_is_the_same_in_every_process_whatever_the_hash_seed(tmp_path: Path) -> None:
    maps = []
    for hash_seed in ("1", "2"):
        path = tmp_path / f"{hash_seed}.geojson"
        subprocess.run(
            [sys.executable, "-m", "simulators", "city", "--scale", "0.1", "--geojson", path],
            env=os.environ | {"PYTHONHASHSEED": hash_seed},
            check=True,
        )
        maps.append(path.read_bytes())

    assert maps[0] == maps[1]
