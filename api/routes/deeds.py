"""What people do with an alert: who has it, what it was, who was sent, who arrived."""

from typing import Annotated, Literal

import msgspec
from fastapi import APIRouter, Request, Response
from msgspec import Meta

from api.alert import Priority
from api.alert_shown import AlertShown
from api.bounds import Name, Reason, Text
from api.documents import read_body, shows, takes
from api.errors import documented
from api.orders import OfficerOrders, SupervisorOrders
from api.people import Username
from api.routes.alerts import AlertId

router = APIRouter(
    prefix="/alerts/{alert_id}",
    tags=["alerts"],
    responses=documented(
        "unauthenticated", "forbidden", "not_found", "conflict", "invalid", "unavailable"
    ),
)

_DONE = shows(AlertShown, "Done; the alert as it is now.", status=201)


class _Body(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What an officer sends along."""


class Assignment(_Body, frozen=True, kw_only=True):
    """Who shall see to the alert: a user who may take alerts."""

    to: Username


class Comment(_Body, frozen=True, kw_only=True):
    """A remark that stays with the alert."""

    text: Text


class Verification(_Body, frozen=True, kw_only=True):
    """What it turned out to be: real 真警, false 误报, test 测试."""

    verdict: Literal["real", "false", "test"]
    text: Text | None = None


class FireBrigade(_Body, frozen=True, kw_only=True):
    """The hand-over to 119: their reference number, and what was said."""

    reference: Annotated[str, Meta(min_length=1, max_length=100)]
    text: Text | None = None


class Dispatch(_Body, frozen=True, kw_only=True):
    """Who was sent: a person, a crew, a vehicle."""

    to: Name
    text: Text | None = None


class Arrival(_Body, frozen=True, kw_only=True):
    """Somebody is on site; what they see."""

    text: Text | None = None


class Reprioritisation(_Body, frozen=True, kw_only=True):
    """Another priority than the rule's, and why."""

    priority: Priority
    reason: Reason


@router.post("/acknowledgement", summary="Take an alert", status_code=201, responses=_DONE)
async def acknowledge(alert_id: AlertId, orders: OfficerOrders) -> Response:
    """Take an alert: everybody sees who has it; 409 tells by whom it was taken before.

    Works while the database is stopped; 503 when the alert engine does not answer in 5 s.
    """
    return await orders.move(alert_id, "acknowledge")


@router.post(
    "/assignment",
    summary="Give an alert to somebody",
    status_code=201,
    responses=_DONE,
    openapi_extra=takes(Assignment, example={"to": "wang"}),
)
async def assign(alert_id: AlertId, orders: OfficerOrders, request: Request) -> Response:
    """Say who shall see to it; that does not acknowledge it."""
    asked = await read_body(request, Assignment)
    orders.check_person(asked.to)
    return await orders.move(alert_id, "assign", asked)


@router.post(
    "/comments",
    summary="Remark on an alert",
    status_code=201,
    responses=_DONE,
    openapi_extra=takes(Comment, example={"text": "已电话联系消控室，无人接听。"}),
)
async def comment(alert_id: AlertId, orders: OfficerOrders, request: Request) -> Response:
    """Add a remark; it stands in the alert's history with name and time."""
    return await orders.move(alert_id, "comment", await read_body(request, Comment))


@router.post(
    "/verification",
    summary="Say what it was",
    status_code=201,
    responses=_DONE,
    openapi_extra=takes(Verification, example={"verdict": "false", "text": "现场核实为水蒸气。"}),
)
async def verify(alert_id: AlertId, orders: OfficerOrders, request: Request) -> Response:
    """Confirm (真警) or reject (误报, 测试) an alert; 409 tells who judged it before."""
    return await orders.move(alert_id, "verify", await read_body(request, Verification))


@router.post(
    "/fire-brigade",
    summary="Hand over to 119",
    status_code=201,
    responses=_DONE,
    openapi_extra=takes(FireBrigade, example={"reference": "119-20260501-0042"}),
)
async def hand_over(alert_id: AlertId, orders: OfficerOrders, request: Request) -> Response:
    """Record that the fire brigade has been told: when, by whom, under which reference."""
    return await orders.move(alert_id, "hand_over_119", await read_body(request, FireBrigade))


@router.post(
    "/dispatch",
    summary="Send somebody",
    status_code=201,
    responses=_DONE,
    openapi_extra=takes(Dispatch, example={"to": "巡查二组", "text": "携带气体检测仪。"}),
)
async def dispatch(alert_id: AlertId, orders: OfficerOrders, request: Request) -> Response:
    """Record who was sent; the response clock notes the instant."""
    return await orders.move(alert_id, "dispatch", await read_body(request, Dispatch))


@router.post(
    "/arrival",
    summary="Somebody is on site",
    status_code=201,
    responses=_DONE,
    openapi_extra=takes(Arrival, example={"text": "已到现场，未见明火。"}),
)
async def arrive(alert_id: AlertId, orders: OfficerOrders, request: Request) -> Response:
    """Record an arrival; the response clock notes the instant."""
    return await orders.move(alert_id, "arrive", await read_body(request, Arrival))


@router.post(
    "/priority",
    summary="Change the priority of an open alert",
    status_code=201,
    responses=_DONE,
    openapi_extra=takes(Reprioritisation, example={"priority": "high", "reason": "附近有学校。"}),
)
async def prioritise(alert_id: AlertId, orders: SupervisorOrders, request: Request) -> Response:
    """Change it for this occurrence; raised, it asks for acknowledgement again."""
    return await orders.move(alert_id, "prioritise", await read_body(request, Reprioritisation))
