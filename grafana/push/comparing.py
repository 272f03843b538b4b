"""What there is beside what there should be. Pure: no Grafana in sight."""

import json
from collections.abc import Iterator, Mapping, Sequence
from difflib import unified_diff
from enum import StrEnum
from typing import Any, Final, NamedTuple

Json = Any
"""A value of JSON."""

_OURS: Final = frozenset({"id", "version"})  # of a dashboard: Grafana's own book-keeping
_LINES: Final = 60


class Outcome(StrEnum):
    """What a push does, or in a dry run would do, to one thing."""

    CREATED = "created"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    LEFT = "left alone"


class Step(NamedTuple):
    """One thing after it was looked at; `why` says something about it, `diff` what is new."""

    kind: str
    name: str
    outcome: Outcome
    why: str = ""
    diff: Sequence[str] = ()


def holds(found: Json, wanted: Json) -> bool:
    """Say whether everything wanted is there; Grafana may have added defaults of its own."""
    match wanted:
        case Mapping():
            return isinstance(found, Mapping) and all(
                name in found and holds(found[name], value) for name, value in wanted.items()
            )
        case list() | tuple():
            return (
                isinstance(found, list)
                and len(found) == len(wanted)
                and all(map(holds, found, wanted))
            )
    return bool(found == wanted)


def without_bookkeeping(dashboard: Mapping[str, Json]) -> dict[str, Json]:
    """Leave out what Grafana numbers by itself."""
    return {name: value for name, value in dashboard.items() if name not in _OURS}


def difference(name: str, found: Json, wanted: Json) -> list[str]:
    """Return what a push would change, as a unified diff of what is wanted; no longer than fits."""
    lines = list(
        unified_diff(
            _lines(_reduced(found, wanted)), _lines(wanted), f"{name} (there)", f"{name} (here)",
            n=1, lineterm="",
        )
    )  # fmt: skip
    if len(lines) > _LINES:
        return [*lines[:_LINES], f"... and {len(lines) - _LINES} lines more"]
    return lines


def _reduced(found: Json, wanted: Json) -> Json:
    """Keep of what is there only what is spoken of here."""
    if isinstance(found, Mapping) and isinstance(wanted, Mapping):
        return {
            name: _reduced(value, wanted[name]) for name, value in found.items() if name in wanted
        }
    if isinstance(found, list) and isinstance(wanted, list):
        known = wanted[: len(found)] + [None] * (len(found) - len(wanted))
        return [_reduced(one, other) for one, other in zip(found, known, strict=True)]
    return found


def _lines(value: Json) -> list[str]:
    if value is None:
        return []
    return json.dumps(value, ensure_ascii=False, indent=1, sort_keys=True).splitlines()


def summary(steps: Sequence[Step], *, dry: bool) -> Iterator[str]:
    """Yield a line for each thing, its diff below it in a dry run, and a sentence at the end."""
    for step in steps:
        why = f" ({step.why})" if step.why else ""
        yield f"{step.outcome:<10}  {step.kind}: {step.name}{why}"
        yield from (f"    {line}" for line in (step.diff if dry else ()))
    moved = [step for step in steps if step.outcome in (Outcome.CREATED, Outcome.CHANGED)]
    if not moved:
        yield "Nothing to change: everything is there already."
    elif dry:
        yield f"{len(moved)} of {len(steps)} would change; nothing was sent."
    else:
        yield f"{len(moved)} of {len(steps)} changed."
