"""What Grafana reads at its start fits what we render and mount."""

from pathlib import Path
from typing import Any

import yaml

from grafana.query import DATASOURCE
from grafana.rendering import RENDERED

ROOT = Path(__file__).parents[3]
PROVISIONING = ROOT / "grafana" / "provisioning"


def read(name: str) -> Any:
    return yaml.safe_load((PROVISIONING / name).read_text(encoding="utf-8"))


def test_the_data_source_is_the_one_panels_ask() -> None:
    (source,) = read("datasources/yiwang.yaml")["datasources"]

    assert (source["uid"], source["type"]) == (DATASOURCE.uid, DATASOURCE.type_val)
    assert source["user"] == "yiwang_grafana"
    assert source["jsonData"]["timescaledb"] is True
    assert source["jsonData"]["timeInterval"] == "1s"


def test_there_is_a_folder_for_each_language_and_no_other() -> None:
    providers = read("dashboards/yiwang.yaml")["providers"]

    folders = {Path(each["options"]["path"]).name for each in providers}
    assert folders == {path.name for path in RENDERED.iterdir()}
    assert len({each["folder"] for each in providers}) == 2
    assert len({each["folderUid"] for each in providers}) == 2


def test_nobody_edits_what_the_repository_says() -> None:
    for provider in read("dashboards/yiwang.yaml")["providers"]:
        assert provider["allowUiUpdates"] is False
        assert provider["updateIntervalSeconds"] > 10  # polled
