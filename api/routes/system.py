"""Every program's last heartbeat, whoever listens, and what the database holds."""

from collections.abc import Iterable
from datetime import datetime

import msgspec
from fastapi import APIRouter, Response

from api.authentication import Viewer
from api.city import Links
from api.documents import Document, shows
from api.errors import documented
from api.health import LOST_AFTER_S, age_s
from api.paging import Page
from api.parts import Running
from api.picture import Heard
from api.store import system as store
from api.store.system import DatabaseFigures, RelationSize
from core.clock import from_us, to_us

router = APIRouter(
    prefix="/system", tags=["system"], responses=documented("unauthenticated", "unavailable")
)

_ALWAYS = ("alerts", "api", "ingest")
_NO_FIGURES = {"program", "instance", "at", "state", "detail"}


class Heartbeat(msgspec.Struct, frozen=True, kw_only=True):
    """What a program said of itself last.

    `state` is `lost` once it has been silent for 3.5 s, whatever it said last, and `never` for one
    that belongs to every installation and was not heard at all. `figures` are named as on the
    broker (docs/operations.md); they are as old as `age_s` says.
    """

    program: str
    instance: str
    state: str
    said: str | None
    detail: str | None
    at: datetime | None
    age_s: float | None
    figures: dict[str, object]


class System(msgspec.Struct, frozen=True, kw_only=True):
    """The programs, the api's own connections, and how many follow the live stream."""

    at: datetime
    links: Links
    listeners: int
    listeners_at_most: int
    heartbeats: list[Heartbeat]


@router.get("", summary="Every program", responses=shows(System))
async def show_system(parts: Running, _user: Viewer) -> Response:
    """Return the last heartbeat of every program; needs no database."""
    now = parts.clock()
    beats = judge_heartbeats(parts.live.picture.heartbeats.values(), now=now)
    return Document(
        System(
            at=now,
            links=parts.links(),
            listeners=parts.stream.count,
            listeners_at_most=parts.settings.stream_listeners,
            heartbeats=beats,
        )
    )


@router.get("/database", summary="The database's own figures", responses=shows(DatabaseFigures))
async def show_database(parts: Running, _user: Viewer) -> Response:
    """Return size, connections and the share of reads found in memory."""
    async with parts.database.connection() as conn:
        return Document(await store.read_database(conn))


@router.get("/retention", summary="What is kept for how long", responses=shows(Page[RelationSize]))
async def list_retention(parts: Running, _user: Viewer) -> Response:
    """List what is kept, why, for how many days, and how much room it takes."""
    async with parts.database.patient_connection() as conn:
        return Document(Page(await store.list_relations(conn)))


def judge_heartbeats(heard: Iterable[Heard], *, now: datetime) -> list[Heartbeat]:
    """Say of every program whether it lives; those of every installation are never left out."""
    found = [_beat(one, now) for one in heard]
    missing = [name for name in _ALWAYS if name not in {each.program for each in found}]
    silent = [_nothing(name) for name in missing]
    return sorted([*found, *silent], key=lambda each: (each.program, each.instance))


def _beat(one: Heard, now: datetime) -> Heartbeat:
    said = msgspec.structs.asdict(one.pulse)
    age = age_s(one, to_us(now))
    return Heartbeat(
        program=one.pulse.program,
        instance=one.pulse.instance,
        state="lost" if age > LOST_AFTER_S else one.pulse.state,
        said=one.pulse.state,
        detail=one.pulse.detail,
        at=from_us(one.at_us),
        age_s=age,
        figures={
            name: value
            for name, value in said.items()
            if name not in _NO_FIGURES and value is not None
        },
    )


def _nothing(program: str) -> Heartbeat:
    return Heartbeat(
        program=program,
        instance="",
        state="never",
        said=None,
        detail=None,
        at=None,
        age_s=None,
        figures={},
    )
