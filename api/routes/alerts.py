"""Alerts: what is open, what was, and what happened to it."""

from datetime import datetime
from typing import Annotated, Any, Literal

import msgspec
from fastapi import APIRouter, Depends, Path, Query, Response

from api.alert import NORMAL, STATES, Alert, Priority, State
from api.alert_shown import AlertShown
from api.authentication import Viewer
from api.documents import Document, shows
from api.errors import documented
from api.paging import Cursor, Limit, Page, cut, read_cursor
from api.parts import Parts, Running
from api.store import alerts as store
from api.store.alerts import AlertFilter
from api.timespan import From, To
from core.errors import NotFound

router = APIRouter(
    prefix="/alerts",
    tags=["alerts"],
    responses=documented("unauthenticated", "invalid", "unavailable"),
)

AlertId = Annotated[str, Path(max_length=128, examples=["20260501-020304-0a1b2c3d4e5f"])]
Name = Annotated[str | None, Query(max_length=64)]
States = Annotated[
    list[State | Literal["open", "all"]],
    Query(
        description="one or several; `open` (the usual) means everything but `normal`, "
        "put aside or not; `normal` and `all` reach into the past"
    ),
]


def _which(
    state: States = ["open"],  # noqa: B006 - FastAPI copies it
    priority: Priority | None = None,
    drill: Annotated[bool | None, Query(description="only, or never, those of a drill")] = None,
    folded: Annotated[bool | None, Query(description="only, or never, those in a fold")] = None,
) -> dict[str, Any]:
    return {"states": _named(state), "priority": priority, "drill": drill, "folded": folded}


def _where(
    device_id: Name = None, site_id: Name = None, domain: Name = None, desk: Name = None
) -> dict[str, Any]:
    return {"device_id": device_id, "site_id": site_id, "domain": domain, "desk_id": desk}


Which = Annotated[dict[str, Any], Depends(_which)]
Where = Annotated[dict[str, Any], Depends(_where)]


@router.get("", summary="Alerts, newest first", responses=shows(Page[AlertShown]))
async def list_alerts(
    parts: Running,
    _user: Viewer,
    *,
    which: Which,
    where: Where,
    start: From = None,
    end: To = None,
    limit: Limit = 100,
    cursor: Cursor = None,
) -> Response:
    """List open alerts (from memory, whatever the database does), or all there ever were.

    Of those put aside `hold` tells by whom, why and until when.
    """
    wanted = AlertFilter(
        **which,
        **where,
        start=start,
        end=end,
        limit=limit,
        before=read_cursor(cursor, tuple[datetime, str]),
    )
    page, following = cut(await _find(parts, wanted), limit, lambda alert: alert.newest_first)
    return Document(Page(_documents(page), following))


@router.get(
    "/{alert_id}", summary="One alert", responses=shows(AlertShown) | documented("not_found")
)
async def show_alert(alert_id: AlertId, parts: Running, _user: Viewer) -> Response:
    """Return an alert, open (from memory) or past."""
    if alert := parts.live.picture.open_alerts.get(alert_id):
        return _answer(alert)
    async with parts.database.connection() as conn:
        if alert := await store.find_alert(conn, alert_id):
            return _answer(alert)
    raise NotFound(f"There is no alert {alert_id!r}.")


@router.get(
    "/{alert_id}/events",
    summary="What happened to an alert",
    responses=shows(Page[AlertShown]) | documented("not_found"),
)
async def list_transitions(alert_id: AlertId, parts: Running, _user: Viewer) -> Response:
    """Return the alert as it was after each of its transitions, first things first."""
    async with parts.database.connection() as conn:
        found = await store.list_transitions(conn, alert_id)
    if not found:
        raise NotFound(f"There is no history of an alert {alert_id!r}.")
    return Document(Page(_documents(found)))


def _named(states: list[State | Literal["open", "all"]]) -> tuple[State, ...]:
    """Return the states that are meant."""
    if "all" in states:
        return STATES
    return tuple(
        state for state in STATES if state in states or ("open" in states and state != NORMAL)
    )


async def _find(parts: Parts, wanted: AlertFilter) -> list[Alert]:
    if NORMAL in wanted.states:
        async with parts.database.connection() as conn:
            return await store.find_alerts(conn, wanted)
    live = parts.live.picture.open_alerts.values()
    found = [alert for alert in live if wanted.covers(alert)]
    return sorted(found, key=lambda alert: alert.newest_first, reverse=True)


def _documents(alerts: list[Alert]) -> list[msgspec.Raw]:
    return [msgspec.Raw(alert.document) for alert in alerts]


def _answer(alert: Alert) -> Response:
    return Response(alert.document, media_type="application/json")
