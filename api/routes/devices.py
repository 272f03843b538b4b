"""Devices: what is out there."""

from typing import Annotated

import msgspec
from fastapi import APIRouter, Path, Query, Request, Response

from api import health
from api.authentication import Supervisor, Viewer
from api.documents import Document, read_body, shows, takes
from api.errors import documented
from api.paging import Cursor, Limit, Page, cut, read_cursor
from api.parts import Parts, Running
from api.picture import Silent
from core.clock import to_us
from core.errors import Invalid, NotFound
from devices import store
from devices.filters import DeviceFilter, select_devices
from devices.model import Device
from devices.registry import Speaker

router = APIRouter(
    prefix="/devices", tags=["registry"], responses=documented("unauthenticated", "invalid")
)

DeviceId = Annotated[str, Path(max_length=64, examples=["smoke-0001"])]
Name = Annotated[str | None, Query(max_length=64)]
_CHANGING = documented("forbidden", "conflict", "unavailable")


class DeviceShown(Device, frozen=True, kw_only=True):
    """A device, its domain, and whether it is heard: null while the alert engine is silent."""

    domain: str
    online: bool | None


EXAMPLE = Device(
    device_id="smoke-0001",
    profile_id="smoke-detector",
    site_id="unit-0001",
    district="620171",
    name="三楼走廊烟感",
    gateway_id="utd-0001",
)


@router.get("", summary="Devices, by id", responses=shows(Page[DeviceShown]))
async def list_devices(
    parts: Running,
    _user: Viewer,
    *,
    site: Name = None,
    domain: Name = None,
    profile: Name = None,
    text: Annotated[str | None, Query(max_length=100, description="part of id or name")] = None,
    online: bool | None = None,
    limit: Limit = 100,
    cursor: Cursor = None,
) -> Response:
    """List devices; every filter narrows the list."""
    wanted = DeviceFilter(site_id=site, domain=domain, profile_id=profile, text=text)
    after, silent = read_cursor(cursor, str) or "", silent_now(parts)
    found: list[DeviceShown] = []
    for speaker in select_devices(parts.registry.now, wanted):
        shown = _shown(speaker, silent)
        if shown.device_id > after and online in {None, shown.online}:
            found.append(shown)
        if len(found) > limit:
            break
    return Document(Page(*cut(found, limit, lambda shown: shown.device_id)))


@router.get(
    "/{device_id}", summary="One device", responses=shows(DeviceShown) | documented("not_found")
)
async def show_device(device_id: DeviceId, parts: Running, _user: Viewer) -> Response:
    """Return a device."""
    if speaker := parts.registry.now.speakers.get(device_id):
        return Document(_shown(speaker, silent_now(parts)))
    raise NotFound(f"There is no device {device_id!r}.")


@router.put(
    "/{device_id}",
    summary="Add or replace a device",
    responses=shows(DeviceShown, "Stored.") | _CHANGING,
    openapi_extra=takes(Device, example=EXAMPLE),
)
async def put_device(
    device_id: DeviceId, parts: Running, user: Supervisor, request: Request
) -> Response:
    """Store a device under its id; it keeps its history."""
    device = await read_body(request, Device)
    if device.device_id != device_id:
        raise Invalid(f"The path names {device_id!r}, the body {device.device_id!r}.")
    async with parts.database.connection() as conn:
        await store.put_device(conn, device)
    await parts.registry.refresh()
    parts.audit.note(user.username, "device.put", device_id)
    return Document(_shown(parts.registry.now.speakers[device_id], silent_now(parts)))


@router.delete(
    "/{device_id}",
    summary="Remove a device",
    status_code=204,
    responses=_CHANGING | documented("not_found"),
)
async def delete_device(device_id: DeviceId, parts: Running, user: Supervisor) -> Response:
    """Forget a device and its credentials; what it said stays."""
    async with parts.database.connection() as conn:
        await store.delete_device(conn, device_id)
    await parts.registry.refresh()
    parts.audit.note(user.username, "device.delete", device_id)
    return Response(status_code=204)


def silent_now(parts: Parts) -> Silent | None:
    """Return what the engine holds to be offline; None while the engine itself is silent."""
    now_us = to_us(parts.clock())
    engine = parts.live.picture.heard_of("alerts")
    if any(health.is_fresh(one, now_us=now_us) for one in engine):
        return parts.live.picture.silent()
    return None


def _shown(speaker: Speaker, silent: Silent | None) -> DeviceShown:
    device = speaker.device
    online = None if silent is None else not silent.includes(device)
    return DeviceShown(
        **msgspec.structs.asdict(device), domain=speaker.profile.domain, online=online
    )
