"""Figures of data quality: the same ones that the dashboards and the reports show."""

from datetime import datetime, timedelta
from typing import Annotated, Final

import msgspec
from fastapi import APIRouter, Query, Response

from api.authentication import Viewer
from api.documents import Document, shows
from api.errors import documented
from api.paging import Page
from api.parts import Running
from api.store import figures as store
from api.store.figures import (
    DataAge,
    Delay,
    Gap,
    OnlineRate,
    PassRate,
    PassRateOfDay,
    Suspect,
    WrongClock,
)
from api.store.values import Span
from api.timespan import From, To, span
from core.errors import Invalid

router = APIRouter(
    prefix="/figures",
    tags=["figures"],
    responses=documented("unauthenticated", "invalid", "unavailable"),
)

PASS_LINE: Final = 0.95
"""合格率 to be reached: the city platform's work plan of Luozhuang, 2021."""

Devices = Annotated[int, Query(ge=1, le=1000, description="devices at most, the worst first")]
_USUAL = timedelta(days=7)
_LONGEST = timedelta(days=92)


class PassRates(msgspec.Struct, frozen=True, kw_only=True):
    """数据质量合格率 by source, and by day and source, beside the line it is to reach."""

    start: datetime = msgspec.field(name="from")
    end: datetime = msgspec.field(name="to")
    line: float
    sources: list[PassRate]
    days: list[PassRateOfDay]


class Timeliness(msgspec.Struct, frozen=True, kw_only=True):
    """How late data is, what is doubtful about it, whose clock is wrong, how old the newest is."""

    start: datetime = msgspec.field(name="from")
    end: datetime = msgspec.field(name="to")
    ages: list[DataAge]
    delays: list[Delay]
    suspects: list[Suspect]
    clocks: list[WrongClock]


@router.get("/pass-rate", summary="Share of valid readings", responses=shows(PassRates))
async def show_pass_rate(
    parts: Running, _user: Viewer, start: From = None, end: To = None
) -> Response:
    """Work out 合格率 over the local days that 7 days, or another range up to 92, touch."""
    asked = _asked(start, end, parts.clock())
    async with parts.database.patient_connection() as conn:
        rates = PassRates(
            start=asked.start,
            end=asked.end,
            line=PASS_LINE,
            sources=await store.list_pass_rates(conn, asked),
            days=await store.list_pass_rates_by_day(conn, asked),
        )
    return Document(rates)


@router.get("/online-rate", summary="Share of time on line", responses=shows(Page[OnlineRate]))
async def show_online_rate(
    parts: Running, _user: Viewer, start: From = None, end: To = None
) -> Response:
    """Work out 在线率 by domain and kind of site; device-time without an offline alert."""
    asked = _asked(start, end, parts.clock())
    async with parts.database.patient_connection() as conn:
        return Document(Page(await store.list_online_rates(conn, asked)))


@router.get("/timeliness", summary="Late, doubtful, misdated data", responses=shows(Timeliness))
async def show_timeliness(
    parts: Running, _user: Viewer, start: From = None, end: To = None, devices: Devices = 50
) -> Response:
    """Return delays by source, doubtful readings by reason, and devices with a wrong clock."""
    asked = _asked(start, end, parts.clock())
    async with parts.database.patient_connection() as conn:
        timeliness = Timeliness(
            start=asked.start,
            end=asked.end,
            ages=await store.list_data_ages(conn),
            delays=await store.list_delays(conn),
            suspects=await store.list_suspects(conn, asked),
            clocks=await store.list_wrong_clocks(conn, limit=devices),
        )
    return Document(timeliness)


@router.get("/gaps", summary="Messages that never came", responses=shows(Page[Gap]))
async def list_gaps(
    parts: Running, _user: Viewer, start: From = None, end: To = None, devices: Devices = 50
) -> Response:
    """List the devices with skipped sequence numbers, those that miss most first."""
    asked = _asked(start, end, parts.clock())
    async with parts.database.patient_connection() as conn:
        return Document(Page(await store.list_gaps(conn, asked, limit=devices)))


def _asked(start: datetime | None, end: datetime | None, now: datetime) -> Span:
    asked = span(start, end, now=now, usual=_USUAL)
    if asked.end - asked.start > _LONGEST:
        raise Invalid(f"The range is longer than {_LONGEST.days} days.", code="bad_range")
    return asked
