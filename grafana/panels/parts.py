"""What all panels have in common."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from grafana_foundation_sdk.models import common, dashboard

from grafana.colours import NEUTRAL, Series, Steps, thresholds
from grafana.query import DATASOURCE, PostgresQuery

Mappings = Sequence[dashboard.ValueMapping]


class Head(NamedTuple):
    """What stands above a panel, and what its (i) says: formula, unit and source."""

    title: str
    description: str


def panel(
    kind: str,
    head: Head,
    queries: Sequence[PostgresQuery],
    *,
    options: object,
    fields: dashboard.FieldConfigSource,
    time_from: str | None = None,
    interval: str | None = None,
) -> dashboard.Panel:
    """Put a panel together; `time_from` gives it a time range of its own, such as `30d`."""
    return dashboard.Panel(
        type_val=kind,
        title=head.title,
        description=head.description,
        datasource=DATASOURCE,
        targets=list(queries),
        options=options,
        field_config=fields,
        time_from=time_from,
        interval=interval,
    )


def field(
    unit: str,
    *,
    steps: Steps = NEUTRAL,
    mappings: Mappings = (),
    colour: dashboard.FieldColor | None = None,
    decimals: int | None = None,
    bounds: tuple[float | None, float | None] = (None, None),
    custom: object = None,
) -> dashboard.FieldConfig:
    """Return how values are shown where no override says otherwise."""
    return dashboard.FieldConfig(
        unit=unit,
        decimals=decimals,
        min_val=bounds[0],
        max_val=bounds[1],
        mappings=list(mappings),
        thresholds=thresholds(steps),
        color=colour or dashboard.FieldColor(dashboard.FieldColorModeId.THRESHOLDS),
        custom=custom,
    )


def named(series: Mapping[str, Series]) -> list[dashboard.DashboardFieldConfigSourceOverrides]:
    """Return the overrides that give series their names and colours."""
    return [override(name, _properties(each)) for name, each in series.items()]


def override(
    name: str, properties: Mapping[str, object]
) -> dashboard.DashboardFieldConfigSourceOverrides:
    """Return the override of one field, found by its name in the result."""
    return dashboard.DashboardFieldConfigSourceOverrides(
        matcher=dashboard.MatcherConfig("byName", name),
        properties=[dashboard.DynamicConfigValue(key, value) for key, value in properties.items()],
    )


def last_value(fields: str = "") -> common.ReduceDataOptions:
    """Return the reduction to the last value; `/.*/` takes text fields too."""
    return common.ReduceDataOptions(values=False, calcs=["lastNotNull"], fields=fields)


def legend(*, shown: bool = True) -> common.VizLegendOptions:
    """Return a legend below the panel, as a list."""
    return common.VizLegendOptions(
        display_mode=common.LegendDisplayMode.LIST,
        placement=common.LegendPlacement.BOTTOM,
        show_legend=shown,
        calcs=[],
    )


def fixed(colour: str) -> dashboard.FieldColor:
    """Return one colour, whatever the value."""
    return dashboard.FieldColor(dashboard.FieldColorModeId.FIXED, colour)


def _properties(series: Series) -> dict[str, object]:
    found: dict[str, object] = {"displayName": series.title}
    if series.colour is not None:
        found["color"] = fixed(series.colour)
    if series.unit is not None:
        found["unit"] = series.unit
    if series.decimals is not None:
        found["decimals"] = series.decimals
    if series.steps:
        found["thresholds"] = thresholds(series.steps)
    return found
