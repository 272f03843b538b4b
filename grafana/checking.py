"""What Grafana would refuse, overlook or not explain: found before it is loaded."""

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from grafana.links import uid_in
from grafana.query import DATASOURCE
from grafana.rendering import RENDERED, render, stale

_TIME_COLUMN: Final = re.compile(
    r'\bAS\s+"?time"?\b|\btime\s*,|\$__time(Group)?(Alias)?\(', re.IGNORECASE
)
_CHINESE: Final = re.compile(r"[\u4e00-\u9fff]")
_REMOTE: Final = re.compile(r"https?://(?!127\.0\.0\.1|localhost)", re.IGNORECASE)
_OWN_UNIT: Final = {"table", "row"}
"""Tables name units by column, headings have none."""


def problems() -> list[str]:
    """Return a sentence for everything that is wrong; empty: nothing is."""
    documents = {str(name): json.loads(text) for name, text in render().items()}
    return [
        *stale(RENDERED),
        *_duplicates(documents),
        *_missing_twins(documents),
        *(each for name, document in documents.items() for each in _faults(name, document)),
    ]


def panels(document: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield every panel of a dashboard, those in collapsed rows too, headings left out."""
    for each in document["panels"]:
        if each["type"] == "row":
            yield from each.get("panels", ())
        else:
            yield each


def _duplicates(documents: Mapping[str, Any]) -> Iterator[str]:
    """Two of one uid, or of one title in a folder, and Grafana loads neither."""
    uids = Counter(document["uid"] for document in documents.values())
    titles = Counter((Path(name).parent, each["title"]) for name, each in documents.items())
    yield from (
        f"The uid {uid} is there {times} times." for uid, times in uids.items() if times > 1
    )
    yield from (
        f"The title {title} is there {times} times in {folder}."
        for (folder, title), times in titles.items()
        if times > 1
    )


def _missing_twins(documents: Mapping[str, Any]) -> Iterator[str]:
    for name in documents:
        path = Path(name)
        if path.parts[0] == "zh" and f"en/{uid_in(path.stem, 'en')}.json" not in documents:
            yield f"{name} has no English twin."


def _faults(name: str, document: Mapping[str, Any]) -> Iterator[str]:
    text = json.dumps(document, ensure_ascii=False)
    if _REMOTE.search(text):
        yield f"{name} asks the internet for something."
    if "{language}" in text:
        yield f"{name} has an unfilled {{language}}."
    ids = Counter(panel["id"] for panel in document["panels"])
    yield from (f"{name} uses panel id {one} twice." for one, times in ids.items() if times > 1)
    for panel in panels(document):
        for fault in _panel_faults(panel, english=name.startswith("en")):
            yield f"{name}, panel {panel.get('title') or panel['id']}: {fault}"


def _panel_faults(panel: Mapping[str, Any], *, english: bool) -> Iterator[str]:
    for part in ("title", "description"):
        if not panel.get(part):
            yield f"has no {part}."
        elif english and _CHINESE.search(_without_terms(panel[part])):
            yield f"its {part} is not in English."
    if panel["type"] not in _OWN_UNIT and not panel["fieldConfig"]["defaults"].get("unit"):
        yield "has no unit."
    if panel.get("datasource") != DATASOURCE.to_json():
        yield "does not ask the data source."
    yield from _query_faults(panel.get("targets", ()))


def _query_faults(targets: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    found = list(targets)
    if not found:
        yield "has no query."
    for target in found:
        sql = target["rawSql"]
        if target["format"] == "time_series" and not _TIME_COLUMN.search(sql):
            yield "has a time series without a column time."
        if any("$" in comment for comment in re.findall(r"--.*", sql)):
            yield "has a $ in an SQL comment, which some releases expand."


def _without_terms(text: str) -> str:
    """Leave out the field's Chinese terms that an English text gives in brackets."""
    return re.sub(r"[(（][^()（）]*[)）]", "", text)
