"""What happened over time."""

from collections.abc import Mapping
from typing import Literal

from grafana_foundation_sdk.models import common, dashboard, statetimeline
from grafana_foundation_sdk.models import timeseries as models

from grafana.colours import NEUTRAL, Series, Steps
from grafana.panels.parts import Head, Mappings, field, legend, named, panel
from grafana.query import PostgresQuery

Style = Literal["line", "bars"]
_BY_NAME = dashboard.FieldColor(dashboard.FieldColorModeId.PALETTE_CLASSIC_BY_NAME)


def timeseries(  # noqa: PLR0913 - one for each knob of the panel
    head: Head,
    sql: str,
    *,
    unit: str = "short",
    series: Mapping[str, Series] | None = None,
    style: Style = "line",
    stacked: bool = False,
    limits: Steps = (),
    bounds: tuple[float | None, float | None] = (0, None),
    decimals: int | None = None,
    time_from: str | None = None,
    interval: str | None = None,
) -> dashboard.Panel:
    """Draw columns over `time`, or one series for each value of a text column `metric`.

    `limits` are drawn as dashed lines; `interval` is the least that `$__interval` may be.
    """
    config = _config(style, stacked=stacked, limits=bool(limits))
    options = models.Options(
        legend=legend(), tooltip=common.VizTooltipOptions(common.TooltipDisplayMode.MULTI)
    )
    fields = dashboard.FieldConfigSource(
        field(
            unit,
            steps=limits or NEUTRAL,
            colour=_BY_NAME,
            decimals=decimals,
            bounds=bounds,
            custom=config,
        ),
        named(series or {}),
    )
    return panel(
        "timeseries",
        head,
        [PostgresQuery(sql, "time_series")],
        options=options,
        fields=fields,
        time_from=time_from,
        interval=interval,
    )


def _config(style: Style, *, stacked: bool, limits: bool) -> models.FieldConfig:
    mode = common.GraphThresholdsStyleMode
    return models.FieldConfig(
        draw_style=common.GraphDrawStyle(style),
        line_width=2,
        fill_opacity=80 if style == "bars" else 10,
        show_points=common.VisibilityMode.NEVER,
        span_nulls=False,
        stacking=common.StackingConfig(
            common.StackingMode.NORMAL if stacked else common.StackingMode.NONE, "A"
        ),
        thresholds_style=common.GraphThresholdsStyleConfig(mode.DASHED if limits else mode.OFF),
    )


def state_timeline(
    head: Head,
    sql: str,
    *,
    mappings: Mappings,
    series: Mapping[str, Series] | None = None,
    time_from: str | None = None,
    interval: str | None = None,
) -> dashboard.Panel:
    """Draw a row of states for each value of `metric`; `mappings` give its numbers their names.

    Numbers, since a text column of a time series becomes a label.
    """
    options = statetimeline.Options(
        show_value=common.VisibilityMode.AUTO,
        merge_values=True,
        legend=legend(shown=False),
        tooltip=common.VizTooltipOptions(common.TooltipDisplayMode.SINGLE),
    )
    custom = statetimeline.FieldConfig(fill_opacity=85, line_width=0)
    fields = dashboard.FieldConfigSource(
        field("none", mappings=mappings, custom=custom), named(series or {})
    )
    return panel(
        "state-timeline",
        head,
        [PostgresQuery(sql, "time_series")],
        options=options,
        fields=fields,
        time_from=time_from,
        interval=interval,
    )
