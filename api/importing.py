"""Taking a whole registry in: every bad line is named, only what differs is written, or nothing."""

from collections import Counter
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple, TypeVar

import msgspec

from core.database import Connection
from core.errors import Invalid
from devices import store
from devices.exchange import contents
from devices.exchange.contents import Placed, Problem
from devices.exchange.references import device_problems, site_problems
from devices.model import Device, Grid, Site
from devices.registry import Registry

_NAMED_AT_MOST = 20

ThingT = TypeVar("ThingT", Grid, Site, Device)


class RegistryDocument(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Grid cells, sites and devices, each as a list; any may be left out."""

    grids: tuple[Grid, ...] = ()
    sites: tuple[Site, ...] = ()
    devices: tuple[Device, ...] = ()


class RawDocument(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The same, its lines not yet read."""

    grids: tuple[msgspec.Raw, ...] = ()
    sites: tuple[msgspec.Raw, ...] = ()
    devices: tuple[msgspec.Raw, ...] = ()


class Tally(msgspec.Struct, frozen=True):
    """What an import did to one kind of thing."""

    added: int
    changed: int
    unchanged: int


class ImportResult(msgspec.Struct, frozen=True):
    """What an import did; `unchanged` says that it had nothing to do."""

    unchanged: bool
    grids: Tally
    sites: Tally
    devices: Tally


class Difference(NamedTuple):
    """What has to be written to make the registry agree with a document."""

    document: RegistryDocument
    result: ImportResult


def read_document(raw: RawDocument) -> RegistryDocument:
    """Read every line; Invalid names each one that does not fit."""
    problems: list[str] = []
    document = RegistryDocument(
        _read_lines("grids", raw.grids, Grid, problems),
        _read_lines("sites", raw.sites, Site, problems),
        _read_lines("devices", raw.devices, Device, problems),
    )
    refuse(problems)
    return document


def compare(document: RegistryDocument, registry: Registry) -> Difference:
    """Return what differs from the registry; Invalid names each line that refers to nothing."""
    refuse(list(_reference_problems(document, registry)))
    grids, grid_tally = _differing(document.grids, _by_key(registry.content.grids))
    sites, site_tally = _differing(document.sites, registry.sites)
    devices, device_tally = _differing(document.devices, _by_key(registry.content.devices))
    return Difference(
        RegistryDocument(grids, sites, devices),
        ImportResult(not (grids or sites or devices), grid_tally, site_tally, device_tally),
    )


async def write(conn: Connection, document: RegistryDocument) -> None:
    """Write the document in the connection's transaction: all of it, or nothing."""
    if document.grids:
        await store.put_grids(conn, document.grids)
    if document.sites:
        await store.put_sites(conn, document.sites)
    if document.devices:
        await store.put_devices(conn, document.devices)


def refuse(problems: Sequence[str]) -> None:
    """Raise Invalid naming the problems, if there are any."""
    if not problems:
        return
    more = len(problems) - _NAMED_AT_MOST
    named = [*problems[:_NAMED_AT_MOST], *([f"And {more} more."] if more > 0 else [])]
    raise Invalid(f"Nothing was imported. {' '.join(named)}", code="bad_lines")


def named(kind: str, problems: Iterable[Problem]) -> Iterator[str]:
    """Write each problem as a sentence that begins with its place."""
    for place, column, message in problems:
        where = f"{kind} {place}, {column}" if column else f"{kind} {place}"
        yield f"{where}: {message}"


def _key(thing: Grid | Site | Device) -> str:
    match thing:
        case Grid(code=key) | Site(site_id=key) | Device(device_id=key):
            return key


def _read_lines(
    kind: str, lines: Iterable[msgspec.Raw], model: type[ThingT], problems: list[str]
) -> tuple[ThingT, ...]:
    decoder, things = msgspec.json.Decoder(model), []
    for index, line in enumerate(lines):
        try:
            things.append(decoder.decode(line))
        except msgspec.MsgspecError as error:
            problems.append(f"{kind} {index}: {error}.")
    return tuple(things)


def _reference_problems(document: RegistryDocument, registry: Registry) -> Iterator[str]:
    after = _merged(document, registry)
    yield from named("grids", _grid_problems(document.grids, _by_key(after.content.grids)))
    yield from named("sites", site_problems(_placed(document.sites), after))
    yield from named("devices", device_problems(_placed(document.devices), after))


def _merged(document: RegistryDocument, registry: Registry) -> Registry:
    """Return the registry with the document's grid and sites, for what refers to them."""
    return Registry(
        msgspec.structs.replace(
            registry.content,
            grids=(*registry.content.grids, *document.grids),
            sites=(*registry.content.sites, *document.sites),
        )
    )


def _grid_problems(grids: Sequence[Grid], known: Container[str]) -> Iterator[Problem]:
    counts = Counter(grid.code for grid in grids)
    for place, grid in enumerate(grids):
        if counts[grid.code] > 1:
            yield Problem(place, "code", f"{grid.code!r} stands {counts[grid.code]} times.")
        if grid.parent is not None and grid.parent not in known:
            yield Problem(place, "parent", f"There is no grid cell {grid.parent!r}.")


def _placed(things: Sequence[contents.ThingT]) -> list[Placed[contents.ThingT]]:
    return [Placed(place, thing) for place, thing in enumerate(things)]


def _by_key(things: Iterable[ThingT]) -> dict[str, ThingT]:
    return {_key(thing): _plain(thing) for thing in things}


def _differing(
    given: Sequence[ThingT], kept: Mapping[str, ThingT]
) -> tuple[tuple[ThingT, ...], Tally]:
    differing = tuple(thing for thing in given if kept.get(_key(thing)) != _plain(thing))
    added = sum(_key(thing) not in kept for thing in differing)
    return differing, Tally(added, len(differing) - added, len(given) - len(differing))


def _plain(thing: ThingT) -> ThingT:
    """Return the thing without the number only the database gives."""
    return msgspec.structs.replace(thing, number=0) if isinstance(thing, Device) else thing
