"""The last messages of a device: what it said, when it saw it, when it reached us."""

from datetime import datetime, timedelta
from typing import Annotated, Literal

import msgspec
from fastapi import APIRouter, Path, Query, Response

from api.authentication import Viewer
from api.documents import Document, shows
from api.errors import documented
from api.paging import Page
from api.parts import Running
from api.store import messages, values
from api.store.messages import Row
from api.store.values import DeviceEvent, Fix
from api.timespan import From, To, span
from core.errors import NotFound

router = APIRouter(
    tags=["values"],
    responses=documented("unauthenticated", "not_found", "invalid", "unavailable"),
)

DeviceId = Annotated[str, Path(max_length=64, examples=["smoke-0001"])]
Few = Annotated[int, Query(ge=1, le=200, description="messages at most")]

_USUAL = timedelta(days=2)


class Value(msgspec.Struct, frozen=True):
    """One value of a message; `quality` as OPC UA has it: 0-63 good, 64-127 uncertain, 128- bad."""

    metric: str
    value: float
    quality: int


class Message(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What was stored of one message: values, a signal, or a position.

    `delay_s` from the device's own time to receipt; below 0: its clock is ahead.
    """

    kind: Literal["values", "signal", "position"]
    observed_at: datetime
    received_at: datetime
    delay_s: float
    values: list[Value] | None = None
    signal: DeviceEvent | None = None
    position: Fix | None = None


@router.get(
    "/devices/{device_id}/messages",
    summary="A device's last messages",
    responses=shows(Page[Message]),
)
async def list_messages(
    device_id: DeviceId,
    parts: Running,
    _user: Viewer,
    *,
    start: From = None,
    end: To = None,
    limit: Few = 50,
) -> Response:
    """Return what a device said last (in the last two days if no range is given), newest first."""
    registry = parts.registry.now
    speaker = registry.speakers.get(device_id)
    if speaker is None:
        raise NotFound(f"There is no device {device_id!r}.")
    asked = span(start, end, now=parts.clock(), usual=_USUAL)
    metrics = [rule.number for rule in speaker.metrics.values()]
    async with parts.database.connection() as conn:
        said = await messages.list_last_readings(conn, speaker.number, metrics, asked, limit)
        signals = await values.list_events(conn, speaker.number, asked, limit)
        fixes = await values.list_positions(conn, speaker.number, asked, limit)
    found = [
        *(_of_values(rows, registry.metric_names) for rows in said),
        *(_of_signal(signal) for signal in signals),
        *(_of_position(fix) for fix in fixes),
    ]
    found.sort(key=lambda message: message.observed_at, reverse=True)
    return Document(Page(found[:limit]))


def _of_values(rows: list[Row], names: dict[int, str]) -> Message:
    return Message(
        kind="values",
        observed_at=rows[0].observed_at,
        received_at=rows[0].received_at,
        delay_s=_delay(rows[0]),
        values=[Value(names[row.metric], row.value, row.quality) for row in rows],
    )


def _of_signal(signal: DeviceEvent) -> Message:
    return Message(
        kind="signal",
        observed_at=signal.observed_at,
        received_at=signal.received_at,
        delay_s=_delay(signal),
        signal=signal,
    )


def _of_position(fix: Fix) -> Message:
    return Message(
        kind="position",
        observed_at=fix.observed_at,
        received_at=fix.received_at,
        delay_s=_delay(fix),
        position=fix,
    )


def _delay(row: Row | DeviceEvent | Fix) -> float:
    return round((row.received_at - row.observed_at).total_seconds(), 3)
