"""Comparisons: bars beside each other, or a ranking."""

from collections.abc import Mapping

from grafana_foundation_sdk.models import barchart, bargauge, common, dashboard

from grafana.colours import NEUTRAL, SKY, Series, Steps
from grafana.panels.parts import Head, Mappings, field, fixed, legend, named, panel
from grafana.query import PostgresQuery


def bars(  # noqa: PLR0913 - one for each knob of the panel
    head: Head,
    sql: str,
    *,
    category: str,
    unit: str = "short",
    series: Mapping[str, Series] | None = None,
    mappings: Mappings = (),
    stacked: bool = False,
    horizontal: bool = False,
    decimals: int | None = None,
    time_from: str | None = None,
) -> dashboard.Panel:
    """Draw the number columns of each row as bars over its text column `category`."""
    options = barchart.Options(
        x_field=category,
        orientation=(
            common.VizOrientation.HORIZONTAL if horizontal else common.VizOrientation.VERTICAL
        ),
        stacking=common.StackingMode.NORMAL if stacked else common.StackingMode.NONE,
        show_value=common.VisibilityMode.AUTO,
        legend=legend(shown=bool(series) and len(series or {}) > 1),
        tooltip=common.VizTooltipOptions(common.TooltipDisplayMode.MULTI),
    )
    custom = barchart.FieldConfig(line_width=0, fill_opacity=85)
    fields = dashboard.FieldConfigSource(
        field(
            unit,
            mappings=mappings,
            colour=fixed(SKY),
            decimals=decimals,
            bounds=(0, None),
            custom=custom,
        ),
        named(series or {}),
    )
    return panel(
        "barchart", head, [PostgresQuery(sql)], options=options, fields=fields, time_from=time_from
    )


def ranking(
    head: Head,
    sql: str,
    *,
    unit: str = "short",
    steps: Steps = NEUTRAL,
    mappings: Mappings = (),
    series: Mapping[str, Series] | None = None,
    bounds: tuple[float | None, float | None] = (0, None),
    decimals: int | None = None,
    time_from: str | None = None,
) -> dashboard.Panel:
    """Draw one bar for each row: its text column is the name, its number column the length."""
    options = bargauge.Options(
        display_mode=common.BarGaugeDisplayMode.BASIC,
        value_mode=common.BarGaugeValueMode.TEXT,
        name_placement=common.BarGaugeNamePlacement.LEFT,
        sizing=common.BarGaugeSizing.AUTO,
        orientation=common.VizOrientation.HORIZONTAL,
        reduce_options=common.ReduceDataOptions(values=True, calcs=["lastNotNull"], fields=""),
        legend=legend(shown=False),
    )
    fields = dashboard.FieldConfigSource(
        field(unit, steps=steps, mappings=mappings, decimals=decimals, bounds=bounds),
        named(series or {}),
    )
    return panel(
        "bargauge", head, [PostgresQuery(sql)], options=options, fields=fields, time_from=time_from
    )
