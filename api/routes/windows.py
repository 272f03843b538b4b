"""Maintenance windows and drills, and the floods that are on."""

from datetime import date, datetime
from typing import Annotated, Any, Literal

import msgspec
from fastapi import APIRouter, Path, Request, Response
from msgspec import Meta

from api.authentication import Viewer
from api.bounds import Identifier, Reason
from api.documents import Document, read_body, read_named, shows, takes
from api.errors import documented
from api.orders import SupervisorOrders
from api.paging import Page
from api.parts import Running
from core.errors import NotFound

router = APIRouter(
    tags=["windows"], responses=documented("unauthenticated", "invalid", "unavailable")
)

WindowId = Annotated[str, Path(max_length=64, examples=["pump-house-may"])]
Names = Annotated[tuple[str, ...], Meta(max_length=500)]
WallTime = Annotated[str, Meta(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$")]
_CHANGING = documented("forbidden", "not_found", "conflict")


class Scope(msgspec.Struct, frozen=True, kw_only=True):
    """What a window is about: one of these places at least, and only these domains and rules.

    An empty list narrows nothing down; all of them empty is no scope. A gateway stands for all
    behind it, a grid cell for all within.
    """

    devices: Names = ()
    sites: Names = ()
    districts: Names = ()
    grids: Names = ()
    domains: Names = ()
    rules: Names = ()


class Weekly(msgspec.Struct, frozen=True, kw_only=True, rename={"from_": "from"}):
    """The same hours each week by the clock on the wall; 1 is Monday."""

    days: Annotated[tuple[Annotated[int, Meta(ge=1, le=7)], ...], Meta(min_length=1, max_length=7)]
    from_: WallTime
    to: WallTime
    zone: Annotated[str, Meta(min_length=1, max_length=64)]
    first: date
    last: date | None = None


class Window(msgspec.Struct, frozen=True, kw_only=True):
    """Maintenance keeps alerts back, a drill (消防演练) marks them; a fire is never kept back.

    Either from `start` to `end`, or `weekly`. Maintenance lasts 31 days at most, a drill 24 hours.
    """

    window_id: Identifier
    kind: Literal["maintenance", "drill"]
    reason: Reason
    scope: Scope
    start: Annotated[datetime, Meta(tz=True)] | None = None
    end: Annotated[datetime, Meta(tz=True)] | None = None
    weekly: Weekly | None = None


class WindowShown(Window, frozen=True, kw_only=True):
    """A window, who answers for it, and when it is on: now or next."""

    by: str
    active: bool
    begins: datetime
    ends: datetime


class Ending(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Why a window ends before its time."""

    reason: Reason


class FoldShown(msgspec.Struct, frozen=True, kw_only=True):
    """The first alert of a group, and how many of its family at this place are folded under it."""

    alert_id: str
    site_id: str
    family: str
    folded: int


class FloodShown(msgspec.Struct, frozen=True, kw_only=True):
    """A desk in a flood: more than ten new alerts in ten minutes (ISA-18.2)."""

    desk_id: str
    began_at: datetime
    shown: int
    folded: int
    groups: list[FoldShown]
    title_zh: str
    title_en: str


EXAMPLE = {
    "window_id": "pump-house-may",
    "kind": "maintenance",
    "reason": "泵房检修",
    "scope": {"sites": ["unit-0001"]},
    "start": "2026-05-01T01:00:00Z",
    "end": "2026-05-01T04:00:00Z",
}


@router.get("/windows", summary="Windows and drills", responses=shows(Page[WindowShown]))
async def list_windows(parts: Running, _user: Viewer) -> Response:
    """List every window that is on or to come, the next to end first."""
    return Document(Page(await parts.engine.ask_for("windows")))


@router.get(
    "/windows/{window_id}",
    summary="One window",
    responses=shows(WindowShown) | documented("not_found"),
)
async def show_window(window_id: WindowId, parts: Running, _user: Viewer) -> Response:
    """Return a window that is on or to come."""
    for window in await parts.engine.ask_for("windows"):
        if msgspec.json.decode(window, type=dict[str, Any]).get("window_id") == window_id:
            return Document(window)
    raise NotFound(f"There is no window {window_id!r}, or it is over.")


@router.put(
    "/windows/{window_id}",
    summary="Announce or change a window",
    responses=shows(WindowShown, "Announced.") | _CHANGING,
    openapi_extra=takes(Window, example=EXAMPLE),
)
async def put_window(window_id: WindowId, orders: SupervisorOrders, request: Request) -> Response:
    """Announce it; alerts within are kept back, or marked, from its beginning to its end."""
    window = await read_named(request, Window, window_id=window_id)
    content = await orders.carry_out(
        "put_window", deed="window.put", subject=window_id, window=window
    )
    return Document(content["window"])


@router.post(
    "/windows/{window_id}/end",
    summary="End a window early",
    responses=shows(WindowShown, "Ended.") | _CHANGING,
    openapi_extra=takes(Ending, example={"reason": "检修提前完成"}),
)
async def end_window(window_id: WindowId, orders: SupervisorOrders, request: Request) -> Response:
    """End it now, all its recurrences included; what it kept back and still lasts is told."""
    ending = await read_body(request, Ending)
    content = await orders.carry_out(
        "end_window",
        deed="window.end",
        subject=window_id,
        window_id=window_id,
        reason=ending.reason,
    )
    return Document(content["window"])


@router.get("/floods", summary="Floods", responses=shows(Page[FloodShown]))
async def list_floods(parts: Running, _user: Viewer) -> Response:
    """List the desks that are flooded just now, and what is folded under what."""
    return Document(Page(await parts.engine.ask_for("floods")))
