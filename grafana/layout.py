"""Where panels stand: rows from top to bottom, filled from the left, 24 columns wide."""

from collections.abc import Sequence
from typing import Final, NamedTuple

from grafana_foundation_sdk.models import dashboard

COLUMNS: Final = 24


class Row(NamedTuple):
    """Panels side by side with their widths, all of one height; a title makes a heading."""

    height: int
    panels: Sequence[tuple[int, dashboard.Panel]]
    title: str | None = None


def place(rows: Sequence[Row]) -> list[dashboard.Panel | dashboard.RowPanel]:
    """Give every panel its place and a number of its own, in the order they are read.

    Raises ValueError for a row that does not fill the width exactly.
    """
    placed: list[dashboard.Panel | dashboard.RowPanel] = []
    y = 0
    for row in rows:
        if sum(width for width, _ in row.panels) != COLUMNS:
            raise ValueError(f"A row of {COLUMNS} columns does not add up: {_titles(row)}.")
        if row.title is not None:
            placed.append(_heading(row.title, y))
            y += 1
        x = 0
        for width, panel in row.panels:
            panel.grid_pos = dashboard.GridPos(h=row.height, w=width, x=x, y=y)
            placed.append(panel)
            x += width
        y += row.height
    for number, each in enumerate(placed, 1):
        each.id_val = number
    return placed


def _heading(title: str, y: int) -> dashboard.RowPanel:
    return dashboard.RowPanel(
        collapsed=False,
        title=title,
        grid_pos=dashboard.GridPos(h=1, w=COLUMNS, x=0, y=y),
        panels=[],
    )


def _titles(row: Row) -> str:
    return ", ".join(panel.title or "" for _, panel in row.panels)
