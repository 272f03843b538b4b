"""What devices reported: newest values, history, positions, events."""

from datetime import datetime, timedelta
from typing import Annotated, Literal

import msgspec
from fastapi import APIRouter, Path, Query, Response

from api.authentication import Viewer
from api.documents import Document, shows
from api.errors import documented
from api.paging import Cursor, Limit, Page, cut, read_cursor
from api.parts import Running
from api.store import values
from api.store.values import DeviceEvent, Fix, LatestRow, Point, Resolution, Span
from api.timespan import From, To, span
from core.errors import NotFound
from devices.registry import Registry, Speaker

router = APIRouter(
    tags=["values"],
    responses=documented("unauthenticated", "not_found", "invalid", "unavailable"),
)

DeviceId = Annotated[str, Path(max_length=64, examples=["smoke-0001"])]
Name = Annotated[str | None, Query(max_length=64)]
Points = Annotated[int, Query(ge=1, le=10_000, description="points at most")]
Wanted = Literal["auto", "raw", "1m", "1h", "1d"]

_DAY = timedelta(days=1)


class Latest(msgspec.Struct, frozen=True, kw_only=True):
    """The newest value of one metric; `age_s` counts from when the device saw it."""

    device_id: str
    metric: str
    value: float
    unit: str
    quality: int
    observed_at: datetime
    received_at: datetime
    age_s: float


class History(msgspec.Struct, frozen=True, kw_only=True):
    """One metric over time, oldest first; `complete` is false where the limit cut it short."""

    device_id: str
    metric: str
    unit: str
    resolution: Resolution
    start: datetime = msgspec.field(name="from")
    end: datetime = msgspec.field(name="to")
    complete: bool
    points: list[Point]


class Log(msgspec.Struct, frozen=True, kw_only=True):
    """Positions or events of one device, newest first; cut where `complete` is false."""

    device_id: str
    start: datetime = msgspec.field(name="from")
    end: datetime = msgspec.field(name="to")
    complete: bool


class Track(Log, frozen=True, kw_only=True):
    """Where a vehicle was."""

    items: list[Fix]


class EventLog(Log, frozen=True, kw_only=True):
    """What a device signalled."""

    items: list[DeviceEvent]


@router.get("/latest", summary="Newest values", responses=shows(Page[Latest]))
async def list_latest(
    parts: Running,
    _user: Viewer,
    *,
    device_id: Name = None,
    site_id: Name = None,
    domain: Name = None,
    limit: Limit = 500,
    cursor: Cursor = None,
) -> Response:
    """Return the newest value of every metric of one device, one site, one domain, or all."""
    registry = parts.registry.now
    devices = [
        speaker.number
        for speaker in registry.speakers.values()
        if device_id in {None, speaker.device.device_id}
        and site_id in {None, speaker.device.site_id}
        and domain in {None, speaker.profile.domain}
    ]
    after = read_cursor(cursor, tuple[int, int])
    async with parts.database.connection() as conn:
        found = await values.list_latest(conn, devices, after=after, limit=limit)
    page, following = cut(found, limit, lambda row: (row.device, row.metric))
    items = [_latest(row, registry, now=parts.clock()) for row in page]
    return Document(Page(items, following))


@router.get("/devices/{device_id}/latest", summary="A device now", responses=shows(Page[Latest]))
async def latest_of_device(device_id: DeviceId, parts: Running, _user: Viewer) -> Response:
    """Return the newest value of every metric of one device."""
    registry = parts.registry.now
    number = _speaker(registry, device_id).number
    async with parts.database.connection() as conn:
        found = await values.list_latest(conn, [number], after=None, limit=1000)
    return Document(Page([_latest(row, registry, now=parts.clock()) for row in found]))


@router.get("/devices/{device_id}/history", summary="A metric's history", responses=shows(History))
async def history(
    device_id: DeviceId,
    parts: Running,
    _user: Viewer,
    *,
    metric: Annotated[str, Query(max_length=64, examples=["temperature_c"])],
    start: From = None,
    end: To = None,
    resolution: Wanted = "auto",
    limit: Points = 2000,
) -> Response:
    """Return one metric over time (the last day if no range is given).

    `auto` takes the finest resolution whose points fit the limit; the answer says which.
    """
    registry = parts.registry.now
    speaker = _speaker(registry, device_id)
    described = registry.metrics.get(metric)
    if described is None:
        raise NotFound(f"There is no metric {metric!r}.")
    asked = span(start, end, now=parts.clock(), usual=_DAY)
    chosen = _resolution(resolution, asked, speaker, limit)
    async with parts.database.connection() as conn:
        found = await values.list_points(
            conn, speaker.number, described.number, chosen, asked, limit
        )
    return Document(
        History(
            device_id=device_id,
            metric=metric,
            unit=described.unit,
            resolution=chosen,
            start=asked.start,
            end=asked.end,
            complete=len(found) <= limit,
            points=found[:limit],
        )
    )


@router.get("/devices/{device_id}/positions", summary="A vehicle's track", responses=shows(Track))
async def positions(
    device_id: DeviceId,
    parts: Running,
    _user: Viewer,
    *,
    start: From = None,
    end: To = None,
    limit: Points = 2000,
) -> Response:
    """Return where a vehicle was (the last day if no range is given), newest first."""
    number = _speaker(parts.registry.now, device_id).number
    asked = span(start, end, now=parts.clock(), usual=_DAY)
    async with parts.database.connection() as conn:
        found = await values.list_positions(conn, number, asked, limit)
    return Document(
        Track(
            device_id=device_id,
            start=asked.start,
            end=asked.end,
            complete=len(found) <= limit,
            items=found[:limit],
        )
    )


@router.get("/devices/{device_id}/events", summary="A device's signals", responses=shows(EventLog))
async def events(
    device_id: DeviceId,
    parts: Running,
    _user: Viewer,
    *,
    start: From = None,
    end: To = None,
    limit: Points = 2000,
) -> Response:
    """Return what a device signalled (the last 30 days if no range is given), newest first."""
    number = _speaker(parts.registry.now, device_id).number
    asked = span(start, end, now=parts.clock(), usual=30 * _DAY)
    async with parts.database.connection() as conn:
        found = await values.list_events(conn, number, asked, limit)
    return Document(
        EventLog(
            device_id=device_id,
            start=asked.start,
            end=asked.end,
            complete=len(found) <= limit,
            items=found[:limit],
        )
    )


def _speaker(registry: Registry, device_id: str) -> Speaker:
    if speaker := registry.speakers.get(device_id):
        return speaker
    raise NotFound(f"There is no device {device_id!r}.")


def _resolution(wanted: Wanted, asked: Span, speaker: Speaker, limit: int) -> Resolution:
    if wanted != "auto":
        return Resolution(wanted)
    every = timedelta(seconds=speaker.profile.expected_interval_s)
    return values.choose_resolution(asked, every=every, limit=limit)


def _latest(row: LatestRow, registry: Registry, *, now: datetime) -> Latest:
    metric = registry.metrics[registry.metric_names[row.metric]]
    return Latest(
        device_id=registry.by_number[row.device].device.device_id,
        metric=metric.name,
        value=row.value,
        unit=metric.unit,
        quality=row.quality,
        observed_at=row.observed_at,
        received_at=row.received_at,
        age_s=round((now - row.observed_at).total_seconds(), 1),
    )
