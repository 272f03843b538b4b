"""What is near a site: for whoever commands at a fire there."""

import msgspec
from fastapi import APIRouter, Response

from api.authentication import Viewer
from api.documents import Document, shows
from api.errors import documented
from api.parts import Parts, Running
from api.routes.sites import SiteId
from api.store import maps as store
from api.store.maps import Water
from api.surroundings import WATER, Place, nearest, place_of_device, place_of_site

router = APIRouter(
    prefix="/map/around", tags=["map"], responses=documented("unauthenticated", "unavailable")
)

_NEAR_AT_MOST = 8
_UNIT = "fire_unit"


class NearUnit(msgspec.Struct, frozen=True, kw_only=True):
    """A networked unit nearby."""

    site_id: str
    name: str
    address: str
    distance_m: float


class NearWater(msgspec.Struct, frozen=True, kw_only=True):
    """A hydrant, main or tank nearby; `water` is null where it says nothing about water.

    `lon`, `lat`: WGS-84, its site's where it has none of its own.
    """

    device_id: str
    name: str
    profile_id: str
    site_id: str
    site_name: str
    lon: float
    lat: float
    distance_m: float
    water: Water | None


class Around(msgspec.Struct, frozen=True, kw_only=True):
    """What is near a site, the nearest first."""

    site_id: str
    units: list[NearUnit]
    water: list[NearWater]


@router.get(
    "/{site_id}",
    summary="What is near a site",
    responses=shows(Around) | documented("not_found"),
)
async def show_around(site_id: SiteId, parts: Running, _user: Viewer) -> Response:
    """Return the nearest networked units and the nearest water for fire-fighting."""
    here = place_of_site(parts.registry.now.site(site_id))
    return Document(
        Around(
            site_id=site_id,
            units=_units_near(parts, here, but=site_id),
            water=await _water_near(parts, here),
        )
    )


def _units_near(parts: Parts, here: Place, *, but: str) -> list[NearUnit]:
    sites = parts.registry.now.sites.values()
    others = (site for site in sites if site.kind == _UNIT and site.site_id != but)
    return [
        NearUnit(
            site_id=site.site_id, name=site.name, address=site.address, distance_m=round(metres)
        )
        for metres, site in nearest(others, here, place_of_site, _NEAR_AT_MOST)
    ]


async def _water_near(parts: Parts, here: Place) -> list[NearWater]:
    registry = parts.registry.now
    sources = (
        one
        for one in registry.speakers.values()
        if one.profile.profile_id in WATER and one.device.in_service
    )
    found = nearest(sources, here, lambda one: place_of_device(one, registry), _NEAR_AT_MOST)
    async with parts.database.connection() as conn:
        said = await store.list_water(conn, [one.device.device_id for _, one in found])
    water = {one.device_id: one for one in said}
    return [
        NearWater(
            device_id=one.device.device_id,
            name=one.device.name,
            profile_id=one.profile.profile_id,
            site_id=one.device.site_id,
            site_name=registry.sites[one.device.site_id].name,
            **place_of_device(one, registry)._asdict(),
            distance_m=round(metres),
            water=water.get(one.device.device_id),
        )
        for metres, one in found
    ]
