"""One search for sites and devices, and the grid as a tree with what is in it."""

from collections import Counter
from itertools import islice
from typing import Annotated, Any

import msgspec
from fastapi import APIRouter, Depends, Query, Response

from api import searching
from api.alert import Priority
from api.authentication import Viewer
from api.documents import Document, shows
from api.errors import documented
from api.paging import Limit, Page
from api.parts import Parts, Running
from api.routes.devices import silent_now
from api.searching import Condition, Conditions, Found, Order, PlaceSum, Question, Thing
from devices.registry import Registry

router = APIRouter(tags=["registry"], responses=documented("unauthenticated", "invalid"))

Name = Annotated[str | None, Query(max_length=64)]
Words = Annotated[
    str, Query(max_length=100, description="words; each stands in id, name, address, kind or plate")
]
Place = Annotated[
    str | None,
    Query(pattern=r"^([0-9]{3}){2,5}$", description="grid code, of any level", examples=["620171"]),
]
Offset = Annotated[int, Query(ge=0, le=1_000_000, description="how many to leave out")]


class Hit(msgspec.Struct, frozen=True, kw_only=True):
    """A site or a device, and how it is; see `/sites/{id}` and `/devices/{id}` for all of it.

    `offline` of its `devices` are silent: null while the alert engine is. Alerts that are put
    aside do not count.
    """

    type: Thing
    id: str
    name: str
    kind: str
    kind_zh: str | None
    kind_en: str | None
    domains: tuple[str, ...]
    site_id: str
    site_name: str
    address: str
    place: str
    in_service: bool
    devices: int
    offline: int | None
    alerts: int
    worst: Priority | None


class Hits(msgspec.Struct, frozen=True, kw_only=True):
    """A part of what was found, and what all of it is.

    `kinds` counts what would be found of each kind, whichever kind was asked for.
    """

    items: list[Hit]
    total: int
    sites: int
    devices: int
    with_alerts: int
    with_offline: int | None
    kinds: dict[str, int]


class PlaceShown(PlaceSum, frozen=True, kw_only=True):
    """A cell of the grid of any level, and what is in it; level 1 is a district, 4 a cell."""

    code: str
    name: str
    parent: str | None
    level: int


def _question(
    text: Words = "",
    type: Thing | None = None,  # noqa: A002 - the word in the address
    domain: Name = None,
    kind: Name = None,
    place: Place = None,
) -> dict[str, Any]:
    words = tuple(text.casefold().split())
    return {"words": words, "type": type, "domain": domain, "kind": kind, "place": place}


Asked = Annotated[dict[str, Any], Depends(_question)]


@router.get("/search", summary="Sites and devices together", responses=shows(Hits))
async def search(
    parts: Running,
    _user: Viewer,
    *,
    asked: Asked,
    site: Name = None,
    gateway: Name = None,
    state: Condition | None = None,
    order: Order = "place",
    limit: Limit = 100,
    offset: Offset = 0,
) -> Response:
    """Find what fits every filter: each site with its devices after it, or the urgent first."""
    question = Question(**asked, site_id=site, gateway_id=gateway, state=state)
    found = list(searching.search(parts.registry.now, question, _conditions(parts)))
    kinds = Counter(one.entry.kind for one in found)
    meant = [one for one in found if question.kind in {None, one.entry.kind}]
    ordered = searching.by_urgency(meant) if order == "urgency" else meant
    page = [_hit(one) for one in islice(ordered, offset, offset + limit)]
    return Document(_hits(page, meant, kinds))


@router.get("/places", summary="The grid, and what is in it", responses=shows(Page[PlaceShown]))
async def list_places(parts: Running, _user: Viewer, domain: Name = None) -> Response:
    """List every cell of every level, by code: sites, devices, alerts, silent devices in it."""
    found = searching.search(parts.registry.now, Question(domain=domain), _conditions(parts))
    return Document(Page(_places(parts.registry.now, searching.sum_places(found))))


def _conditions(parts: Parts) -> Conditions:
    return Conditions(parts.live.picture.open_alerts.values(), silent_now(parts))


def _hits(page: list[Hit], meant: list[Found], kinds: Counter[str]) -> Hits:
    types = Counter(one.entry.type for one in meant)
    silent = [one.now.offline for one in meant]
    return Hits(
        items=page,
        total=len(meant),
        sites=types["site"],
        devices=types["device"],
        with_alerts=sum(one.now.alerts > 0 for one in meant),
        with_offline=None if None in silent else sum(bool(count) for count in silent),
        kinds=dict(kinds),
    )


def _hit(one: Found) -> Hit:
    entry, now = one
    name_zh, name_en = entry.kind_names or (None, None)
    return Hit(
        type=entry.type,
        id=entry.id,
        name=entry.name,
        kind=entry.kind,
        kind_zh=name_zh,
        kind_en=name_en,
        domains=entry.domains,
        site_id=entry.site.site_id,
        site_name=entry.site.name,
        address=entry.site.address,
        place=entry.place,
        in_service=entry.in_service,
        devices=len(entry.members),
        offline=now.offline,
        alerts=now.alerts,
        worst=now.worst,
    )


def _places(registry: Registry, sums: dict[str, PlaceSum]) -> list[PlaceShown]:
    return [
        PlaceShown(
            code=grid.code,
            name=grid.name,
            parent=grid.parent,
            level=grid.level,
            **msgspec.structs.asdict(sums.get(grid.code, _EMPTY)),
        )
        for grid in sorted(registry.content.grids, key=lambda grid: grid.code)
    ]


_EMPTY = PlaceSum(sites=0, devices=0, alerts=0, offline=0, worst=None)
