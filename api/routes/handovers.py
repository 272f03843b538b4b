"""Hand-overs between shifts (交接班), signed twice, and duty checks (查岗)."""

from datetime import datetime
from typing import Annotated

import msgspec
from fastapi import APIRouter, Path, Query, Request, Response
from msgspec import Meta

from api.authentication import Viewer
from api.documents import Document, read_body, shows, takes
from api.errors import documented
from api.orders import OfficerOrders, SupervisorOrders
from api.paging import Page
from api.parts import Running
from api.people import Username
from api.routes.desks import DeskId

router = APIRouter(
    tags=["desks"], responses=documented("unauthenticated", "invalid", "unavailable")
)

HandoverId = Annotated[str, Path(max_length=200)]
CheckId = Annotated[str, Path(max_length=200)]
Days = Annotated[int, Query(ge=1, le=92, description="how far back")]
_DOING = documented("forbidden", "not_found", "conflict")


class NewHandover(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """To whom, and what they must know."""

    to: Username
    text: Annotated[str, Meta(max_length=2000)] = ""


class HandoverShown(msgspec.Struct, frozen=True, kw_only=True):
    """A hand-over; it has happened when `signed_at` is set.

    `contents` are all open alerts of the desk, by what is to be done with them, the running
    windows, what is put aside. `added` came between the two signatures.
    """

    handover_id: str
    desk_id: str
    from_officers: list[str]
    by: str
    to: str
    text: str
    begun_at: datetime
    contents: dict[str, object]
    incoming: list[str]
    signed_at: datetime | None
    added: list[str]


class NewCheck(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How many minutes there are to answer (GB/T 26875.3-2011, fig. 46)."""

    minutes: Annotated[int, Meta(ge=1, le=60)] = 5


class AnswerShown(msgspec.Struct, frozen=True, kw_only=True):
    """One of those who were asked."""

    name: str
    reachable: bool
    answered_at: datetime | None


class CheckShown(msgspec.Struct, frozen=True, kw_only=True):
    """A duty check; `by` is null where it was planned."""

    check_id: str
    desk_id: str
    asked_at: datetime
    until: datetime
    by: str | None
    answers: list[AnswerShown]
    closed_at: datetime | None


class RateShown(msgspec.Struct, frozen=True, kw_only=True):
    """Answered of asked (应答率) over closed checks; who cannot be reached is counted apart."""

    asked: int
    answered: int
    unreachable: int
    rate: float | None


class Checks(msgspec.Struct, frozen=True, kw_only=True):
    """The checks of some days, the latest first, and their answer rate."""

    checks: list[CheckShown]
    rate: RateShown


@router.get(
    "/desks/{desk_id}/handovers",
    summary="Hand-overs of a desk",
    responses=shows(Page[HandoverShown]) | documented("not_found"),
)
async def list_handovers(desk_id: DeskId, parts: Running, _user: Viewer) -> Response:
    """List the latest hand-overs; the first may still wait for its second signature."""
    return Document(Page(await parts.engine.ask_for("handovers", desk_id=desk_id)))


@router.post(
    "/desks/{desk_id}/handovers",
    summary="Hand a desk over",
    status_code=201,
    responses=shows(HandoverShown, "Signed by the outgoing officer.", status=201) | _DOING,
    openapi_extra=takes(NewHandover, example={"to": "wang", "text": "二号泵房检修至 18 时。"}),
)
async def begin_handover(desk_id: DeskId, orders: OfficerOrders, request: Request) -> Response:
    """Sign as the outgoing officer; the duty stays yours until the other one has signed."""
    asked = await read_body(request, NewHandover)
    orders.check_person(asked.to)
    content = await orders.carry_out(
        "begin_handover",
        deed="handover.begin",
        subject=desk_id,
        desk_id=desk_id,
        to=asked.to,
        text=asked.text,
    )
    return Document(content["handover"], 201)


@router.post(
    "/handovers/{handover_id}/signature",
    summary="Take a desk over",
    status_code=201,
    responses=shows(HandoverShown, "Signed by both.", status=201) | _DOING,
)
async def sign_handover(handover_id: HandoverId, orders: OfficerOrders) -> Response:
    """Sign as the incoming officer: from now on the duty is yours, with all that is open."""
    content = await orders.carry_out(
        "sign_handover", deed="handover.sign", subject=handover_id, handover_id=handover_id
    )
    return Document(content["handover"], 201)


@router.get(
    "/desks/{desk_id}/checks",
    summary="Duty checks and their answer rate",
    responses=shows(Checks) | documented("not_found"),
)
async def list_checks(desk_id: DeskId, parts: Running, _user: Viewer, days: Days = 7) -> Response:
    """Return the duty checks (查岗) of some days and how many were answered."""
    return Document(await parts.engine.ask("checks", desk_id=desk_id, days=days))


@router.post(
    "/desks/{desk_id}/checks",
    summary="Check who is there",
    status_code=201,
    responses=shows(CheckShown, "Asked.", status=201) | _DOING,
    openapi_extra=takes(NewCheck, example={"minutes": 5}),
)
async def start_check(desk_id: DeskId, orders: SupervisorOrders, request: Request) -> Response:
    """Ask everybody on duty at a desk to answer within some minutes."""
    asked = await read_body(request, NewCheck)
    content = await orders.carry_out(
        "start_check",
        deed="check.start",
        subject=desk_id,
        desk_id=desk_id,
        minutes=asked.minutes,
    )
    return Document(content["check"], 201)


@router.post(
    "/checks/{check_id}/answer",
    summary="Answer a duty check",
    status_code=201,
    responses=shows(CheckShown, "Noted.", status=201) | _DOING,
)
async def answer_check(check_id: CheckId, orders: OfficerOrders) -> Response:
    """Say that you are there; 409 when it was not you who was asked, or the time is over."""
    content = await orders.carry_out(
        "answer_check", deed="check.answer", subject=check_id, check_id=check_id
    )
    return Document(content["check"], 201)
