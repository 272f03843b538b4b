"""Where one gets to from a dashboard: its twin, the others, the wall, our own pages."""

from typing import Final, NamedTuple

from grafana_foundation_sdk.models import dashboard

from grafana.words import Language, Say

CONSOLE: Final = "${console_url}"
"""The address of our own pages: a hidden variable of every dashboard."""
CONSOLE_URL: Final = "http://127.0.0.1:8000"
TAG: Final = "yiwang"


class HeadLink(dashboard.DashboardLink):
    """A link in the head of a dashboard; the SDK would hide every one in a menu."""

    def to_json(self) -> dict[str, object]:
        """Return the link without a placement: it is shown."""
        return {key: value for key, value in super().to_json().items() if key != "placement"}


class DataLink(NamedTuple):
    """A link that knows the row it stands in; the names are Grafana's."""

    title: str
    url: str
    targetBlank: bool = True  # noqa: N815 - a new tab: leaving the page would stop a playlist


def alert_page(say: Say) -> DataLink:
    """Return the link of a row with a column `alert_id` to the page where it is acknowledged."""
    return DataLink(
        say("打开告警并处置", "Open the alert"), f"{CONSOLE}/alerts/${{__data.fields.alert_id}}"
    )


def site_page(say: Say) -> DataLink:
    """Return the link of a row with a column `site_id` to the page with all that stands there."""
    return DataLink(say("打开点位", "Open the site"), f"{CONSOLE}/sites/${{__data.fields.site_id}}")


def uid_in(uid: str, language: Language) -> str:
    """Return the uid of a dashboard's twin: the Chinese one has the plain name."""
    return uid if language == "zh" else f"{uid}-en"


def dashboard_link(say: Say, uid: str, title: str, query: str = "") -> DataLink:
    """Return a link from a row to another dashboard of ours, in the same language."""
    return DataLink(title, f"/d/{uid_in(uid, say.language)}{query}", targetBlank=False)


def kiosk_path(uid: str, language: Language, refresh: str) -> str:
    """Return the address for a wall screen: no menus, no controls, fitted to the screen."""
    hidden = "&".join(
        f"_dash.{part}=true" for part in ("hideTimePicker", "hideVariables", "hideLinks")
    )
    return f"/d/{uid_in(uid, language)}?kiosk&autofitpanels&{hidden}&refresh={refresh}&theme=dark"


def links(say: Say, uid: str, refresh: str) -> list[dashboard.DashboardLink]:
    """Return the links in the head of a dashboard: language, the others, wall, duty desk."""
    other: Language = "en" if say.language == "zh" else "zh"
    return [
        _link(say("English", "中文"), f"/d/{uid_in(uid, other)}", keep=True),
        HeadLink(
            say("其他大屏", "Other dashboards"),
            dashboard.DashboardLinkType.DASHBOARDS,
            icon="external link",
            tags=[TAG, say.language],
            as_dropdown=True,
            keep_time=True,
        ),
        _link(say("上墙", "Wall"), kiosk_path(uid, say.language, refresh)),
        _link(say("值班台", "Duty desk"), f"{CONSOLE}/desk", blank=True),
    ]


def _link(
    title: str, url: str, *, keep: bool = False, blank: bool = False
) -> dashboard.DashboardLink:
    return HeadLink(
        title,
        dashboard.DashboardLinkType.LINK,
        icon="external link",
        url=url,
        tags=[],
        keep_time=keep,
        include_vars=keep,
        target_blank=blank,
    )
