"""Who was told what, when, and by which way."""

from datetime import datetime
from typing import Annotated, Literal

import msgspec
from fastapi import APIRouter, Query, Response
from msgspec import Meta

from api.authentication import Supervisor, Viewer
from api.documents import Document, shows
from api.errors import documented
from api.paging import Page
from api.parts import Parts, Running
from api.routes.alerts import AlertId
from core.clock import from_us

router = APIRouter(
    tags=["notices"], responses=documented("unauthenticated", "invalid", "unavailable")
)

Limit = Annotated[int, Query(ge=1, le=1000, description="receipts at most, the latest first")]


class _Told(msgspec.Struct, frozen=True, kw_only=True):
    """Who is told what by which way; `others` are reached by the same message.

    `gathered` counts the alerts the message is about: more than one in a summary, which stands
    here once for each of them. `step` is the step of the desk's chain.
    """

    notice_id: str
    purpose: str
    to: str
    others: list[str]
    channel: str
    language: Literal["zh", "en"]
    subject: str
    alert_id: str | None
    gathered: int
    step: int
    drill: bool
    attempt: int
    outcome: Annotated[str, Meta(description="sent, again, failed, overtaken, no_way, waiting")]
    sentence: Annotated[str, Meta(description="why; empty: nothing to say")]


class NoticeShown(_Told, frozen=True, kw_only=True):
    """One attempt to tell somebody something: what became of it, why, and when.

    While it is `waiting`, `at` is when it will be tried; null is at once.
    """

    at: datetime | None


class Receipt(_Told, frozen=True, kw_only=True):
    """The same as the engine says it."""

    at_us: int


class PersonShown(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody who can be told, and by which channels."""

    username: str


class ChannelShown(msgspec.Struct, frozen=True, kw_only=True):
    """A way of telling somebody; its address stays in the engine."""

    name: str
    kind: str
    language: str


class Reachable(msgspec.Struct, frozen=True, kw_only=True):
    """Who can be told, and how."""

    people: list[PersonShown]
    channels: list[ChannelShown]


@router.get("/notices", summary="The latest notices", responses=shows(Page[NoticeShown]))
async def list_notices(parts: Running, _user: Viewer, limit: Limit = 100) -> Response:
    """List what is on its way and the latest receipts; older ones stand in the journal."""
    return await _notices(parts, limit=limit)


@router.get(
    "/alerts/{alert_id}/notices",
    summary="Who was told of an alert",
    responses=shows(Page[NoticeShown]),
)
async def list_notices_of(
    alert_id: AlertId, parts: Running, _user: Viewer, limit: Limit = 100
) -> Response:
    """List who was told of this alert, when, by which way, and what became of it."""
    return await _notices(parts, alert_id=alert_id, limit=limit)


@router.get(
    "/people",
    summary="Who can be told, and how",
    responses=shows(Reachable) | documented("forbidden"),
)
async def list_people(parts: Running, _user: Supervisor) -> Response:
    """List the people and channels a desk's chain may name."""
    return Document(await parts.engine.ask("people"))


async def _notices(parts: Parts, **which: object) -> Response:
    content = await parts.engine.ask("notices", **which)
    told = [
        each
        for part in ("waiting", "receipts")
        for each in msgspec.json.decode(content[part], type=list[Receipt])
    ]
    return Document(Page([_shown(each) for each in told]))


def _shown(receipt: Receipt) -> NoticeShown:
    common = {field: getattr(receipt, field) for field in _Told.__struct_fields__}
    return NoticeShown(**common, at=from_us(receipt.at_us) if receipt.at_us else None)
