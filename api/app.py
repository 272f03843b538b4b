"""The application: every route under one prefix, the page at the root, one OpenAPI document."""

from pathlib import Path
from typing import Any

from fastapi import APIRouter, FastAPI
from fastapi.openapi.utils import get_openapi
from fastapi.staticfiles import StaticFiles

from api import documents, errors
from api.hardening import BoundedBodies, Measured, SafeHeaders
from api.parts import Parts
from api.routes import (
    alerts,
    audit,
    books,
    credentials,
    deeds,
    desks,
    devices,
    exchange,
    handovers,
    health,
    jobs,
    journal,
    kinds,
    notices,
    quality,
    rules,
    sessions,
    shelving,
    sites,
    stream,
    users,
    values,
    windows,
)

PREFIX = "/api/v1"
CONSOLE = Path(__file__).parent.parent / "console"

_ROUTERS: tuple[APIRouter, ...] = (
    health.router,
    sessions.router,
    alerts.router,
    deeds.router,
    shelving.router,
    notices.router,
    windows.router,
    rules.router,
    jobs.router,
    desks.router,
    handovers.router,
    quality.router,
    journal.router,
    stream.router,
    values.router,
    exchange.router,
    sites.router,
    devices.router,
    credentials.router,
    kinds.router,
    books.router,
    users.router,
    audit.router,
)

_TAGS = [
    {"name": "health", "description": "Is it alive, is it ready, how is it doing."},
    {"name": "sign-in", "description": "Tokens for programs, a cookie for the page."},
    {"name": "alerts", "description": "What is open, what was, and what people do with it."},
    {"name": "notices", "description": "Who was told what, when, by which way."},
    {"name": "windows", "description": "Maintenance, drills, floods."},
    {"name": "rules", "description": "What an alert comes from: drafted, tried, approved."},
    {"name": "desks", "description": "Who answers: desks, shifts, hand-overs, duty checks."},
    {"name": "quality", "description": "Is the duty room told what matters, and no more."},
    {"name": "journal", "description": "Everything the alert engine has done."},
    {"name": "stream", "description": "Everything live, as server-sent events."},
    {"name": "values", "description": "Newest values, history, positions, events."},
    {"name": "registry", "description": "Grid, sites, devices, profiles, metrics."},
    {"name": "credentials", "description": "How a device signs in at the broker."},
    {"name": "books", "description": "Where every message went, and what could not be read."},
    {"name": "users", "description": "Who may sign in."},
    {"name": "audit", "description": "Who did what."},
]


def build_app(parts: Parts) -> FastAPI:
    """Return the application over running parts."""
    app = FastAPI(
        title="yiwang 一网",
        version="1.0.0",
        summary="A city's field devices: what they say, who must know, what was done.",
        openapi_url=f"{PREFIX}/openapi.json",
        openapi_tags=_TAGS,
        docs_url=None,  # the usual pages load scripts from elsewhere; ours is console/docs/
        redoc_url=None,
    )
    app.state.parts = parts
    errors.install(app)
    for router in _ROUTERS:
        app.include_router(router, prefix=PREFIX)
    app.include_router(health.metrics_router)
    app.mount("/", StaticFiles(directory=CONSOLE, html=True), name="console")
    app.openapi = lambda: _openapi(app)  # type: ignore[method-assign] # FastAPI's own way to extend it
    for layer in (BoundedBodies, SafeHeaders, Measured):
        app.add_middleware(layer)
    return app


def _openapi(app: FastAPI) -> dict[str, Any]:
    if app.openapi_schema is None:
        document = get_openapi(
            title=app.title,
            version=app.version,
            summary=app.summary,
            routes=app.routes,
            tags=app.openapi_tags,
        )
        document["components"]["schemas"] |= documents.schemas()
        app.openapi_schema = document
    return app.openapi_schema
