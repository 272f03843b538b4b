"""Alerts: what is open, what was, and taking one."""

import hashlib
import uuid
from datetime import datetime
from typing import Annotated, Literal

import msgspec
from fastapi import APIRouter, Header, Path, Query, Response

from api.alert import Alert
from api.authentication import Officer, Viewer
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
Priority = Literal["critical", "high", "medium", "low"]
IdempotencyKey = Annotated[
    str | None,
    Header(max_length=200, description="the same key again gets the same answer again"),
]


class AlertShown(msgspec.Struct, frozen=True, kw_only=True):
    """An alert after its latest transition, as the engine published it."""

    alert_id: str
    seq: int
    rule_id: str
    rule_version: int
    kind: Literal["event", "threshold", "offline"]
    priority: Priority
    state: Literal["unacknowledged", "acknowledged", "returned_unacknowledged", "normal"]
    transition: Literal["raised", "acknowledged", "returned", "cleared", "updated"]
    device_id: str | None
    site_id: str | None
    district: str
    domain: str
    subject: str
    value: float | None
    limit: float | None
    unit: str | None
    cause: Literal["device", "gateway", "ingest", "broker"] | None
    count: int
    title_zh: str
    title_en: str
    guidance_zh: str
    guidance_en: str
    raised_at: datetime
    detected_at: datetime
    updated_at: datetime
    returned_at: datetime | None
    acknowledged_at: datetime | None
    acknowledged_by: str | None
    cleared_at: datetime | None
    late: bool


@router.get("", summary="Alerts, newest first", responses=shows(Page[AlertShown]))
async def list_alerts(
    parts: Running,
    _user: Viewer,
    *,
    state: Literal["open", "all"] = "open",
    start: From = None,
    end: To = None,
    device_id: Name = None,
    site_id: Name = None,
    priority: Priority | None = None,
    limit: Limit = 100,
    cursor: Cursor = None,
) -> Response:
    """List open alerts (from memory, whatever the database does), or all there ever were."""
    wanted = AlertFilter(
        start=start,
        end=end,
        device_id=device_id,
        site_id=site_id,
        priority=priority,
        limit=limit,
        before=read_cursor(cursor, tuple[datetime, str]),
    )
    page, following = cut(
        await _find(parts, state, wanted), limit, lambda alert: alert.newest_first
    )
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


@router.post(
    "/{alert_id}/acknowledgement",
    summary="Take an alert",
    status_code=201,
    responses=shows(AlertShown, "Taken.", status=201)
    | documented("forbidden", "not_found", "conflict"),
)
async def acknowledge(
    alert_id: AlertId,
    parts: Running,
    officer: Officer,
    idempotency_key: IdempotencyKey = None,
) -> Response:
    """Take an alert: everybody sees who has it; 409 tells by whom it was taken before.

    Works while the database is stopped; 503 when the alert engine does not answer in 5 s.
    """
    alert = await parts.engine.acknowledge(
        alert_id,
        officer=officer.username,
        request_id=_request_id(officer.username, alert_id, idempotency_key),
    )
    parts.audit.note(officer.username, "alert.acknowledge", alert_id)
    return _answer(alert, 201)


async def _find(parts: Parts, state: Literal["open", "all"], wanted: AlertFilter) -> list[Alert]:
    if state == "all":
        async with parts.database.connection() as conn:
            return await store.find_alerts(conn, wanted)
    live = parts.live.picture.open_alerts.values()
    found = [alert for alert in live if wanted.covers(alert)]
    return sorted(found, key=lambda alert: alert.newest_first, reverse=True)


def _request_id(officer: str, alert_id: str, key: str | None) -> str:
    """Make the caller's key unique to officer and alert; without one, nothing repeats."""
    if key is None:
        return uuid.uuid4().hex
    return hashlib.sha256(f"{officer}\0{alert_id}\0{key}".encode()).hexdigest()[:32]


def _documents(alerts: list[Alert]) -> list[msgspec.Raw]:
    return [msgspec.Raw(alert.document) for alert in alerts]


def _answer(alert: Alert, status: int = 200) -> Response:
    return Response(alert.document, status, media_type="application/json")
