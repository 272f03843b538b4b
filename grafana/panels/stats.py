"""Large figures."""

from collections.abc import Mapping

from grafana_foundation_sdk.models import common, dashboard
from grafana_foundation_sdk.models import stat as models

from grafana.colours import NEUTRAL, Series, Steps
from grafana.panels.parts import Head, Mappings, field, last_value, named, panel
from grafana.query import PostgresQuery


def stat(  # noqa: PLR0913 - one for each knob of the panel
    head: Head,
    sql: str,
    *,
    unit: str = "short",
    steps: Steps = NEUTRAL,
    mappings: Mappings = (),
    decimals: int | None = None,
    series: Mapping[str, Series] | None = None,
    text: bool = False,
    filled: bool = False,
    time_from: str | None = None,
) -> dashboard.Panel:
    """Show one figure, or one of each column of the only row, named by `series`.

    `filled` colours the whole panel: for what must be seen from afar. `text` shows text columns.
    """
    many = bool(series)
    options = models.Options(
        graph_mode=common.BigValueGraphMode.NONE,
        color_mode=(
            common.BigValueColorMode.BACKGROUND_SOLID if filled else common.BigValueColorMode.VALUE
        ),
        justify_mode=common.BigValueJustifyMode.CENTER,
        text_mode=(
            common.BigValueTextMode.VALUE_AND_NAME if many else common.BigValueTextMode.VALUE
        ),
        reduce_options=last_value("/.*/" if text else ""),
        orientation=common.VizOrientation.AUTO,
    )
    fields = dashboard.FieldConfigSource(
        field(unit, steps=steps, mappings=mappings, decimals=decimals), named(series or {})
    )
    return panel(
        "stat", head, [PostgresQuery(sql)], options=options, fields=fields, time_from=time_from
    )
