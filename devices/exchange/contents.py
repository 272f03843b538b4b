"""What a file of sites or devices holds, whatever its format: rows in, things and problems out."""

from collections.abc import Iterable, Iterator, Mapping
from functools import partial
from typing import Any, Final, Generic, NamedTuple, TypeVar

import msgspec
from msgspec.structs import fields

from core.errors import Invalid
from devices.coordinates import Crs, to_wgs84
from devices.exchange.geometry import moved
from devices.identification import check_code
from devices.model import Device, Site

ThingT = TypeVar("ThingT", bound=Site | Device)

_IDENTIFIER: Final = "1 to 64 letters, digits, dots, dashes or underscores, no dot or dash first"
HINTS: Final = {
    "site_id": _IDENTIFIER,
    "device_id": _IDENTIFIER,
    "profile_id": "the id of a profile, such as smoke-detector",
    "kind": "a word such as fire_unit or lighting_cabinet",
    "name": "1 to 200 characters",
    "district": "the six digits of the administrative division",
    "lon": "degrees east, -180 to 180",
    "lat": "degrees north, -90 to 90",
    "crs": "WGS84, GCJ02 or BD09",
    "in_service": "true or false",
    "geometry": "a GeoJSON geometry",
    "attributes": "a JSON object",
}


class Problem(NamedTuple):
    """What is wrong with a file: where (line of a CSV, index of a feature), and what to do."""

    place: int
    column: str
    message: str


class Row(NamedTuple):
    """One record of a file; what is not written is not in `fields`."""

    place: int
    fields: Mapping[str, Any]


class Rows(NamedTuple):
    """What the reader of a format found."""

    rows: tuple[Row, ...] = ()
    problems: tuple[Problem, ...] = ()


class Placed(NamedTuple, Generic[ThingT]):
    """A thing, and where in the file it stands."""

    place: int
    thing: ThingT


class Content(NamedTuple, Generic[ThingT]):
    """Everything a file says; a row with a problem makes no thing."""

    placed: tuple[Placed[ThingT], ...]
    problems: tuple[Problem, ...]

    @property
    def things(self) -> list[ThingT]:
        """Return what to store, if there are no problems."""
        return [thing for _, thing in self.placed]

    def with_problems(self, more: Iterable[Problem]) -> "Content[ThingT]":
        """Return the same content with more problems, in the order of the file."""
        return self._replace(problems=tuple(sorted((*self.problems, *more))))


def columns_of(type_: type[ThingT]) -> list[str]:
    """Return the columns of a file in order; the number is the database's own."""
    return [*(field.name for field in fields(type_) if field.name != "number"), "crs"]


def unknown_columns(type_: type[ThingT], names: Iterable[str], place: int) -> Iterator[Problem]:
    """Name the columns nobody would read, before somebody thinks they were."""
    known = columns_of(type_)
    for name in names:
        if name not in known:
            yield Problem(place, name, f"Remove or rename it; the columns are {', '.join(known)}.")


def required_columns(type_: type[ThingT]) -> Iterator[str]:
    """Yield the columns without which there is no thing."""
    return (field.name for field in fields(type_) if field.required)


def content_of(type_: type[ThingT], read: Rows) -> Content[ThingT]:
    """Make things of rows and collect what stands in the way."""
    placed: list[Placed[ThingT]] = []
    problems = list(read.problems)
    for row in read.rows:
        if wrong := [*_missing(type_, row), *_misfits(type_, row)]:
            problems += wrong
            continue
        try:
            placed.append(Placed(row.place, _thing(type_, row)))
        except Invalid as error:
            problems.append(Problem(row.place, error.code, error.message))
    return Content(tuple(placed), tuple(problems))


def _missing(type_: type[ThingT], row: Row) -> Iterator[Problem]:
    for name in required_columns(type_):
        if name not in row.fields:
            yield Problem(row.place, name, f"Write {HINTS[name]}.")


def _misfits(type_: type[ThingT], row: Row) -> Iterator[Problem]:
    """Try one field at a time, so that one look at a file finds all that is wrong with it."""
    types = {"crs": Crs} | {field.name: field.type for field in fields(type_)}
    for name, value in row.fields.items():
        try:
            msgspec.convert(value, types[name], strict=False)
        except msgspec.ValidationError:
            hint = HINTS.get(name, "a text")
            yield Problem(row.place, name, f"{str(value)[:64]!r} does not fit; write {hint}.")


def _thing(type_: type[ThingT], row: Row) -> ThingT:
    """Convert a row whose fields all fit, to WGS-84; a code of an error here is its column."""
    thing = msgspec.convert(row.fields, type_, strict=False)
    if isinstance(thing, Device) and thing.identification_code is not None:
        _check_code(thing.identification_code, thing.district)
    return _in_wgs84(thing, row.fields.get("crs", "WGS84"))


def _check_code(code: str, district: str) -> None:
    try:
        check_code(code, district=district)
    except Invalid as error:
        raise Invalid(
            f"{error.message} Format the column as text: a spreadsheet rounds long numbers.",
            code="identification_code",
        ) from error


def _in_wgs84(thing: ThingT, crs: Crs) -> ThingT:
    changes: dict[str, Any] = {}
    if (thing.lon is None) != (thing.lat is None):
        raise Invalid("Write both lon and lat, or neither.", code="lon")
    if thing.lon is not None and thing.lat is not None:
        changes["lon"], changes["lat"] = to_wgs84(crs, thing.lon, thing.lat)
    if isinstance(thing, Site) and thing.geometry is not None:
        changes["geometry"] = moved(thing.geometry, partial(to_wgs84, crs))
    return msgspec.structs.replace(thing, **changes)
