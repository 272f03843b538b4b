"""Desks: which alerts each answers for, how an alert climbs from it, and who is on duty."""

from datetime import datetime
from typing import Annotated, Any, Literal

import msgspec
from fastapi import APIRouter, Path, Request, Response
from msgspec import Meta

from api.alert import Priority
from api.authentication import Viewer
from api.bounds import Identifier, Name
from api.documents import Document, read_body, read_named, shows, takes
from api.errors import documented
from api.orders import SupervisorOrders
from api.paging import Page
from api.parts import Parts, Running
from core.errors import NotFound

router = APIRouter(
    prefix="/desks",
    tags=["desks"],
    responses=documented("unauthenticated", "invalid", "unavailable"),
)

DeskId = Annotated[str, Path(max_length=64, examples=["fire"])]
Names = Annotated[tuple[Name, ...], Meta(max_length=500)]
Instant = Annotated[datetime, Meta(tz=True)]
_CHANGING = documented("forbidden", "not_found", "conflict")


class DeskScope(msgspec.Struct, frozen=True, kw_only=True):
    """What a desk answers for: every list that is not empty must fit; all empty is everything."""

    domains: Names = ()
    districts: Names = ()
    sites: Names = ()
    grids: Names = ()


class Step(msgspec.Struct, frozen=True, kw_only=True):
    """After how many seconds without `until` whom to tell.

    `to` is "on_duty", "supervisors", a person or a channel; `channels` hear of it as well.
    """

    after_s: Annotated[int, Meta(ge=0, le=7 * 86_400)]
    to: Name = "on_duty"
    channels: Names = ()
    repeat_every_s: Annotated[int, Meta(ge=30, le=86_400)] | None = None
    until: Literal["acknowledged", "verified", "dispatched"] = "acknowledged"


class CheckPlan(msgspec.Struct, frozen=True, kw_only=True):
    """When officers are asked whether they are there (查岗), Shanghai time, and for how long."""

    at: Annotated[tuple[str, ...], Meta(min_length=1, max_length=48)]
    minutes: Annotated[int, Meta(ge=1, le=60)] = 5


class Desk(msgspec.Struct, frozen=True, kw_only=True):
    """A place where alerts are answered; `members` are on duty while it has no roster."""

    desk_id: Identifier
    name_zh: Name
    name_en: Name
    scope: DeskScope = DeskScope()
    members: Names = ()
    supervisors: Names = ()
    at_least: Annotated[int, Meta(ge=1, le=50)] = 1
    check: CheckPlan | None = None
    chains: dict[Priority, tuple[Step, ...]] = {}


class Shift(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Who is meant to be on duty from `start` until just before `end`."""

    start: Instant
    end: Instant
    officers: Annotated[tuple[Name, ...], Meta(min_length=1, max_length=50)]


class Roster(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The shifts of a desk; they replace the ones before."""

    shifts: Annotated[tuple[Shift, ...], Meta(max_length=1000)]


class RosterShown(msgspec.Struct, frozen=True, kw_only=True):
    """The plan as it is kept, and what about it is doubtful: gaps, too few people."""

    shifts: list[Shift]
    warnings: list[str]


class DeskStored(Desk, frozen=True, kw_only=True):
    """A desk as it is kept, and whom of those it names no channel reaches."""

    warnings: list[str] = []


class DeskShown(Desk, frozen=True, kw_only=True):
    """A desk, who is on duty there, and the alerts that have climbed beyond it."""

    on_duty: list[str]
    overdue: list[str]


class CrewShown(msgspec.Struct, frozen=True, kw_only=True):
    """Who has signed for a desk, and when their shift ends."""

    officers: list[str]
    since: datetime
    until: datetime | None


class Shifts(msgspec.Struct, frozen=True, kw_only=True):
    """The roster, who has signed, and who is on duty by the one or the other."""

    shifts: list[Shift]
    crew: CrewShown | None
    on_duty: list[str]


EXAMPLE = {
    "desk_id": "fire",
    "name_zh": "消防监控中心",
    "name_en": "Fire monitoring centre",
    "at_least": 2,
    "scope": {"domains": ["fire"]},
    "chains": {
        "critical": [
            {"after_s": 0, "repeat_every_s": 60},
            {"after_s": 60, "to": "supervisors", "repeat_every_s": 120},
        ]
    },
}


@router.get("", summary="Desks, by id", responses=shows(Page[DeskShown]))
async def list_desks(parts: Running, _user: Viewer) -> Response:
    """List every desk with who is on duty there."""
    return Document(Page(await _desks(parts)))


@router.get("/{desk_id}", summary="One desk", responses=shows(DeskShown) | documented("not_found"))
async def show_desk(desk_id: DeskId, parts: Running, _user: Viewer) -> Response:
    """Return a desk and who is on duty there."""
    for desk in await _desks(parts):
        if desk["desk_id"] == desk_id:
            return Document(desk)
    raise NotFound(f"There is no desk {desk_id!r}.")


@router.put(
    "/{desk_id}",
    summary="Add or replace a desk",
    responses=shows(DeskStored, "Stored.") | _CHANGING,
    openapi_extra=takes(Desk, example=EXAMPLE),
)
async def put_desk(desk_id: DeskId, orders: SupervisorOrders, request: Request) -> Response:
    """Store a desk; one desk must answer for everything, and critical alerts tell somebody."""
    desk = await read_named(request, Desk, desk_id=desk_id)
    content = await orders.carry_out("put_desk", deed="desk.put", subject=desk_id, desk=desk)
    kept = msgspec.json.decode(content["desk"], type=dict[str, msgspec.Raw])
    return Document({**kept, "warnings": content["warnings"]})


@router.get(
    "/{desk_id}/shifts",
    summary="Who is on duty, and who will be",
    responses=shows(Shifts) | documented("not_found"),
)
async def list_shifts(desk_id: DeskId, parts: Running, _user: Viewer) -> Response:
    """Return the crew that has signed for the desk, and its planned shifts."""
    return Document(await parts.engine.ask("shifts", desk_id=desk_id))


@router.put(
    "/{desk_id}/roster",
    summary="Plan the shifts of a desk",
    responses=shows(RosterShown, "Planned.") | _CHANGING,
    openapi_extra=takes(
        Roster,
        example={
            "shifts": [
                {
                    "start": "2026-05-01T00:00:00Z",
                    "end": "2026-05-01T12:00:00Z",
                    "officers": ["li", "wang"],
                }
            ]
        },
    ),
)
async def put_roster(desk_id: DeskId, orders: SupervisorOrders, request: Request) -> Response:
    """Replace the plan; whoever is on duty now stays on duty until they have handed over.

    Every officer named must be somebody who may take alerts.
    """
    roster = await read_body(request, Roster)
    for officer in {officer for shift in roster.shifts for officer in shift.officers}:
        orders.check_person(officer)
    content = await orders.carry_out(
        "put_roster",
        deed="desk.roster",
        subject=desk_id,
        desk_id=desk_id,
        shifts=roster.shifts,
    )
    return Document(content)


async def _desks(parts: Parts) -> list[dict[str, Any]]:
    found = [
        msgspec.json.decode(each, type=dict[str, Any])
        for each in await parts.engine.ask_for("desks")
    ]
    return [each.pop("desk") | each for each in found]
