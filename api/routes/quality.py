"""Whether the duty room is told what matters, and no more."""

from datetime import datetime, timedelta
from typing import Annotated

import msgspec
from fastapi import APIRouter, Query, Response

from api.authentication import Viewer
from api.documents import Document, shows
from api.errors import documented
from api.paging import Page
from api.parts import Running
from api.store import quality as store
from api.store.quality import Actor, Idle, Kpi, Load
from api.store.values import Span
from api.timespan import From, To, span
from core.errors import Invalid

router = APIRouter(
    prefix="/alarm-quality",
    tags=["quality"],
    responses=documented("unauthenticated", "invalid", "unavailable"),
)

Worst = Annotated[int, Query(ge=1, le=100, description="conditions at most")]
Desk = Annotated[str | None, Query(max_length=64, description="only this desk")]
_USUAL = timedelta(days=7)
_LONGEST = timedelta(days=92)
_LONGEST_LOAD = timedelta(days=8)


class Quality(msgspec.Struct, frozen=True, kw_only=True):
    """The figures of a time, who makes the noise, and what nobody ever acts on.

    The split by priority (80/15/5) and everything else with a target are among the `kpis`.
    """

    start: datetime = msgspec.field(name="from")
    end: datetime = msgspec.field(name="to")
    kpis: list[Kpi]
    worst_actors: list[Actor]
    never_acted_on: list[Idle]


@router.get("", summary="How good the alarms are", responses=shows(Quality))
async def show_quality(
    parts: Running, _user: Viewer, start: From = None, end: To = None, worst: Worst = 10
) -> Response:
    """Work out the figures of ISA-18.2 and EEMUA 191 over 7 days, or another range up to 92."""
    asked = _bounded(span(start, end, now=parts.clock(), usual=_USUAL), _LONGEST)
    async with parts.database.patient_connection() as conn:
        quality = Quality(
            start=asked.start,
            end=asked.end,
            kpis=await store.list_kpis(conn, asked),
            worst_actors=await store.list_worst_actors(conn, asked, worst),
            never_acted_on=await store.list_never_acted_on(conn, asked, worst),
        )
    return Document(quality)


@router.get("/load", summary="How much each desk was told", responses=shows(Page[Load]))
async def show_load(
    parts: Running, _user: Viewer, start: From = None, end: To = None, desk: Desk = None
) -> Response:
    """Return what every desk was told, ten minutes by ten minutes; 8 days at most."""
    usual = timedelta(days=1)
    asked = _bounded(span(start, end, now=parts.clock(), usual=usual), _LONGEST_LOAD)
    async with parts.database.patient_connection() as conn:
        return Document(Page(await store.list_load(conn, asked, desk)))


def _bounded(asked: Span, longest: timedelta) -> Span:
    if asked.end - asked.start > longest:
        raise Invalid(f"The range is longer than {longest.days} days.", code="bad_range")
    return asked
