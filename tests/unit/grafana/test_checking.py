"""The check finds what Grafana would refuse, overlook or not explain."""

import copy
import json
from typing import Any

import pytest

from grafana import checking
from grafana.rendering import render

DOCUMENTS = {str(name): json.loads(text) for name, text in render().items()}


@pytest.fixture
def documents() -> dict[str, Any]:
    return copy.deepcopy(DOCUMENTS)


def faults(documents: dict[str, Any], name: str = "en/yw-duty-en.json") -> list[str]:
    return list(checking._faults(name, documents[name]))


def first_stat(documents: dict[str, Any], name: str = "en/yw-duty-en.json") -> dict[str, Any]:
    found: dict[str, Any] = next(
        panel for panel in checking.panels(documents[name]) if panel["type"] == "stat"
    )
    return found


def test_two_of_one_uid_are_found(documents: dict[str, Any]) -> None:
    documents["zh/yw-duty.json"]["uid"] = "yw-overview"
    assert list(checking._duplicates(documents)) == ["The uid yw-overview is there 2 times."]


def test_two_of_one_title_in_a_folder_are_found(documents: dict[str, Any]) -> None:
    documents["zh/yw-duty.json"]["title"] = documents["zh/yw-overview.json"]["title"]
    assert "is there 2 times in zh." in "".join(checking._duplicates(documents))


def test_a_missing_twin_is_found(documents: dict[str, Any]) -> None:
    del documents["en/yw-system-en.json"]
    assert list(checking._missing_twins(documents)) == ["zh/yw-system.json has no English twin."]


@pytest.mark.parametrize("part", ["title", "description"])
def test_a_panel_without_words_is_found(documents: dict[str, Any], part: str) -> None:
    first_stat(documents)[part] = ""
    assert f"has no {part}." in "".join(faults(documents))


def test_a_panel_without_a_unit_is_found(documents: dict[str, Any]) -> None:
    first_stat(documents)["fieldConfig"]["defaults"]["unit"] = None
    assert "has no unit." in "".join(faults(documents))


def test_a_panel_of_another_data_source_is_found(documents: dict[str, Any]) -> None:
    first_stat(documents)["datasource"]["uid"] = "other"
    assert "does not ask the data source." in "".join(faults(documents))


def test_chinese_in_an_english_text_is_found_unless_it_is_a_term_in_brackets(
    documents: dict[str, Any],
) -> None:
    panel = first_stat(documents)
    panel["description"] = "Pass rate (数据质量合格率)."
    assert faults(documents) == []
    panel["description"] = "合格率."
    assert "is not in English." in "".join(faults(documents))


def test_a_request_to_the_internet_is_found(documents: dict[str, Any]) -> None:
    first_stat(documents)["description"] = "https://tiles.example.org/{z}/{x}/{y}.png"
    assert "asks the internet" in "".join(faults(documents))


def test_a_dollar_in_an_sql_comment_is_found(documents: dict[str, Any]) -> None:
    first_stat(documents)["targets"][0]["rawSql"] += "\n-- by $__interval"
    assert "has a $ in an SQL comment" in "".join(faults(documents))


def test_a_time_series_without_time_is_found(documents: dict[str, Any]) -> None:
    first_stat(documents)["targets"][0] |= {"format": "time_series", "rawSql": "SELECT 1 AS one"}
    assert "has a time series without a column time." in "".join(faults(documents))


def test_two_panels_of_one_number_are_found(documents: dict[str, Any]) -> None:
    panels = documents["en/yw-duty-en.json"]["panels"]
    panels[1]["id"] = panels[0]["id"]
    assert "twice" in "".join(faults(documents))
