"""The live stream: alerts as they happen, the city each second."""

from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import APIRouter, Header, Response
from sse_starlette import EventSourceResponse, ServerSentEvent

from api.authentication import Viewer
from api.errors import documented
from api.parts import Parts, Running
from api.people import User
from api.stream import Frame, Listener, alert_frame, reset_frame
from core.errors import YiwangError

router = APIRouter(tags=["stream"], responses=documented("unauthenticated", "unavailable"))

_RETRY = b"retry: 1000\n\n"  # milliseconds until a browser connects again
_PING_S = 15
_SEND_WITHIN_S = 10
_ASK_AT_MOST = 20  # pages of the engine's journal, before a reset is the better answer

LastEventId = Annotated[
    str | None,
    Header(pattern=r"^[0-9]{1,18}$", description="resume after this event"),
]

_DESCRIPTION = """Server-sent events:

- `alert`: an alert after a transition (`data` as in `GET /alerts/{alert_id}`, `id` = its `seq`).
  May come twice; keep the highest `seq` per alert. One without `id` overtook an earlier one that
  is still being fetched, and comes again in order.
- `city`: each second, the summary of the city.
- `reset`: too much was missed to be told again; load the open alerts anew.

A client that reconnects with `Last-Event-ID` gets every transition it has missed.
"""


@router.get(
    "/stream",
    summary="Live events",
    response_class=EventSourceResponse,
    responses={200: {"description": _DESCRIPTION, "content": {"text/event-stream": {}}}},
)
async def stream(parts: Running, user: Viewer, last_event_id: LastEventId = None) -> Response:
    """Open the live stream."""
    parts.stream.check_room()
    seen = None if last_event_id is None else int(last_event_id)
    return EventSourceResponse(
        _frames(parts, user, seen),
        ping=_PING_S,
        ping_message_factory=lambda: ServerSentEvent(comment="ping", sep="\n"),
        send_timeout=_SEND_WITHIN_S,
    )


async def _frames(parts: Parts, user: User, seen: int | None) -> AsyncIterator[bytes]:
    with parts.stream.listening() as listener:
        yield _RETRY
        if parts.stream.last_city is not None:
            yield parts.stream.last_city.data
        told = -1
        if seen is not None:
            async for frame in _missed(parts, seen):
                told = seen if frame.seq is None else frame.seq
                yield frame.data
        async for data in _news(listener, told):
            if parts.users.admitted.get(user.username) != user:
                return  # disabled, or changed: sign in again
            yield data


async def _missed(parts: Parts, seen: int) -> AsyncIterator[Frame]:
    """Tell what happened after `seen`: from memory, else from the engine's, else say so."""
    remembered = parts.live.journal.since(seen)
    if remembered is not None:
        for alert in remembered:
            yield alert_frame(alert)
        return
    try:
        async for frame in _from_engine(parts, seen):
            yield frame
    except YiwangError:
        yield reset_frame(parts.live.journal.cursor or 0)


async def _from_engine(parts: Parts, seen: int) -> AsyncIterator[Frame]:
    for _ in range(_ASK_AT_MOST):
        page = await parts.engine.events_since(seen)
        if not page.oldest_seq - 1 <= seen <= page.last_seq:
            break
        for alert in page.events:
            yield alert_frame(alert)
        if page.up_to >= page.last_seq:
            return
        seen = page.up_to
    yield reset_frame(parts.live.journal.cursor or 0)


async def _news(listener: Listener, told: int) -> AsyncIterator[bytes]:
    """Yield what happens from now on, except what has just been told."""
    async for frame in listener.frames():
        if frame.seq is None or frame.seq > told:
            yield frame.data
