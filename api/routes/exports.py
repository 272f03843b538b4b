"""Histories out of the house, whole, as files."""

from datetime import timedelta
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Path, Query, Response

from api.authentication import Viewer
from api.errors import documented
from api.exporting.choosing import Asked, choose
from api.exporting.histories import What, history
from api.exporting.sending import (
    Download,
    Opened,
    Turns,
    begun,
    open_export,
    pieces_of,
    stream,
    write_xlsx,
)
from api.exporting.writing import CsvWriter, ParquetWriter
from api.filing import disposition
from api.parts import Parts, Running
from api.people import User
from api.reports.periods import CITY
from api.store.values import Resolution, Span
from api.timespan import From, To, span
from core.errors import Invalid

router = APIRouter(
    prefix="/export",
    tags=["exports"],
    responses=documented("unauthenticated", "not_found", "invalid", "unavailable"),
)

FileForm = Literal["csv", "xlsx", "parquet"]
MEDIA: dict[FileForm, str] = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "parquet": "application/vnd.apache.parquet",
}
_NAMES_AT_MOST = 200

Exported = Annotated[What, Path(description="which history")]
DeviceIds = Annotated[list[str] | None, Query(max_length=_NAMES_AT_MOST, description="repeatable")]
SiteIds = Annotated[list[str] | None, Query(max_length=_NAMES_AT_MOST, description="repeatable")]
Metrics = Annotated[list[str] | None, Query(max_length=_NAMES_AT_MOST, description="of readings")]
Domain = Annotated[str | None, Query(max_length=64, description="fire, lighting, truck ...")]
Fineness = Annotated[Resolution | None, Query(description="of readings; raw if left out")]
Wanted = Annotated[FileForm, Query(alias="format", description="of the file")]
_FILES: dict[int | str, dict[str, Any]] = {
    200: {"description": "The file.", "content": {media: {} for media in MEDIA.values()}}
}

_USUAL = timedelta(days=1)
_turns = Turns()


def _filters(
    device_id: DeviceIds = None,
    site_id: SiteIds = None,
    domain: Domain = None,
    metric: Metrics = None,
) -> Asked:
    return Asked(
        device_ids=tuple(device_id or ()),
        site_ids=tuple(site_id or ()),
        domain=domain,
        metrics=tuple(metric or ()),
    )


Filters = Annotated[Asked, Depends(_filters)]


@router.get("/{what}", summary="A history as a file", responses=_FILES, response_class=Response)
async def export(
    what: Exported,
    parts: Running,
    user: Viewer,
    *,
    asked: Filters,
    start: From = None,
    end: To = None,
    resolution: Fineness = None,
    form: Wanted = "csv",
) -> Response:
    """Write a history of the last 24 hours, or another range, out of one snapshot.

    CSV (UTF-8 with mark, RFC 4180) and XLSX carry times of Asia/Shanghai, Parquet UTC. A file that
    could not be finished breaks the connection off: what arrives whole is whole.
    """
    if resolution is not None and what != "readings":
        raise Invalid(f"`resolution` is for readings, not {what}.", code="bad_filter")
    asked_span = span(start, end, now=parts.clock(), usual=_USUAL)
    choice = choose(parts.registry.now, what, asked_span, asked)
    read = history(what, resolution or Resolution.RAW)
    opened = await open_export(parts.settings.database_url, read, choice, _turns)
    _note(parts, user, what, asked_span, asked, read.name, form)
    return await _answer(opened, _name(read.name, asked_span, form), form)


async def _answer(opened: Opened, name: str, form: FileForm) -> Response:
    """Begin the file; where that fails, everything is closed and the error is answered."""
    headers = {"Content-Disposition": disposition(name)}
    try:
        if form == "xlsx":
            pieces = pieces_of(await write_xlsx(opened))
        else:
            columns = opened.history.columns
            writer = CsvWriter(columns) if form == "csv" else ParquetWriter(columns)
            pieces = await begun(stream(opened, writer))
    except BaseException:
        await opened.closing.aclose()
        raise
    return Download(pieces, opened.closing, media_type=MEDIA[form], headers=headers)


def _note(
    parts: Parts, user: User, what: What, span: Span, asked: Asked, query: str, form: FileForm
) -> None:
    parts.audit.note(
        user.username,
        "export",
        what,
        history=query,
        start=span.start.isoformat(),
        end=span.end.isoformat(),
        format=form,
        devices=list(asked.device_ids),
        sites=list(asked.site_ids),
        domain=asked.domain,
        metrics=list(asked.metrics),
    )


def _name(query: str, span: Span, form: FileForm) -> str:
    first, last = (f"{each.astimezone(CITY):%Y%m%dT%H%M}" for each in (span.start, span.end))
    return f"yiwang-{query}-{first}-{last}.{form}"
