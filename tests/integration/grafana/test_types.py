"""The rendered dashboards against the types of @grafana/schema, by the TypeScript compiler."""

from collections.abc import Callable
from copy import deepcopy
from typing import Any

import pytest

from grafana.questions import read_dashboards
from grafana.schema.compiling import complaints

DASHBOARDS = [*read_dashboards("zh").values(), *read_dashboards("en").values()]


def first(dashboard: Any, kind: str) -> Any:
    return next(panel for panel in dashboard["panels"] if panel["type"] == kind)


def misspell_title(dashboard: Any) -> None:
    dashboard["titel"] = "x"


def misspell_grid(dashboard: Any) -> None:
    dashboard["panels"][0]["gridPos"]["heigth"] = 3


def misspell_option(dashboard: Any) -> None:
    first(dashboard, "stat")["options"]["colourMode"] = "value"


def unknown_mode(dashboard: Any) -> None:
    first(dashboard, "stat")["options"]["colorMode"] = "rainbow"


def misspell_view(dashboard: Any) -> None:
    first(dashboard, "geomap")["options"]["veiw"] = {"id": "coords"}


def misspell_cell(dashboard: Any) -> None:
    first(dashboard, "table")["fieldConfig"]["defaults"].setdefault("custom", {})["aling"] = "left"


def forget_sql(dashboard: Any) -> None:
    del first(dashboard, "stat")["targets"][0]["rawSql"]


SLIPS = [
    (misspell_title, "titel"),
    (misspell_grid, "heigth"),
    (misspell_option, "colourMode"),
    (unknown_mode, "rainbow"),
    (misspell_view, "veiw"),
    (misspell_cell, "aling"),
    (forget_sql, "rawSql"),
]


def spoiled(spoil: Callable[[Any], None]) -> Any:
    dashboard: Any = deepcopy(read_dashboards("zh")["yw-overview"])
    spoil(dashboard)
    return {**dashboard, "uid": spoil.__name__.replace("_", "-")}


@pytest.fixture(scope="module")
def found() -> list[str]:
    """One run of the compiler over what is right and over every slip."""
    return complaints([*DASHBOARDS, *(spoiled(spoil) for spoil, _ in SLIPS)])


def test_the_dashboards_are_what_grafana_allows(found: list[str]) -> None:
    assert DASHBOARDS
    assert [line for line in found if line.startswith("yw-")] == []


@pytest.mark.parametrize(("spoil", "word"), SLIPS, ids=[spoil.__name__ for spoil, _ in SLIPS])
def test_a_slip_is_found_and_named(
    found: list[str], spoil: Callable[[Any], None], word: str
) -> None:
    name = spoil.__name__.replace("_", "-")
    (line,) = (line for line in found if line.startswith(f"{name}, "))

    assert word in line
