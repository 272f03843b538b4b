"""Rows to read and to open."""

from collections.abc import Sequence
from typing import NamedTuple

from grafana_foundation_sdk.models import common, dashboard
from grafana_foundation_sdk.models import table as models

from grafana.colours import Steps, thresholds
from grafana.links import DataLink
from grafana.panels.parts import Head, Mappings, field, override, panel
from grafana.query import PostgresQuery


class Column(NamedTuple):
    """How one column of the result looks; `coloured` fills the cell by mapping or threshold."""

    name: str
    title: str
    unit: str | None = None
    width: int | None = None
    decimals: int | None = None
    mappings: Mappings = ()
    steps: Steps = ()
    coloured: bool = False
    link: DataLink | None = None
    hidden: bool = False


def table(
    head: Head, sql: str, columns: Sequence[Column], *, time_from: str | None = None
) -> dashboard.Panel:
    """Show the rows of a result; columns that are not named are shown as they come."""
    options = models.Options(show_header=True, cell_height=common.TableCellHeight.MD)
    custom = common.TableFieldOptions(
        align=common.FieldTextAlignment.AUTO,
        cell_options=common.TableAutoCellOptions(),
        filterable=False,
    )
    fields = dashboard.FieldConfigSource(
        field("none", custom=custom),
        [override(column.name, _properties(column)) for column in columns],
    )
    return panel(
        "table", head, [PostgresQuery(sql)], options=options, fields=fields, time_from=time_from
    )


def _properties(column: Column) -> dict[str, object]:
    found: dict[str, object] = {"displayName": column.title}
    wanted: dict[str, object | None] = {
        "unit": column.unit,
        "decimals": column.decimals,
        "custom.width": column.width,
        "mappings": list(column.mappings) or None,
        "thresholds": thresholds(column.steps) if column.steps else None,
        "custom.cellOptions": _background() if column.coloured else None,
        "links": [column.link._asdict()] if column.link else None,
        "custom.hideFrom.viz": True if column.hidden else None,
    }
    return found | {key: value for key, value in wanted.items() if value is not None}


def _background() -> common.TableColoredBackgroundCellOptions:
    return common.TableColoredBackgroundCellOptions(
        mode=common.TableCellBackgroundDisplayMode.BASIC
    )
