"""The live map: its ground, and what stands, shines and moves on it."""

import asyncio
import hashlib
from datetime import datetime, timedelta
from typing import Annotated

import msgspec
from fastapi import APIRouter, Depends, Query, Request, Response
from msgspec import Meta

from api import ground
from api.authentication import Viewer
from api.documents import Document, shows
from api.errors import documented
from api.parts import Parts, Running
from api.remembering import Remembered
from api.store import maps as store
from api.store.maps import Lamp, LampState, Vehicle
from api.surroundings import bounds, place_of_site

router = APIRouter(
    prefix="/map", tags=["map"], responses=documented("unauthenticated", "unavailable")
)

Since = Annotated[
    datetime | None,
    Query(description="only what was received after this; a few seconds before it are repeated"),
]
_OVERLAP = timedelta(seconds=5)  # between receiving and committing
_VEHICLES_KEPT_S = 1.0
_LAMPS_KEPT_S = 5.0


class MapShown(msgspec.Struct, frozen=True, kw_only=True):
    """How to draw the map: raster tiles if any are set, and the city's extent in degrees."""

    tiles_url: str | None
    attribution: str
    bounds: Annotated[
        tuple[float, float, float, float] | None, Meta(description="west, south, east, north")
    ]


class MapSite(msgspec.Struct, frozen=True, kw_only=True):
    """A site as the map needs it."""

    site_id: str
    name: str
    kind: str
    lon: float
    lat: float
    grid_code: str | None


class MapSites(msgspec.Struct, frozen=True):
    """Every site that is anywhere."""

    sites: list[MapSite]


class Lamps(msgspec.Struct, frozen=True, kw_only=True):
    """Every lamp in four columns of one length, so that 20,000 fit a small answer."""

    at: datetime
    device_id: list[str]
    lon: list[float]
    lat: list[float]
    state: list[LampState]


class Vehicles(msgspec.Struct, frozen=True, kw_only=True):
    """Vehicles by id, as of `at`: give it back as `since` to hear only of what moved."""

    at: datetime
    vehicles: list[Vehicle]


class Layers:
    """What all listeners of one api share."""

    def __init__(self, parts: Parts) -> None:
        """Know nothing yet."""
        self._parts = parts
        self.lamps = Remembered(self._ask_lamps, keep_s=_LAMPS_KEPT_S)
        self.vehicles = Remembered(self._ask_vehicles, keep_s=_VEHICLES_KEPT_S)
        self._ground: tuple[tuple[int, float | None], bytes] | None = None

    async def ground(self) -> bytes:
        """Return the ground, drawn again when the registry or the map file has changed."""
        registry, file = self._parts.registry.now, self._parts.settings.map_file
        version = (registry.version, ground.written_at(file))
        if self._ground is None or self._ground[0] != version:
            content = registry.content
            drawn = await asyncio.to_thread(ground.draw, content.grids, content.sites, file)
            self._ground = (version, drawn)
        return self._ground[1]

    async def _ask_lamps(self) -> tuple[datetime, list[Lamp]]:
        at = self._parts.clock()
        async with self._parts.database.connection() as conn:
            return at, await store.list_lamps(conn)

    async def _ask_vehicles(self) -> tuple[datetime, list[Vehicle]]:
        at = self._parts.clock()
        async with self._parts.database.connection() as conn:
            return at, await store.list_vehicles(conn)


def _of_app(request: Request) -> Layers:
    layers: Layers = request.app.state.layers
    return layers


Shared = Annotated[Layers, Depends(_of_app)]


@router.get("", summary="How to draw it", responses=shows(MapShown))
async def show_map(parts: Running, _user: Viewer) -> Response:
    """Return where raster tiles come from, if any are set, and the city's extent."""
    settings, sites = parts.settings, parts.registry.now.sites.values()
    return Document(
        MapShown(
            tiles_url=settings.tiles_url,
            attribution=settings.tiles_attribution,
            bounds=bounds(place_of_site(site) for site in sites),
        )
    )


@router.get("/ground", summary="What lies under it", responses=shows(dict[str, object]))
async def show_ground(request: Request, layers: Shared, _user: Viewer) -> Response:
    """Return grid cells, areas of sites, streets and waters (GeoJSON).

    `properties.layer` says what a feature is: grid, area, street, water, green or building.
    """
    return _tagged(request, await layers.ground())


@router.get("/sites", summary="What stands on it", responses=shows(MapSites))
async def list_sites(request: Request, parts: Running, _user: Viewer) -> Response:
    """Return every site with its place and grid cell."""
    sites = [
        MapSite(
            site_id=site.site_id,
            name=site.name,
            kind=site.kind,
            lon=site.lon,
            lat=site.lat,
            grid_code=site.grid_code,
        )
        for site in parts.registry.now.sites.values()
    ]
    return _tagged(request, msgspec.json.encode(MapSites(sites)))


@router.get("/lamps", summary="What shines on it", responses=shows(Lamps))
async def list_lamps(layers: Shared, _user: Viewer) -> Response:
    """Return every lamp with its state; unknown is a state of its own."""
    at, lamps = await layers.lamps.get()
    return Document(
        Lamps(
            at=at,
            device_id=[each.lamp for each in lamps],
            lon=[each.lon for each in lamps],
            lat=[each.lat for each in lamps],
            state=[each.state for each in lamps],
        )
    )


@router.get("/vehicles", summary="What moves on it", responses=shows(Vehicles))
async def list_vehicles(layers: Shared, _user: Viewer, *, since: Since = None) -> Response:
    """Return where every vehicle was when it last said so."""
    at, known = await layers.vehicles.get()
    news = [one for one in known if since is None or one.received_at > since - _OVERLAP]
    return Document(Vehicles(at=at, vehicles=news))


def _tagged(request: Request, body: bytes) -> Response:
    """Answer with the body, or 304 if the browser has it already."""
    tag = f'"{hashlib.blake2b(body, digest_size=12).hexdigest()}"'
    headers = {"ETag": tag, "Cache-Control": "private, no-cache"}
    if request.headers.get("if-none-match") == tag:
        return Response(status_code=304, headers=headers)
    return Response(body, media_type="application/json", headers=headers)
