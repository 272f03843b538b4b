"""A rendered dashboard as TypeScript, so that the compiler finds what Grafana does not know."""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any, Final, NamedTuple

from grafana.questions import panels

_HEAD: Final = 'import type { Frame, PanelOf, Row } from "./shapes.js";\n'
_ERROR: Final = re.compile(r"^(?P<file>[\w-]+)\.ts\((?P<line>\d+),\d+\): error (?P<text>.*)$")


class Source(NamedTuple):
    """A file for the compiler; `parts` are the lines at which each part begins, and its name."""

    text: str
    parts: tuple[tuple[int, str], ...]


def as_typescript(dashboard: Mapping[str, Any]) -> Source:
    """Write the dashboard: its frame, its headings, its panels, each a constant of its type."""
    text, parts = _HEAD, []
    for number, (name, kind, value) in enumerate(_parts(dashboard)):
        parts.append((text.count("\n") + 1, name))
        literal = json.dumps(value, ensure_ascii=False, indent=1)
        text += f"export const part_{number}: {kind} = {literal};\n"
    return Source(text, tuple(parts))


def _parts(dashboard: Mapping[str, Any]) -> Iterator[tuple[str, str, object]]:
    yield "the dashboard itself", "Frame", {**dashboard, "panels": []}
    for panel in dashboard["panels"]:
        if panel["type"] == "row":
            yield f"heading {panel.get('title', '')}", "Row", {**panel, "panels": []}
    for panel in panels(dashboard):
        kind = json.dumps(panel["type"])
        yield f"panel {panel.get('title') or panel['id']}", f"PanelOf<{kind}>", panel


def in_words(line: str, sources: Mapping[str, Source]) -> str | None:
    """Say of one line of the compiler which part of which dashboard it is about.

    None for a line that goes on about the error before.
    """
    found = _ERROR.match(line)
    if found is None:
        return None if line.startswith(" ") or not line.strip() else line
    source = sources.get(found["file"])
    if source is None:
        return line
    begun = [name for first, name in source.parts if first <= int(found["line"])]
    text = found["text"].split(" in type '", 1)[0]  # the type itself takes up many lines
    return f"{found['file']}, {begun[-1] if begun else 'its head'}: {text.rstrip('.')}."
