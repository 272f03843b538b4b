"""`python -m grafana push` against a small Grafana that keeps its state."""

import argparse
import json
import stat
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from grafana.push import command
from grafana.push import wanted as wanting
from grafana.push.annotating import Told, annotation
from grafana.push.arguments import add_arguments
from grafana.rendering import render_language
from stack.addresses import free_ports
from tests.integration.grafana.fake_grafana import TOKEN, FakeGrafana, serving

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
drawn = cache(render_language)  # the same every time, and half a second of work
DASHBOARDS = len(drawn("zh"))
RunPush = Callable[..., int]


@pytest.fixture(params=["12.4.3", "13.2.3"])
def fake(request: pytest.FixtureRequest) -> Iterator[FakeGrafana]:
    with serving(FakeGrafana(request.param)) as running:
        yield running


@pytest.fixture
def push(fake: FakeGrafana, monkeypatch: pytest.MonkeyPatch) -> RunPush:
    monkeypatch.setenv("GRAFANA_TOKEN", TOKEN)
    monkeypatch.setenv("GRAFANA_DATABASE_PASSWORD", "readers-only")
    monkeypatch.setattr(wanting, "render_language", drawn)

    def run(*arguments: str, url: str | None = None) -> int:
        parser = argparse.ArgumentParser()
        add_arguments(parser)
        options = parser.parse_args(["--url", url or fake.url, *arguments])
        return command.run(options, lambda: NOW)

    return run


def test_an_empty_grafana_gets_everything(push: RunPush, fake: FakeGrafana) -> None:
    assert push() == 0

    assert set(fake.folders) == {"yiwang-zh", "yiwang-en"}
    assert len(fake.dashboards) == 2 * DASHBOARDS
    assert fake.dashboards["yw-overview"]["meta"]["folderUid"] == "yiwang-zh"
    assert fake.datasources["yiwang"]["type"] == "grafana-postgresql-datasource"
    assert fake.datasources["yiwang"]["secureJsonData"] == {"password": "readers-only"}
    assert [each["role"] for each in fake.accounts] == ["Viewer"]


def test_the_playlist_is_written_where_this_release_keeps_it(
    push: RunPush, fake: FakeGrafana
) -> None:
    push("--language", "zh")

    if fake.version.startswith("13"):
        (found,) = (each["spec"] for each in fake.new_playlists.values())
        assert fake.playlists == {}
    else:
        (found,) = fake.playlists.values()
    assert [each["value"] for each in found["items"]] == list(drawn("zh"))


def test_a_second_push_changes_nothing_and_says_so(
    push: RunPush, fake: FakeGrafana, capsys: pytest.CaptureFixture[str]
) -> None:
    push()
    fake.writes.clear()
    capsys.readouterr()

    assert push() == 0

    assert fake.writes == []
    assert "Nothing to change: everything is there already." in capsys.readouterr().out


def test_one_language_is_enough(push: RunPush, fake: FakeGrafana) -> None:
    push("--language", "en")

    assert set(fake.folders) == {"yiwang-en"}
    assert all(uid.endswith("-en") for uid in fake.dashboards)


def spoil_dashboard(fake: FakeGrafana) -> None:
    fake.dashboards["yw-overview"]["dashboard"]["title"] = "somebody's"


def move_dashboard(fake: FakeGrafana) -> None:
    fake.dashboards["yw-overview"]["meta"]["folderUid"] = "general"


def spoil_folder(fake: FakeGrafana) -> None:
    fake.folders["yiwang-zh"]["title"] = "somebody's"


def spoil_datasource(fake: FakeGrafana) -> None:
    fake.datasources["yiwang"]["jsonData"]["timescaledb"] = False


def forget_password(fake: FakeGrafana) -> None:
    fake.datasources["yiwang"]["secureJsonData"] = {}


def promote_wall(fake: FakeGrafana) -> None:
    fake.accounts[0]["role"] = "Admin"


def shorten_playlist(fake: FakeGrafana) -> None:
    for kept in (fake.playlists, {name: each["spec"] for name, each in fake.new_playlists.items()}):
        for playlist in kept.values():
            playlist["interval"] = "1s"


@pytest.mark.parametrize(
    ("spoil", "written"),
    [
        (spoil_dashboard, "POST /api/dashboards/db"),
        (move_dashboard, "POST /api/dashboards/db"),
        (spoil_folder, "PUT /api/folders/yiwang-zh"),
        (spoil_datasource, "PUT /api/datasources/uid/yiwang"),
        (forget_password, "PUT /api/datasources/uid/yiwang"),
        (promote_wall, "PATCH /api/serviceaccounts/1"),
    ],
)
def test_what_somebody_changed_is_put_right_and_nothing_else(
    push: RunPush, fake: FakeGrafana, spoil: Callable[[FakeGrafana], None], written: str
) -> None:
    push("--language", "zh")
    before = json.dumps([fake.datasources, fake.folders, fake.playlists, fake.accounts])
    spoil(fake)
    fake.writes.clear()

    assert push("--language", "zh") == 0

    assert fake.writes == [written]
    after = json.dumps([fake.datasources, fake.folders, fake.playlists, fake.accounts])
    assert after == before
    assert fake.dashboards["yw-overview"]["meta"]["folderUid"] == "yiwang-zh"


def test_a_playlist_that_was_changed_is_put_right(push: RunPush, fake: FakeGrafana) -> None:
    push("--language", "zh")
    shorten_playlist(fake)
    fake.writes.clear()

    push("--language", "zh")

    assert len(fake.writes) == 1
    assert "playlists/" in fake.writes[0]
    assert fake.writes[0].startswith("PUT")


