"""The device kinds the city starts with, as data: valid as a whole, or refused with the place."""

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Final, NamedTuple, TypeVar

import msgspec

from core.errors import Invalid
from devices.catalogue.checking import complaints
from devices.model import Metric, Profile

SHIPPED: Final = Path(__file__).parent
"""The folder of the catalogue that comes with the code."""

ThingT = TypeVar("ThingT", Metric, Profile)


class Catalogue(NamedTuple):
    """Metrics and device kinds that fit together."""

    metrics: tuple[Metric, ...]
    profiles: tuple[Profile, ...]


class _Entry(NamedTuple):
    """One table of a file: its kind, where it begins, and what it says."""

    kind: str
    place: str
    fields: dict[str, object]


def load_catalogue(folder: Path = SHIPPED) -> Catalogue:
    """Read every `.toml` file of the folder; Invalid names file, line and field."""
    entries = [entry for path in sorted(folder.glob("*.toml")) for entry in _entries(path)]
    metrics = _by_name(Metric, [entry for entry in entries if entry.kind == "metrics"])
    profiles = _by_name(Profile, [entry for entry in entries if entry.kind == "profiles"])
    for profile, place in profiles.values():
        for complaint in complaints(profile, metrics):
            raise Invalid(f"{place}: {complaint}")
    return Catalogue(
        tuple(metric for metric, _ in metrics.values()),
        tuple(profile for profile, _ in profiles.values()),
    )


def _entries(path: Path) -> Iterator[_Entry]:
    """Yield the tables of one file, each with the line of its header."""
    text = path.read_text(encoding="utf-8")
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise Invalid(f"{path.name}: {error}.") from error
    for kind, tables in document.items():
        lines = _lines(text, kind)
        if kind not in ("metrics", "profiles") or len(lines) != len(tables):
            raise Invalid(f"{path.name}: write {kind} as tables, [[metrics]] or [[profiles]].")
        for line, fields in zip(lines, tables, strict=True):
            yield _Entry(kind, f"{path.name}, line {line}", fields)


def _lines(text: str, kind: str) -> list[int]:
    header = re.compile(rf"^\s*\[\[{kind}\]\]", re.MULTILINE)
    return [text.count("\n", 0, found.end()) + 1 for found in header.finditer(text)]


def _by_name(type_: type[ThingT], entries: list[_Entry]) -> dict[str, tuple[ThingT, str]]:
    """Convert entries to things by name, each with its place; a name may stand only once."""
    things: dict[str, tuple[ThingT, str]] = {}
    for entry in entries:
        thing = _convert(type_, entry)
        name = thing.name if isinstance(thing, Metric) else thing.profile_id
        if name in things:
            raise Invalid(f"{entry.place}: {name!r} stands at {things[name][1]} already.")
        things[name] = (thing, entry.place)
    return things


def _convert(type_: type[ThingT], entry: _Entry) -> ThingT:
    try:
        thing = msgspec.convert(entry.fields, type_)
    except msgspec.ValidationError as error:
        raise Invalid(f"{entry.place}: {error}.") from error
    for path in _lost(entry.fields, msgspec.to_builtins(thing)):
        raise Invalid(f"{entry.place}: there is no field `{path}`.")
    return thing


def _lost(given: object, kept: object, path: str = "") -> Iterator[str]:
    """Yield the paths that stand in `given` and not in what was made of it: misspelt fields."""
    if isinstance(given, dict) and isinstance(kept, dict):
        for key, value in given.items():
            if key not in kept:
                yield f"{path}{key}"
            yield from _lost(value, kept.get(key), f"{path}{key}.")
    elif isinstance(given, list) and isinstance(kept, list | tuple):
        for number, (value, other) in enumerate(zip(given, kept, strict=True)):
            yield from _lost(value, other, f"{path}{number}.")
