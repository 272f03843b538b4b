"""Whole registries in and out."""

import asyncio
from collections.abc import Callable
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response

from api import importing
from api.authentication import Supervisor, Viewer
from api.documents import Document, read_body, shows, takes
from api.errors import documented
from api.importing import ImportResult, RawDocument, RegistryDocument
from api.parts import Parts, Running
from api.people import User
from api.routes.devices import EXAMPLE as DEVICE
from api.routes.sites import EXAMPLE as SITE
from core.errors import Invalid
from devices import exchange
from devices.coordinates import Crs
from devices.exchange import Content, Format
from devices.exchange.contents import ThingT
from devices.model import Device, Site
from devices.registry import Registry

router = APIRouter(
    tags=["registry"],
    responses=documented("unauthenticated", "forbidden", "too_large", "invalid", "unavailable"),
)

FORMATS: dict[str, Format] = {
    "text/csv": "csv",
    "application/geo+json": "geojson",
    "application/json": "geojson",
}
_MEDIA: dict[Format, str] = {"csv": "text/csv; charset=utf-8", "geojson": "application/geo+json"}
_FILE: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {media: {"schema": {"type": "string"}} for media in FORMATS},
    }
}
_FILES: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "The file.",
        "content": {"text/csv": {}, "application/geo+json": {}},
    }
}

Form = Annotated[Format, Query(alias="format", description="of the file")]
Coordinates = Annotated[Crs, Query(description="map system of the coordinates")]


@router.post(
    "/registry/import",
    summary="Take a registry in",
    responses=shows(ImportResult, "Imported, or found unchanged.") | documented("conflict"),
    openapi_extra=takes(RegistryDocument, example=RegistryDocument((), (SITE,), (DEVICE,))),
)
async def import_registry(parts: Running, user: Supervisor, request: Request) -> Response:
    """Add and replace grid cells, sites and devices: all of them, or, with any bad line, none.

    The answer to bad lines names them. What is not in the document stays as it is.
    """
    raw = await read_body(request, RawDocument)
    return await _take_in(importing.read_document(raw), parts, user)


@router.post(
    "/sites/import",
    summary="Take a file of sites in",
    responses=shows(ImportResult, "Imported, or found unchanged.") | documented("conflict"),
    openapi_extra=_FILE,
)
async def import_sites(parts: Running, user: Supervisor, request: Request) -> Response:
    """Add and replace the sites of a CSV or GeoJSON file (`Content-Type`): all, or none."""
    content = await _read(exchange.read_sites, request, parts)
    return await _take_in(RegistryDocument(sites=tuple(content.things)), parts, user)


@router.post(
    "/devices/import",
    summary="Take a file of devices in",
    responses=shows(ImportResult, "Imported, or found unchanged.") | documented("conflict"),
    openapi_extra=_FILE,
)
async def import_devices(parts: Running, user: Supervisor, request: Request) -> Response:
    """Add and replace the devices of a CSV or GeoJSON file (`Content-Type`): all, or none."""
    content = await _read(exchange.read_devices, request, parts)
    return await _take_in(RegistryDocument(devices=tuple(content.things)), parts, user)


@router.get("/sites/export", summary="A file of all sites", responses=_FILES)
async def export_sites(
    parts: Running, _user: Viewer, form: Form = "csv", crs: Coordinates = "WGS84"
) -> Response:
    """Write every site; the file can be taken in again."""
    sites = parts.registry.now.content.sites
    data = await asyncio.to_thread(exchange.export, Site, form, sites, crs)
    return _file("sites", form, data)


@router.get("/devices/export", summary="A file of all devices", responses=_FILES)
async def export_devices(
    parts: Running, _user: Viewer, form: Form = "csv", crs: Coordinates = "WGS84"
) -> Response:
    """Write every device; the file can be taken in again."""
    devices = parts.registry.now.content.devices
    data = await asyncio.to_thread(exchange.export, Device, form, devices, crs)
    return _file("devices", form, data)


async def _read(
    read: Callable[[Format, bytes, Registry], Content[ThingT]],
    request: Request,
    parts: Parts,
) -> Content[ThingT]:
    media = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media not in FORMATS:
        raise Invalid(f"Send one of {', '.join(FORMATS)}.", code="bad_content_type")
    await parts.registry.refresh()
    body, registry = await request.body(), parts.registry.now
    content = await asyncio.to_thread(read, FORMATS[media], body, registry)
    importing.refuse(list(importing.named("line", content.problems)))
    return content


def _file(name: str, form: Format, data: bytes) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="{name}.{form}"'}
    return Response(data, media_type=_MEDIA[form], headers=headers)


async def _take_in(document: RegistryDocument, parts: Parts, user: User) -> Response:
    await parts.registry.refresh()
    difference = importing.compare(document, parts.registry.now)
    if not difference.result.unchanged:
        async with parts.database.connection() as conn:
            await importing.write(conn, difference.document)
        await parts.registry.refresh()
        parts.audit.note(
            user.username,
            "registry.import",
            grids=len(difference.document.grids),
            sites=len(difference.document.sites),
            devices=len(difference.document.devices),
        )
    return Document(difference.result)
