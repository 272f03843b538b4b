"""Import and export of sites and devices: the whole file or nothing, and every problem named.

What `read` returns without problems goes to `store.put_sites` or `store.put_devices` as it is.
"""

from collections.abc import Iterable
from functools import partial
from typing import Any, Final, Literal

import msgspec

from devices.coordinates import Crs, from_wgs84
from devices.exchange.contents import Content, Placed, Problem, ThingT, content_of
from devices.exchange.geojson import read_geojson, write_geojson
from devices.exchange.geometry import moved
from devices.exchange.references import device_problems, site_problems
from devices.exchange.table import read_table, write_table
from devices.model import Device, Site
from devices.registry import Registry

__all__ = ["Content", "Format", "Placed", "Problem", "export", "read_devices", "read_sites"]

Format = Literal["csv", "geojson"]

_READERS: Final = {"csv": read_table, "geojson": read_geojson}


def read_sites(form: Format, data: bytes, registry: Registry) -> Content[Site]:
    """Read a file of sites and check it against the registry."""
    content = content_of(Site, _READERS[form](Site, data))
    return content.with_problems(site_problems(content.placed, registry))


def read_devices(form: Format, data: bytes, registry: Registry) -> Content[Device]:
    """Read a file of devices and check it against the registry."""
    content = content_of(Device, _READERS[form](Device, data))
    return content.with_problems(device_problems(content.placed, registry))


def export(
    type_: type[ThingT], form: Format, things: Iterable[ThingT], crs: Crs = "WGS84"
) -> bytes:
    """Write a file that reads back as what was written."""
    rows = (_row(thing, crs) for thing in things)
    return write_table(type_, rows) if form == "csv" else write_geojson(rows)


def _row(thing: Site | Device, crs: Crs) -> dict[str, Any]:
    row: dict[str, Any] = msgspec.to_builtins(thing)
    row.pop("number", None)
    move = partial(from_wgs84, crs)
    if thing.lon is not None and thing.lat is not None:
        row["lon"], row["lat"] = move(thing.lon, thing.lat)
    if isinstance(thing, Site) and thing.geometry is not None:
        row["geometry"] = moved(thing.geometry, move)
    return row | {"crs": crs}
