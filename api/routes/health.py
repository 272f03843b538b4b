"""Is it alive, is it ready, how is it doing."""

from typing import Literal

import msgspec
from fastapi import APIRouter, Response
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from api.authentication import Viewer
from api.city import judge_parts
from api.documents import Document, shows
from api.errors import documented
from api.health import Health
from api.parts import Running
from core.clock import to_us

router = APIRouter(tags=["health"])
metrics_router = APIRouter(tags=["health"])


class Alive(msgspec.Struct, frozen=True):
    """The process answers."""

    status: Literal["alive"] = "alive"


class Ready(msgspec.Struct, frozen=True):
    """What the duty room can rely on; `down` only where live alerts do not flow."""

    status: Literal["ready", "degraded", "down"]
    parts: dict[str, Health]


_EXAMPLE = Ready(
    "ready", {"broker": Health("up", 0.0, "The broker is connected.", "消息中枢连接正常。")}
)


@router.get("/health", summary="Alive", responses=shows(Alive))
async def alive() -> Response:
    """Answer as long as the process lives."""
    return Document(Alive())


@router.get(
    "/ready",
    summary="Ready, part by part",
    responses=shows(Ready, example=_EXAMPLE) | shows(Ready, "Live alerts do not flow.", status=503),
)
async def ready(parts: Running) -> Response:
    """Judge every part; 503 once the broker or the alert engine is down.

    A database or an ingester that is down delays history, not alerts: `degraded`, still 200.
    """
    health = judge_parts(parts.live.picture, parts.links(), now_us=to_us(parts.clock()))
    if "down" in (health["broker"].state, health["alerts"].state):
        return Document(Ready("down", health), 503)
    whole = all(part.state == "up" for part in health.values())
    return Document(Ready("ready" if whole else "degraded", health))


@metrics_router.get(
    "/metrics",
    summary="Figures for Prometheus",
    response_class=Response,
    responses={
        200: {"description": "Prometheus text format.", "content": {"text/plain": {}}},
        **documented("unauthenticated"),
    },
)
async def metrics(_user: Viewer) -> Response:
    """Show the process's own figures."""
    return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)
