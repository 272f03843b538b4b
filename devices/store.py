"""The registry in the database: read whole in one statement, written in one transaction."""

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import msgspec
from psycopg import errors

from core.database import Connection
from core.errors import Conflict, Invalid, NotFound
from core.queries import load_queries
from devices.model import Device, Grid, Metric, Profile, Site
from devices.registry import Registry, RegistryContent

QUERIES: Final = load_queries(Path(__file__).with_name("queries.sql"))

_REFERENCES: Final = {
    "grids_parent_fkey": "parent grid cell",
    "sites_grid_code_fkey": "grid cell",
    "devices_profile_id_fkey": "profile",
    "devices_site_id_fkey": "site",
    "devices_gateway_id_fkey": "gateway",
}
_KEY: Final = re.compile(r"=\((.*)\)")


async def registry_version(conn: Connection) -> int:
    """Return the counter that every change of the registry moves."""
    return int(await _only_value(conn, "registry_version"))


async def load_registry(conn: Connection) -> Registry:
    """Read the whole registry as one consistent picture."""
    content = await _only_value(conn, "load_registry")
    return Registry(msgspec.json.decode(content, type=RegistryContent))


async def _only_value(conn: Connection, query: str) -> str:
    cursor = await conn.execute(QUERIES[query])
    if (row := await cursor.fetchone()) is None:
        raise NotFound("The registry is not there; have the migrations run?")
    return str(row[0])


async def put_grids(conn: Connection, grids: Sequence[Grid]) -> None:
    """Add or replace cells of the grid; parents may stand anywhere in the list."""
    await _put(conn, "put_grids", grids)


async def put_metrics(conn: Connection, metrics: Sequence[Metric]) -> None:
    """Add or replace metrics; a metric keeps its number for ever."""
    await _put(conn, "put_metrics", metrics)


async def put_profiles(conn: Connection, profiles: Sequence[Profile]) -> None:
    """Add or replace profiles."""
    await _put(conn, "put_profiles", profiles)


async def put_profile(conn: Connection, profile: Profile) -> None:
    """Add or replace one profile."""
    await put_profiles(conn, [profile])


async def put_sites(conn: Connection, sites: Sequence[Site]) -> None:
    """Add or replace sites."""
    await _put(conn, "put_sites", sites)


async def put_site(conn: Connection, site: Site) -> None:
    """Add or replace one site."""
    await put_sites(conn, [site])


async def put_devices(conn: Connection, devices: Sequence[Device]) -> None:
    """Add or replace devices; a device keeps its number, gateways may stand after their own."""
    await _put(conn, "put_devices", devices)


async def put_device(conn: Connection, device: Device) -> None:
    """Add or replace one device."""
    await put_devices(conn, [device])


async def delete_device(conn: Connection, device_id: str) -> None:
    """Forget a device and its credentials; what it said stays in history."""
    await _delete(conn, "delete_device", device_id)


async def delete_site(conn: Connection, site_id: str) -> None:
    """Forget a site that has no devices any more."""
    await _delete(conn, "delete_site", site_id)


async def delete_profile(conn: Connection, profile_id: str) -> None:
    """Forget a profile no device has any more."""
    await _delete(conn, "delete_profile", profile_id)


async def _put(conn: Connection, query: str, things: Sequence[msgspec.Struct]) -> None:
    """Write all or nothing, and say in our words what the database refuses."""
    rows = msgspec.json.encode(things).decode()
    try:
        async with conn.transaction():
            await conn.execute(QUERIES[query], {"rows": rows})
            await conn.execute(QUERIES["check_gateways"])
    except errors.ForeignKeyViolation as error:
        thing = _REFERENCES.get(error.diag.constraint_name or "", "thing")
        raise Invalid(f"There is no {thing} {_key(error)!r}.") from error
    except (errors.UniqueViolation, errors.CardinalityViolation) as error:
        raise Conflict(f"{_key(error) or 'An id'} stands twice; it must be unique.") from error
    except errors.CheckViolation as error:
        raise Invalid(f"The registry's rule {error.diag.constraint_name} is broken.") from error
    except errors.DataError as error:
        raise Invalid("A text holds a character the database cannot keep (NUL).") from error


async def _delete(conn: Connection, query: str, key: str) -> None:
    try:
        async with conn.transaction():
            cursor = await conn.execute(QUERIES[query], {"id": key})
            await conn.execute(QUERIES["check_gateways"])
    except errors.ForeignKeyViolation as error:
        raise Conflict(f"Something in the registry still refers to {key!r}.") from error
    if cursor.rowcount == 0:
        raise NotFound(f"There is no {query.removeprefix('delete_')} {key!r}.")


def _key(error: errors.Error) -> str:
    """Return the value that PostgreSQL's detail names: `Key (site_id)=(…) is not present`."""
    found = _KEY.search(error.diag.message_detail or "")
    return found[1] if found else ""
