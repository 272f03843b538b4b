"""The dashboards in the repository are those of the code, in both languages."""

import json
from pathlib import Path
from typing import Any

import pytest

from grafana.__main__ import main
from grafana.checking import panels, problems
from grafana.rendering import RENDERED, render, stale, write

DOCUMENTS = {str(name): json.loads(text) for name, text in render().items()}
everyone = pytest.mark.parametrize("name", sorted(DOCUMENTS))


def queries(document: dict[str, Any]) -> list[str]:
    return [target["rawSql"] for panel in panels(document) for target in panel["targets"]]


def test_nothing_is_wrong_with_what_is_in_the_repository() -> None:
    assert problems() == []


def test_rendering_again_changes_nothing() -> None:
    assert render() == render()


def test_a_file_somebody_edited_is_named(tmp_path: Path) -> None:
    write(tmp_path)
    edited = tmp_path / "en" / "yw-duty-en.json"
    edited.write_text(edited.read_text().replace("10s", "1s", 1))

    assert stale(tmp_path) == [
        "en/yw-duty-en.json is not what `python -m grafana render` writes.",
    ]


def test_a_dashboard_that_is_no_more_is_named_and_then_removed(tmp_path: Path) -> None:
    write(tmp_path)
    old = tmp_path / "zh" / "yw-old.json"
    old.write_text("{}")

    assert len(stale(tmp_path)) == 1
    assert write(tmp_path) == [old]
    assert not old.exists()


def test_a_site_renders_with_the_address_of_its_own_pages(tmp_path: Path) -> None:
    assert main(["render", "--into", str(tmp_path), "--console-url", "https://desk.city"]) == 0

    text = (tmp_path / "zh" / "yw-overview.json").read_text()
    assert "https://desk.city" in text
    assert "127.0.0.1" not in text


def test_the_check_command_is_content(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check"]) == 0
    assert capsys.readouterr().out == ""


def test_every_dashboard_is_there_in_both_languages() -> None:
    chinese = {path.stem for path in (RENDERED / "zh").glob("*.json")}
    english = {path.stem for path in (RENDERED / "en").glob("*.json")}

    assert {"yw-overview", "yw-duty", "yw-quality", "yw-system"} <= chinese
    assert english == {f"{uid}-en" for uid in chinese}


@everyone
def test_the_language_switch_leads_to_the_twin_with_range_and_choices(name: str) -> None:
    document = DOCUMENTS[name]
    uid = document["uid"]
    twin = uid.removesuffix("-en") if uid.endswith("-en") else f"{uid}-en"
    (link,) = [link for link in document["links"] if link.get("url") == f"/d/{twin}"]

    assert link["title"] == ("中文" if uid.endswith("-en") else "English")
    assert link["keepTime"]
    assert link["includeVars"]


@everyone
def test_links_in_the_head_are_not_hidden_in_a_menu(name: str) -> None:
    assert [link for link in DOCUMENTS[name]["links"] if "placement" in link] == []


@everyone
def test_the_same_panels_in_both_languages(name: str) -> None:
    document = DOCUMENTS[name]
    uid = document["uid"].removesuffix("-en")
    twins = [DOCUMENTS[f"zh/{uid}.json"], DOCUMENTS[f"en/{uid}-en.json"]]

    shapes = [[(panel["type"], panel["gridPos"]) for panel in panels(each)] for each in twins]
    assert shapes[0] == shapes[1]


@everyone
def test_how_old_the_data_is_stands_on_every_dashboard(name: str) -> None:
    asked = queries(DOCUMENTS[name])

    assert any("data_age" in sql and "age_s" in sql for sql in asked)
    assert any("FROM upstreams" in sql for sql in asked)


@everyone
def test_the_wall_link_hides_what_a_wall_does_not_need(name: str) -> None:
    (wall,) = [link["url"] for link in DOCUMENTS[name]["links"] if "kiosk" in link.get("url", "")]

    assert wall.startswith(f"/d/{DOCUMENTS[name]['uid']}?kiosk&autofitpanels&")
    for part in ("hideTimePicker", "hideVariables", "hideLinks"):
        assert f"_dash.{part}=true" in wall


@everyone
def test_the_refresh_is_one_that_can_be_chosen(name: str) -> None:
    document = DOCUMENTS[name]
    maps = any(panel["type"] == "geomap" for panel in panels(document))

    assert document["refresh"] == ("30s" if maps else "10s")
    assert document["refresh"] in document["timepicker"]["refresh_intervals"]


@everyone
def test_panels_do_not_lie_on_each_other(name: str) -> None:
    taken: set[tuple[int, int]] = set()
    for panel in DOCUMENTS[name]["panels"]:
        place = panel["gridPos"]
        cells = {
            (x, y)
            for x in range(place["x"], place["x"] + place["w"])
            for y in range(place["y"], place["y"] + place["h"])
        }
        assert not cells & taken
        assert max(x for x, _ in cells) < 24
        taken |= cells


@everyone
def test_whoever_opens_an_alert_gets_a_new_tab(name: str) -> None:
    text = json.dumps(DOCUMENTS[name])
    for panel in panels(DOCUMENTS[name]):
        for override in panel["fieldConfig"]["overrides"]:
            for each in override["properties"]:
                for link in each["value"] if each["id"] == "links" else ():
                    if "/alerts/" in link["url"]:
                        assert link["targetBlank"]
                        assert "${console_url}/alerts/${__data.fields." in link["url"]
    assert "{language}" not in text