def test_a_dry_run_sends_nothing_and_prints_what_would_change(
    push: RunPush, fake: FakeGrafana, capsys: pytest.CaptureFixture[str]
) -> None:
    push("--language", "zh")
    spoil_dashboard(fake)
    fake.writes.clear()
    capsys.readouterr()

    assert push("--language", "zh", "--dry-run") == 0

    said = capsys.readouterr().out
    assert fake.writes == []
    assert '-  "title": "somebody\'s"' in said.replace('    - "', '    -  "')
    assert "1 of " in said
    assert "nothing was sent" in said


def test_a_dry_run_on_an_empty_grafana_creates_nothing(push: RunPush, fake: FakeGrafana) -> None:
    assert push("--dry-run") == 0

    assert fake.writes == []
    assert fake.dashboards == {}


def test_what_comes_from_files_is_left_alone(
    push: RunPush, fake: FakeGrafana, capsys: pytest.CaptureFixture[str]
) -> None:
    push("--language", "zh")
    spoil_dashboard(fake)
    fake.dashboards["yw-overview"]["meta"]["provisioned"] = True
    fake.datasources["yiwang"]["readOnly"] = True
    spoil_datasource(fake)
    fake.writes.clear()

    assert push("--language", "zh") == 0

    assert fake.writes == []
    assert "it comes from a file there" in capsys.readouterr().out


def test_a_wrong_token_is_said_in_a_sentence(
    push: RunPush, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("GRAFANA_TOKEN", "glsa_wrong")

    assert push() == 1

    said = capsys.readouterr().err
    assert "does not accept the sign-in" in said
    assert "GRAFANA_TOKEN" in said
    assert "glsa_wrong" not in said


def test_a_grafana_that_is_not_there_is_said_in_a_sentence(
    push: RunPush, capsys: pytest.CaptureFixture[str]
) -> None:
    nobody = f"http://127.0.0.1:{free_ports().api}"

    assert push(url=nobody) == 1

    assert capsys.readouterr().err == f"Grafana does not answer at {nobody}.\n"


def test_something_else_than_grafana_is_recognised(
    push: RunPush, fake: FakeGrafana, capsys: pytest.CaptureFixture[str]
) -> None:
    fake.garbled = True

    assert push() == 1

    assert "is not Grafana" in capsys.readouterr().err


def test_a_grafana_that_is_too_old_is_refused_before_anything_is_sent(
    push: RunPush, fake: FakeGrafana, capsys: pytest.CaptureFixture[str]
) -> None:
    fake.version = "10.4.2"

    assert push() == 1

    assert "Grafana 10.4.2 is too old" in capsys.readouterr().err
    assert fake.writes == []


def test_a_sign_in_that_may_too_little_is_said_so(
    push: RunPush, fake: FakeGrafana, capsys: pytest.CaptureFixture[str]
) -> None:
    fake.forbidden = "/api/serviceaccounts"

    assert push() == 1

    assert "needs the role Admin" in capsys.readouterr().err


@pytest.mark.parametrize(
    "url", ["grafana.city.org", "ftp://127.0.0.1", "http://admin:secret@127.0.0.1:3000"]
)
def test_an_address_that_is_none_or_holds_secrets_is_refused(
    push: RunPush, capsys: pytest.CaptureFixture[str], url: str
) -> None:
    assert push(url=url) == 1

    assert "secret" not in capsys.readouterr().err


def test_without_a_sign_in_it_names_the_variable(
    push: RunPush, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("GRAFANA_TOKEN")

    with pytest.raises(SystemExit):
        push()

    assert "GRAFANA_TOKEN is missing" in capsys.readouterr().err


def test_the_first_push_needs_the_databases_password(
    push: RunPush, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("GRAFANA_DATABASE_PASSWORD")

    assert push() == 1

    assert "GRAFANA_DATABASE_PASSWORD is missing" in capsys.readouterr().err


def test_the_walls_token_is_written_once_into_a_private_file(
    push: RunPush, fake: FakeGrafana, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "wall-token"

    assert push("--language", "zh", "--wall-token", str(file)) == 0
    assert push("--language", "zh", "--wall-token", str(file)) == 1

    assert file.read_text() == "glsa_wall\n"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert len(fake.tokens) == 1
    assert "glsa_wall" not in capsys.readouterr().out


def told(number: int, **rest: Any) -> Told:
    known: dict[str, Any] = {
        "alert_id": f"20261122-{number}",
        "title": "火警",
        "site_name": "云岭中学",
        "priority": "critical",
        "domain": "fire",
        "raised_at": NOW - timedelta(minutes=number),
        "cleared_at": None,
    }
    return Told(**{**known, **rest})


def test_alerts_are_marked_once_and_ended_when_they_end(
    push: RunPush, fake: FakeGrafana, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = [told(5), told(9)]
    monkeypatch.setenv("GRAFANA_ALERTS_FROM", "postgresql://reader@nowhere:1/x")
    monkeypatch.setattr(command, "read_alerts", lambda *_: known)
    push("--annotate-hours", "24")
    push("--annotate-hours", "24")
    assert len(fake.annotations) == 2

    known[0] = told(5, cleared_at=NOW)
    push("--annotate-hours", "24")

    assert len(fake.annotations) == 2
    assert [each["timeEnd"] - each["time"] for each in fake.annotations] == [5 * 60_000, 0]


def test_a_mark_leads_to_the_alerts_page() -> None:
    mark = annotation(told(5), "https://console")

    assert 'href="https://console/alerts/20261122-5"' in mark["text"]
    assert mark["tags"] == ["yiwang-alert", "critical", "fire", "20261122-5"]


def test_annotations_need_to_know_where_alerts_are(
    push: RunPush, capsys: pytest.CaptureFixture[str]
) -> None:
    assert push("--annotate-hours", "1") == 1

    assert "GRAFANA_ALERTS_FROM is missing" in capsys.readouterr().err
