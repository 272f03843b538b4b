"""Alerts put aside for a while, and alarms taken out of service: with a reason, never a fire."""

from datetime import datetime
from typing import Annotated, Literal

import msgspec
from fastapi import APIRouter, Request, Response
from msgspec import Meta

from api.alert_shown import AlertShown
from api.authentication import Viewer
from api.bounds import Reason, Why
from api.documents import Document, read_body, shows, takes
from api.errors import documented
from api.orders import OfficerOrders, SupervisorOrders
from api.paging import Page
from api.parts import Running
from api.routes.alerts import AlertId

router = APIRouter(
    tags=["alerts"], responses=documented("unauthenticated", "invalid", "unavailable")
)

_HELD = shows(AlertShown, "Put aside; the alert as it is now.", status=201) | documented(
    "forbidden", "not_found", "conflict"
)
_RELEASED = shows(AlertShown, "Back; the alert as it is now.") | documented(
    "forbidden", "not_found", "conflict"
)
LONGEST_SHELF_MIN = 7 * 24 * 60


class Shelving(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """For how long, in minutes, and why; the engine may allow less than the week allowed here."""

    minutes: Annotated[int, Meta(ge=1, le=LONGEST_SHELF_MIN)]
    reason: Reason


class OutOfService(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Why an alarm is taken out of service; there is no end but somebody's decision."""

    reason: Reason


class Shelf(msgspec.Struct, frozen=True, kw_only=True):
    """What is put aside: alarms of this source under this rule, until when, by whom and why.

    `alert_id` is the alert that led to it; by this name it is taken back, cleared or not.
    """

    source: str
    rule_id: str
    state: Literal["shelved", "out_of_service"]
    officer: str
    reason: str
    since: datetime
    until: datetime | None
    alert_id: str
    device_id: str | None
    title_zh: str
    title_en: str


@router.get("/shelves", summary="What is put aside", responses=shows(Page[Shelf]))
async def list_shelves(parts: Running, _user: Viewer) -> Response:
    """List what is shelved and what is out of service, with or without an open alert."""
    return Document(Page(await parts.engine.ask_for("shelves")))


@router.post(
    "/alerts/{alert_id}/shelf",
    summary="Shelve an alert",
    status_code=201,
    responses=_HELD,
    openapi_extra=takes(Shelving, example={"minutes": 60, "reason": "泵房检修。"}),
)
async def shelve(alert_id: AlertId, orders: OfficerOrders, request: Request) -> Response:
    """Put it aside for a time; it comes back by itself. 409 says why not, a fire never is."""
    return await orders.move(alert_id, "shelve", await read_body(request, Shelving))


@router.delete("/alerts/{alert_id}/shelf", summary="Unshelve an alert", responses=_RELEASED)
async def unshelve(alert_id: AlertId, orders: OfficerOrders, reason: Why) -> Response:
    """Take it back before its time."""
    return await orders.move(alert_id, "unshelve", OutOfService(reason=reason), status=200)


@router.post(
    "/alerts/{alert_id}/service",
    summary="Take an alarm out of service",
    status_code=201,
    responses=_HELD,
    openapi_extra=takes(OutOfService, example={"reason": "探测器已送修。"}),
)
async def take_out(alert_id: AlertId, orders: SupervisorOrders, request: Request) -> Response:
    """Stop this alarm of this source until somebody returns it to service; a fire never is."""
    return await orders.move(
        alert_id, "take_out_of_service", await read_body(request, OutOfService)
    )


@router.delete(
    "/alerts/{alert_id}/service", summary="Return an alarm to service", responses=_RELEASED
)
async def put_back(alert_id: AlertId, orders: SupervisorOrders, reason: Why) -> Response:
    """Let it alarm again; where its condition lasts it is announced anew."""
    return await orders.move(alert_id, "return_to_service", OutOfService(reason=reason), status=200)
