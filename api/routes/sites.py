"""Sites, and the map of them."""

from typing import Annotated, Literal

import msgspec
from fastapi import APIRouter, Path, Query, Request, Response

from api.authentication import Supervisor, Viewer
from api.documents import Document, read_body, shows, takes
from api.errors import documented
from api.paging import Cursor, Limit, Page, cut, read_cursor
from api.parts import Running
from core.errors import Invalid
from devices import store
from devices.model import Site

router = APIRouter(tags=["registry"], responses=documented("unauthenticated", "invalid"))

SiteId = Annotated[str, Path(max_length=64, examples=["unit-0001"])]
Name = Annotated[str | None, Query(max_length=64)]


class PointGeometry(msgspec.Struct, frozen=True):
    """Longitude and latitude, WGS-84."""

    coordinates: tuple[float, float]
    type: Literal["Point"] = "Point"


class SiteProperties(msgspec.Struct, frozen=True):
    """What the map says about a site."""

    site_id: str
    name: str
    kind: str
    district: str
    address: str
    devices: int


class SiteFeature(msgspec.Struct, frozen=True):
    """A site on the map."""

    id: str
    geometry: PointGeometry
    properties: SiteProperties
    type: Literal["Feature"] = "Feature"


class SiteMap(msgspec.Struct, frozen=True):
    """All sites (GeoJSON, RFC 7946)."""

    features: list[SiteFeature]
    type: Literal["FeatureCollection"] = "FeatureCollection"


EXAMPLE = Site(
    site_id="unit-0001",
    kind="networked-unit",
    name="新区第一中学",
    district="620171",
    lon=103.65,
    lat=36.47,
    address="纬一路 1 号",
)


@router.get("/sites.geojson", summary="The map", responses=shows(SiteMap))
async def map_sites(parts: Running, _user: Viewer) -> Response:
    """Return every site as a point."""
    registry = parts.registry.now
    devices: dict[str, int] = {}
    for speaker in registry.speakers.values():
        devices[speaker.device.site_id] = devices.get(speaker.device.site_id, 0) + 1
    features = [_feature(site, devices.get(site.site_id, 0)) for site in registry.sites.values()]
    return Document(SiteMap(features))


@router.get("/sites", summary="Sites, by id", responses=shows(Page[Site]))
async def list_sites(
    parts: Running,
    _user: Viewer,
    *,
    kind: Name = None,
    district: Name = None,
    text: Annotated[str | None, Query(max_length=100, description="part of id or name")] = None,
    limit: Limit = 100,
    cursor: Cursor = None,
) -> Response:
    """List sites; every filter narrows the list."""
    after, part = read_cursor(cursor, str) or "", (text or "").casefold()
    found = [
        site
        for site_id, site in sorted(parts.registry.now.sites.items())
        if site_id > after
        and kind in {None, site.kind}
        and district in {None, site.district}
        and part in f"{site_id}\n{site.name}".casefold()
    ]
    return Document(Page(*cut(found, limit, lambda site: site.site_id)))


@router.get("/sites/{site_id}", summary="One site", responses=shows(Site) | documented("not_found"))
async def show_site(site_id: SiteId, parts: Running, _user: Viewer) -> Response:
    """Return a site."""
    return Document(parts.registry.now.site(site_id))


@router.put(
    "/sites/{site_id}",
    summary="Add or replace a site",
    responses=shows(Site, "Stored.") | documented("forbidden", "conflict", "unavailable"),
    openapi_extra=takes(Site, example=EXAMPLE),
)
async def put_site(site_id: SiteId, parts: Running, user: Supervisor, request: Request) -> Response:
    """Store a site under its id."""
    site = await read_body(request, Site)
    if site.site_id != site_id:
        raise Invalid(f"The path names {site_id!r}, the body {site.site_id!r}.")
    async with parts.database.connection() as conn:
        await store.put_site(conn, site)
    await parts.registry.refresh()
    parts.audit.note(user.username, "site.put", site_id)
    return Document(parts.registry.now.site(site_id))


def _feature(site: Site, devices: int) -> SiteFeature:
    return SiteFeature(
        id=site.site_id,
        geometry=PointGeometry((site.lon, site.lat)),
        properties=SiteProperties(
            site.site_id, site.name, site.kind, site.district, site.address, devices
        ),
    )
