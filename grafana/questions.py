"""Every question a rendered dashboard asks the database: panels, variables, annotations."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal

from grafana.intervals import interval_ms

RENDERED: Final = Path(__file__).with_name("rendered")
DATASOURCE_UID: Final = "yiwang"
LEAST_MS: Final = 1000
"""The data source's `timeInterval` (provisioning/datasources/yiwang.yaml)."""

Object = Mapping[str, Any]
Part = Literal["panel", "variable", "annotation"]

_SCREEN_PX: Final = 1920
_COLUMNS: Final = 24


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One statement as it stands in the JSON, before anything is filled in."""

    dashboard: str
    part: Part
    title: str
    ref: str
    sql: str
    form: str
    points: int
    since: str
    until: str
    panel: Object

    @property
    def name(self) -> str:
        """Return what to call it: dashboard, panel, and the target where there are several."""
        return f"{self.dashboard}: {self.title} {self.ref}".strip()

    def interval_ms(self, range_ms: float) -> int:
        """Return what `$__interval` is for a range of so many milliseconds."""
        return interval_ms(range_ms, self.points, least_ms=LEAST_MS)


def read_dashboards(language: str) -> dict[str, Object]:
    """Return the rendered dashboards of one language by uid."""
    files = sorted((RENDERED / language).glob("*.json"))
    found = [json.loads(file.read_text(encoding="utf-8")) for file in files]
    return {dashboard["uid"]: dashboard for dashboard in found}


def questions(dashboard: Object) -> list[Question]:
    """Return everything the dashboard asks, variables first."""
    return [*_variables(dashboard), *_annotations(dashboard), *_panels(dashboard)]


def panels(dashboard: Object) -> Iterator[Object]:
    """Yield every panel, those in collapsed rows included."""
    for panel in dashboard.get("panels", ()):
        if panel.get("type") == "row":
            yield from panel.get("panels") or ()
        else:
            yield panel


def variables(dashboard: Object) -> Sequence[Object]:
    """Return the dashboard's variables in the order in which they are filled."""
    return (dashboard.get("templating") or {}).get("list") or []


def _panels(dashboard: Object) -> Iterator[Question]:
    for panel in panels(dashboard):
        targets = [each for each in panel.get("targets") or () if _is_ours(each, panel)]
        for target in targets:
            ref = target.get("refId", "") if len(targets) > 1 else ""
            yield _question(
                dashboard, "panel", panel.get("title") or f"#{panel.get('id')}", target, panel, ref
            )


def _annotations(dashboard: Object) -> Iterator[Question]:
    for each in (dashboard.get("annotations") or {}).get("list") or ():
        target = each.get("target") or each
        if _is_ours(each, {}) and "rawSql" in {**each, **target}:
            yield _question(dashboard, "annotation", each["name"], {**each, **target}, {}, "")


def _variables(dashboard: Object) -> Iterator[Question]:
    for each in variables(dashboard):
        if each.get("type") == "query" and _is_ours(each, {}):
            asked = each["query"]
            sql = asked if isinstance(asked, str) else asked["rawSql"]
            target = {"rawSql": sql, "format": "table"}
            yield _question(dashboard, "variable", each["name"], target, {}, "")


def _is_ours(target: Object, panel: Object) -> bool:
    source = target.get("datasource") or panel.get("datasource") or {}
    return isinstance(source, dict) and source.get("uid") == DATASOURCE_UID


def _question(
    dashboard: Object, part: Part, title: str, target: Object, panel: Object, ref: str
) -> Question:
    times = dashboard.get("time") or {}
    since, until = times.get("from", "now-6h"), times.get("to", "now")
    if panel.get("timeFrom"):
        since, until = f"now-{panel['timeFrom'].removeprefix('now-')}", "now"
    return Question(
        dashboard=dashboard["uid"],
        part=part,
        title=title,
        ref=ref,
        sql=target["rawSql"],
        form=target.get("format", "table"),
        points=_points(panel),
        since=since,
        until=until,
        panel=panel,
    )


def _points(panel: Object) -> int:
    width = (panel.get("gridPos") or {}).get("w", _COLUMNS)
    return int(panel.get("maxDataPoints") or _SCREEN_PX * width // _COLUMNS)


_FIELD: Final = re.compile(r"__data\.fields(?:\.(\w+)|\[\\?[\"'](.+?)\\?[\"']\])")


def wanted_columns(panel: Object) -> set[str]:
    """Return the columns that links, overrides, maps and tables of this panel speak of.

    An override may name what a transformation has renamed; then the original name is wanted.
    """
    text = json.dumps(panel, ensure_ascii=False)
    named = {plain or quoted for plain, quoted in _FIELD.findall(text)}
    named.update(_overridden(panel), _mapped(panel), _sorted(panel), _transformed(panel))
    original = {new: old for old, new in _renamed(panel).items()}
    return {original.get(name, name) for name in named}


def _overridden(panel: Object) -> Iterator[str]:
    for override in (panel.get("fieldConfig") or {}).get("overrides") or ():
        matcher = override["matcher"]
        if matcher["id"] == "byName":
            yield matcher["options"]


def _mapped(panel: Object) -> Iterator[str]:
    for layer in (panel.get("options") or {}).get("layers") or ():
        location = layer.get("location") or {}
        if location.get("mode") == "coords":
            yield from (location["latitude"], location["longitude"])
        style = (layer.get("config") or {}).get("style") or {}
        for part in style.values():
            if isinstance(part, dict) and part.get("field"):
                yield part["field"]


def _sorted(panel: Object) -> Iterator[str]:
    for each in (panel.get("options") or {}).get("sortBy") or ():
        yield each["displayName"]


def _transformed(panel: Object) -> Iterator[str]:
    for each in panel.get("transformations") or ():
        options = each.get("options") or {}
        if each["id"] == "organize":
            for key in ("excludeByName", "indexByName", "renameByName"):
                yield from options.get(key) or {}


def _renamed(panel: Object) -> dict[str, str]:
    return {
        old: new
        for each in panel.get("transformations") or ()
        for old, new in ((each.get("options") or {}).get("renameByName") or {}).items()
        if new
    }
