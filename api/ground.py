"""The map's ground: the city's own grid, and streets and waters from a file if there is one."""

from collections.abc import Iterable, Iterator
from pathlib import Path

import msgspec
import structlog

from devices.model import Grid, Site

log = structlog.get_logger()

LAYERS = frozenset({"street", "water", "green", "building"})
_BYTES_AT_MOST = 64 * 1024 * 1024


class _Feature(msgspec.Struct, frozen=True):
    geometry: dict[str, object] | None
    properties: dict[str, object]
    type: str = "Feature"


class _File(msgspec.Struct, frozen=True):
    features: list[_Feature]


def written_at(file: Path | None) -> float | None:
    """Return when the file was last written, seconds since 1970; None if there is none."""
    try:
        return file.stat().st_mtime if file else None
    except OSError:
        return None


def draw(grids: Iterable[Grid], sites: Iterable[Site], file: Path | None) -> bytes:
    """Return everything that lies under the map's signs (GeoJSON, RFC 7946)."""
    features = [*_cells(grids), *_areas(sites), *_from_file(file)]
    return msgspec.json.encode({"type": "FeatureCollection", "features": features})


def outlines(grids: Iterable[Grid]) -> bytes:
    """Return the outlines of the grid alone: what a map of somebody else's may show (GeoJSON)."""
    return msgspec.json.encode({"type": "FeatureCollection", "features": list(_cells(grids))})


def _cells(grids: Iterable[Grid]) -> Iterator[_Feature]:
    for grid in grids:
        if grid.geometry:
            yield _feature("grid", grid.geometry, code=grid.code, level=grid.level, name=grid.name)


def _areas(sites: Iterable[Site]) -> Iterator[_Feature]:
    for site in sites:
        if site.geometry:
            named = {"site_id": site.site_id, "kind": site.kind, "name": site.name}
            yield _feature("area", site.geometry, **named)


def _from_file(file: Path | None) -> Iterator[_Feature]:
    """Yield the file's streets, waters, greens and buildings; a bad file costs only itself."""
    if file is None or not file.exists():  # the simulated city writes its own when it starts
        return
    try:
        with file.open("rb") as opened:
            found = msgspec.json.decode(opened.read(_BYTES_AT_MOST), type=_File)
    except (OSError, msgspec.MsgspecError) as error:
        log.warning("map file not read", file=str(file), reason=str(error))
        return
    yield from (one for one in found.features if one.properties.get("layer") in LAYERS)


def _feature(layer: str, geometry: dict[str, object], **properties: object) -> _Feature:
    return _Feature(geometry, {"layer": layer, **properties})
