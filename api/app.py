"""The application: every route under one prefix, the page at the root, one OpenAPI document."""

from typing import Any

from fastapi import APIRouter, FastAPI
from fastapi.openapi.utils import get_openapi

from api import documents, errors
from api.console import Console
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
    exports,
    figures,
    handovers,
    health,
    jobs,
    journal,
    kinds,
    maps,
    messages,
    notices,
    officers,
    outlines,
    quality,
    reports,
    rules,
    search,
    sessions,
    shelving,
    sites,
    stream,
    surroundings,
    system,
    today,
    users,
    values,
    windows,
)

PREFIX = "/api/v1"

_ROUTERS: tuple[APIRouter, ...] = (
    health.router,
    sessions.router,
    alerts.router,
    deeds.router,
    shelving.router,
    notices.router,
    officers.router,
    windows.router,
    rules.router,
    jobs.router,
    desks.router,
    handovers.router,
    quality.router,
    figures.router,
    journal.router,
    stream.router,
    values.router,
    maps.router,
    outlines.router,
    surroundings.router,
    today.router,
    messages.router,
    search.router,
    exchange.router,
    exports.router,
    reports.router,
    sites.router,
    devices.router,
    credentials.router,
    kinds.router,
    books.router,
    users.router,
    audit.router,
    system.router,
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
    {
        "name": "figures",
        "description": "Pass rate, online rate, lateness, gaps: one definition each.",
    },
    {"name": "journal", "description": "Everything the alert engine has done."},
    {"name": "stream", "description": "Everything live, as server-sent events."},
    {"name": "values", "description": "Newest values, history, positions, events."},
    {"name": "map", "description": "The city on a map: what stands, shines and moves."},
    {"name": "exports", "description": "Histories as CSV, XLSX, Parquet."},
    {"name": "reports", "description": "日提醒、周通报、月考核: by day, week, month."},
    {"name": "registry", "description": "Grid, sites, devices, profiles, metrics."},
    {"name": "credentials", "description": "How a device signs in at the broker."},
    {"name": "books", "description": "Where every message went, and what could not be read."},
    {"name": "users", "description": "Who may sign in."},
    {"name": "audit", "description": "Who did what."},
    {"name": "system", "description": "Every program's heartbeat, and what the database holds."},
]


def build_app(parts: Parts) -> FastAPI:
    """Return the application over running parts."""
    app = _app(parts.settings.tiles_url)
    app.state.parts = parts
    app.state.layers = maps.Layers(parts)
    app.state.today = today.remembered(parts)
    return app


def describe() -> dict[str, Any]:
    """Return the OpenAPI document; nothing needs to run for it."""
    return _app().openapi()


def _app(tiles_url: str | None = None) -> FastAPI:
    app = FastAPI(
        title="yiwang 一网",
        version="1.0.0",
        summary="A city's field devices: what they say, who must know, what was done.",
        openapi_url=f"{PREFIX}/openapi.json",
        openapi_tags=_TAGS,
        docs_url=None,  # the usual pages load scripts from elsewhere; ours is console/public/docs/
        redoc_url=None,
    )
    errors.install(app)
    for router in _ROUTERS:
        app.include_router(router, prefix=PREFIX)
    app.include_router(health.metrics_router)
    app.mount("/", Console(), name="console")
    app.openapi = lambda: _openapi(app)  # type: ignore[method-assign] # FastAPI's own way to extend it
    app.add_middleware(BoundedBodies)
    app.add_middleware(SafeHeaders, tiles_url=tiles_url)
    app.add_middleware(Measured)
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
