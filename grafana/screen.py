"""A dashboard, described; and what Grafana makes of it."""

from collections.abc import Sequence
from typing import Final, NamedTuple

from grafana_foundation_sdk.models import dashboard

from grafana.layout import Row, place
from grafana.links import CONSOLE_URL, TAG, links, uid_in
from grafana.query import DATASOURCE, PostgresQuery
from grafana.words import Say

_REFRESH: Final = ["5s", "10s", "30s", "1m", "5m"]


class Screen(NamedTuple):
    """What a dashboard is: who it is, what it shows, how often and over what time by default."""

    uid: str
    title: str
    description: str
    rows: Sequence[Row]
    since: str = "now-24h"
    refresh: str = "10s"
    variables: Sequence[dashboard.VariableModel] = ()
    annotations: Sequence[dashboard.AnnotationQuery] = ()


def draw(screen: Screen, say: Say, console_url: str = CONSOLE_URL) -> dashboard.Dashboard:
    """Return the dashboard in the language spoken."""
    return dashboard.Dashboard(
        uid=uid_in(screen.uid, say.language),
        title=screen.title,
        description=screen.description,
        tags=[TAG, say.language],
        timezone="Asia/Shanghai",
        week_start="monday",
        editable=False,
        graph_tooltip=dashboard.DashboardCursorSync.CROSSHAIR,
        time=dashboard.DashboardDashboardTime(screen.since, "now"),
        timepicker=dashboard.TimePickerConfig(refresh_intervals=_REFRESH),
        refresh=screen.refresh,
        panels=place(screen.rows),
        templating=dashboard.DashboardDashboardTemplating(
            [_console(console_url), *screen.variables]
        ),
        annotations=dashboard.AnnotationContainer(list(screen.annotations)),
        links=links(say, screen.uid, screen.refresh),
    )


def choice(
    name: str, label: str, sql: str, *, multi: bool = True, everything: str | None = None
) -> dashboard.VariableModel:
    """Return a variable that is chosen from the rows of `sql` (`__value`, `__text`).

    In SQL use `IN (${name:sqlstring})`. `everything` is the text of "all", which then comes first.
    """
    chosen = "$__all" if everything else ""
    return dashboard.VariableModel(
        type_val=dashboard.VariableType.QUERY,
        name=name,
        label=label,
        datasource=DATASOURCE,
        query=sql,
        definition=sql,
        multi=multi,
        include_all=everything is not None,
        current=dashboard.VariableOption(
            text=[everything or ""] if multi else everything or "",
            value=[chosen] if multi else chosen,
        ),
        refresh=dashboard.VariableRefresh.ON_DASHBOARD_LOAD,
        sort=dashboard.VariableSort.DISABLED,
    )


def marks(name: str, sql: str, colour: str) -> dashboard.AnnotationQuery:
    """Return annotations from rows of `time`, `text` and, if need be, `timeend`, `tags`."""
    return dashboard.AnnotationQuery(
        name=name,
        datasource=DATASOURCE,
        enable=True,
        icon_color=colour,
        target=PostgresQuery(sql, ref="Anno"),
    )


def _console(url: str) -> dashboard.VariableModel:
    """Return the hidden variable that says where our own pages are."""
    return dashboard.VariableModel(
        type_val=dashboard.VariableType.TEXTBOX,
        name="console_url",
        hide=dashboard.VariableHide.HIDE_VARIABLE,
        query=url,
        current=dashboard.VariableOption(selected=True, text=url, value=url),
        options=[dashboard.VariableOption(selected=True, text=url, value=url)],
    )
