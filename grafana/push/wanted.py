"""What should be in a Grafana: data source, folder, dashboards, playlist, the wall's account."""

import json
from collections.abc import Mapping
from typing import Any, Final, NamedTuple

from grafana.push.settings import Settings
from grafana.query import DATASOURCE
from grafana.rendering import render_language
from grafana.words import Language, Word

Object = dict[str, Any]

FOLDERS: Final[Mapping[Language, tuple[str, Word]]] = {
    "zh": ("yiwang-zh", Word("一网统管", "一网统管")),
    "en": ("yiwang-en", Word("One network", "One network")),
}
WALL_ACCOUNT: Final = "yiwang-wall"
_STAYS: Final = "60s"
"""How long the wall shows each dashboard; ours."""
_ROUND: Final[Mapping[Language, str]] = {"zh": "一网统管 大屏轮播", "en": "One network, wall"}


class Wanted(NamedTuple):
    """Everything, in Grafana's own forms; dashboards by uid in the order of the playlist."""

    datasource: Object
    folder: Object
    dashboards: Mapping[str, Object]
    playlist: Object
    account: Object


def wanted(language: Language, settings: Settings) -> Wanted:
    """Return what belongs to one language."""
    rendered = render_language(language, settings.console_url)
    dashboards = {uid: json.loads(text) for uid, text in rendered.items()}
    uid, title = FOLDERS[language]
    return Wanted(
        _datasource(settings),
        {"uid": uid, "title": title.zh if language == "zh" else title.en},
        dashboards,
        _playlist(language, list(dashboards)),
        {"name": WALL_ACCOUNT, "role": "Viewer", "isDisabled": False},
    )


def _datasource(settings: Settings) -> Object:
    """Return the data source as provisioning/datasources/yiwang.yaml has it."""
    address, _, name = settings.database.partition("/")
    return {
        "uid": DATASOURCE.uid,
        "name": "yiwang",
        "type": DATASOURCE.type_val,
        "access": "proxy",
        "url": address,
        "user": "yiwang_grafana",
        "isDefault": True,
        "jsonData": {
            "database": name,
            "sslmode": settings.database_tls,
            "postgresVersion": 1700,
            "timescaledb": True,
            "timeInterval": "1s",
            "maxOpenConns": 10,
            "connMaxLifetime": 14400,
        },
    }


def _playlist(language: Language, uids: list[str]) -> Object:
    """Return the playlist; it drops variables and times, so dashboards open as they should."""
    items = [{"type": "dashboard_by_uid", "value": uid} for uid in uids]
    return {"name": _ROUND[language], "interval": _STAYS, "items": items}
