"""What kinds of things there are: profiles, metrics, the grid."""

from typing import Annotated

from fastapi import APIRouter, Path, Request, Response

from api.authentication import Supervisor, Viewer
from api.documents import Document, read_body, shows, takes
from api.errors import documented
from api.paging import Cursor, Limit, Page, cut, read_cursor
from api.parts import Running
from core.errors import Invalid, NotFound
from devices import store
from devices.catalogue.checking import complaints
from devices.model import Grid, Metric, Profile
from devices.registry import Registry

router = APIRouter(tags=["registry"], responses=documented("unauthenticated", "invalid"))

ProfileId = Annotated[str, Path(max_length=64, examples=["smoke-detector"])]

EXAMPLE = Profile(
    profile_id="smoke-detector",
    domain="fire",
    name_zh="独立式感烟探测器",
    name_en="Smoke detector",
    expected_interval_s=300,
    offline_after_s=900,
    metrics=("temperature_c", "battery_v"),
    events=("fire", "fault", "low_battery"),
)


@router.get("/profiles", summary="Device kinds", responses=shows(Page[Profile]))
async def list_profiles(parts: Running, _user: Viewer) -> Response:
    """List every profile."""
    return Document(Page(list(parts.registry.now.profiles.values())))


@router.get(
    "/profiles/{profile_id}",
    summary="One device kind",
    responses=shows(Profile) | documented("not_found"),
)
async def show_profile(profile_id: ProfileId, parts: Running, _user: Viewer) -> Response:
    """Return a profile."""
    return Document(_profile(parts.registry.now, profile_id))


@router.put(
    "/profiles/{profile_id}",
    summary="Add or replace a device kind",
    responses=shows(Profile, "Stored.") | documented("forbidden", "conflict", "unavailable"),
    openapi_extra=takes(Profile, example=EXAMPLE),
)
async def put_profile(
    profile_id: ProfileId, parts: Running, user: Supervisor, request: Request
) -> Response:
    """Store a profile: a new device kind needs no code."""
    profile = await read_body(request, Profile)
    if profile.profile_id != profile_id:
        raise Invalid(f"The path names {profile_id!r}, the body {profile.profile_id!r}.")
    _check(profile, parts.registry.now)
    async with parts.database.connection() as conn:
        await store.put_profile(conn, profile)
    await parts.registry.refresh()
    parts.audit.note(user.username, "profile.put", profile_id)
    return Document(_profile(parts.registry.now, profile_id))


@router.get("/metrics-catalogue", summary="Metrics", responses=shows(Page[Metric]))
async def list_metrics(parts: Running, _user: Viewer) -> Response:
    """List every metric: its unit, its plausible range, its names."""
    return Document(Page(list(parts.registry.now.metrics.values())))


@router.get("/grids", summary="Grid cells, by code", responses=shows(Page[Grid]))
async def list_grids(
    parts: Running, _user: Viewer, limit: Limit = 1000, cursor: Cursor = None
) -> Response:
    """List the cells of the grid."""
    after = read_cursor(cursor, str) or ""
    found = [grid for grid in parts.registry.now.content.grids if grid.code > after]
    return Document(Page(*cut(found, limit, lambda grid: grid.code)))


def _profile(registry: Registry, profile_id: str) -> Profile:
    if profile := registry.profiles.get(profile_id):
        return profile
    raise NotFound(f"There is no profile {profile_id!r}.")


def _check(profile: Profile, registry: Registry) -> None:
    if found := list(complaints(profile, registry.metrics)):
        raise Invalid(" ".join(found), code="bad_profile")
