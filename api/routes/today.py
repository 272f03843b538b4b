"""Today beside yesterday, for the wall."""

from datetime import datetime

import msgspec
from fastapi import APIRouter, Request, Response

from api.authentication import Viewer
from api.documents import Document, shows
from api.errors import documented
from api.parts import Parts
from api.remembering import Remembered
from api.store import today as store
from api.store.today import DayFigure, FigureName, Hour

router = APIRouter(tags=["figures"], responses=documented("unauthenticated", "unavailable"))

_KEPT_S = 30.0


class Compared(msgspec.Struct, frozen=True, kw_only=True):
    """One figure of today so far, and of yesterday until the same time; null: not known.

    Rates are 0 … 1; `pass_rate` and `lighting_rate` are those of the whole local days.
    """

    figure: FigureName
    today: float | None
    yesterday: float | None


class Today(msgspec.Struct, frozen=True, kw_only=True):
    """The day's figures, and the hours since yesterday's midnight in Shanghai."""

    at: datetime
    figures: list[Compared]
    hours: list[Hour]


def remembered(parts: Parts) -> Remembered[Today]:
    """Return the day, asked for once for everybody who looks in the next half minute."""
    return Remembered(lambda: _ask(parts), keep_s=_KEPT_S)


@router.get("/today", summary="Today beside yesterday", responses=shows(Today))
async def show_today(request: Request, _user: Viewer) -> Response:
    """Return the day's figures, half a minute old at most."""
    known: Remembered[Today] = request.app.state.today
    return Document(await known.get())


async def _ask(parts: Parts) -> Today:
    now = parts.clock()
    async with parts.database.connection() as conn:
        hours = await store.list_hours(conn, now)
        figures = await store.list_figures(conn, now)
    return Today(at=now, figures=compare(figures), hours=hours)


def compare(figures: list[DayFigure]) -> list[Compared]:
    """Put each figure of today beside yesterday's."""
    known = {(one.figure, one.day): one.value for one in figures}
    names = dict.fromkeys(one.figure for one in figures)
    return [
        Compared(
            figure=name,
            today=known.get((name, "today")),
            yesterday=known.get((name, "yesterday")),
        )
        for name in names
    ]
