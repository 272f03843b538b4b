"""Scenarios: files that say what really happens, and what the platform should notice."""

import re
import tomllib
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Annotated, Any, Literal, NamedTuple

import msgspec
from msgspec import Meta, Struct

from core.errors import Invalid, NotFound

FOLDER = Path(__file__).parent / "scenarios"

Name = Annotated[str, Meta(pattern=r"^[a-z0-9][a-z0-9-]{0,63}$")]
Seconds = Annotated[float, Meta(ge=0, le=86_400)]
Positive = Annotated[float, Meta(gt=0, le=86_400)]
Share = Annotated[float, Meta(gt=0, le=1)]
AlertKind = Literal[
    "event", "threshold", "rate", "change", "stuck", "implausible", "offline", "geofence", "route",
    "load_speed", "hours", "forbidden", "correlation", "baseline", "expression",
]  # fmt: skip
"""The kinds of the rules that an alert can come from."""


class Selection(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which devices: by id, site and profile together; `count` keeps the first few of them."""

    ids: tuple[str, ...] = ()
    site: str | None = None
    profile: str | None = None
    count: Annotated[int, Meta(ge=1)] | None = None


class Expectation(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An alert that should come within `within_s` of the beginning, or may come if not required."""

    kind: AlertKind
    subject: str
    within_s: Positive
    required: bool = True


class Entry(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One thing that happens: what, to whom, when (seconds from the start) and for how long."""

    label: Name
    what: str
    at_s: Seconds
    for_s: Positive
    devices: Selection
    share: Share = 1.0
    expected: tuple[Expectation, ...] = ()


class Scenario(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A stretch of the city's life, whole; `local_time` sets the city's own clock (not stamps)."""

    title_zh: str
    title_en: str
    duration_s: Positive
    happens: tuple[Entry, ...]
    local_time: Annotated[str, Meta(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$")] | None = None


class Problem(NamedTuple):
    """What is wrong: in which entry (None: the file's head), with which field, as a sentence."""

    entry: int | None
    field: str
    sentence: str


def names() -> list[str]:
    """Return the scenarios that ship with the simulator."""
    return sorted(path.stem for path in FOLDER.glob("*.toml"))


def read_scenario(name: str, kinds: Collection[str]) -> Scenario:
    """Read a scenario by its name, or by the path of a file; Invalid lists all that is wrong."""
    path = Path(name) if name.endswith(".toml") else FOLDER / f"{name}.toml"
    if not path.is_file():
        raise NotFound(f"There is no scenario {name!r}; there are: {', '.join(names())}.")
    return parse_scenario(path.read_text(encoding="utf-8"), path.name, kinds)


def parse_scenario(text: str, file: str, kinds: Collection[str]) -> Scenario:
    """Check a whole file and return it; Invalid names every line and field that is wrong."""
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise Invalid(f"{file} is not TOML: {error}.") from None
    if problems := list(_problems(document, kinds)):
        raise Invalid(
            "\n".join(
                f"{file}:{line_of(text, problem.entry, problem.field)}: {problem.sentence}"
                for problem in problems
            )
        )
    return msgspec.convert(document, Scenario)


def _problems(document: dict[str, Any], kinds: Collection[str]) -> Iterator[Problem]:
    yield from _complaints(document | {"happens": []}, Scenario, entry=None)
    entries = document.get("happens")
    if not isinstance(entries, list) or not entries:
        yield Problem(None, "happens", "A scenario needs at least one [[happens]].")
        return
    labels = [entry.get("label") for entry in entries]
    for number, entry in enumerate(entries):
        yield from _complaints(entry, Entry, entry=number)
        if labels.index(labels[number]) < number:
            yield Problem(number, "label", f"The label {labels[number]!r} is used twice.")
        if entry.get("what") not in kinds:
            known = ", ".join(sorted(kinds))
            yield Problem(number, "what", f"what = {entry.get('what')!r} is none of: {known}.")
        yield from _overlong(entry, number, document.get("duration_s"))


def _complaints(document: object, kind: type[Struct], *, entry: int | None) -> Iterator[Problem]:
    """Yield the first thing msgspec finds wrong with one table."""
    try:
        msgspec.convert(document, kind)
    except msgspec.ValidationError as error:
        found = re.findall(r"\.(\w+)|unknown field `(\w+)`|required field `(\w+)`", str(error))
        field = next((name for name in reversed(found[-1]) if name), "") if found else ""
        yield Problem(entry, field, f"{error}.")


def _overlong(entry: dict[str, Any], number: int, whole: object) -> Iterator[Problem]:
    match entry.get("at_s"), entry.get("for_s"), whole:
        case ((int() | float() as at), (int() | float() as length), (int() | float() as limit)):
            if at + length > limit:
                sentence = f"It ends at {at + length:g} s, after the scenario ({limit:g} s)."
                yield Problem(number, "for_s", sentence)


def line_of(text: str, entry: int | None, field: str) -> int:
    """Return the line of a field in the file's head or its n-th [[happens]], else the table's."""
    lines = text.splitlines()
    starts = [number for number, line in enumerate(lines) if line.strip() == "[[happens]]"]
    bounds = [0, *starts, len(lines)]
    place = 0 if entry is None else entry + 1
    field_line = re.compile(rf"\s*(\[+happens\.)?{re.escape(field)}\b")
    for number in range(bounds[place], bounds[place + 1]):
        if field and field_line.match(lines[number]):
            return number + 1
    return bounds[place] + 1
