"""日提醒、周通报、月考核: reports for people who do not sit in the duty room."""

from datetime import date
from typing import Annotated, Any, get_args

import msgspec
from fastapi import APIRouter, Path, Query, Response

from api.authentication import Viewer
from api.documents import Document, shows
from api.errors import documented
from api.filing import disposition
from api.parts import Running
from api.reports import periods
from api.reports.asking import Asked
from api.reports.composing import CHAPTERS, TITLES
from api.reports.making import make
from api.reports.model import Language, Report, Section, Table
from api.reports.pdf import NO_FONT
from api.reports.periods import KINDS, Kind
from api.reports.rendering import MEDIA, Form, file_name
from core.errors import NotFound, Unavailable
from devices.registry import Registry

router = APIRouter(
    prefix="/reports",
    tags=["reports"],
    responses=documented("unauthenticated", "not_found", "invalid", "unavailable"),
)

_LATEST = {"daily": 14, "weekly": 8, "monthly": 6}
_SYSTEM = "system"  # the domain of alerts about our own parts; no device has it


class PeriodShown(msgspec.Struct, frozen=True):
    """A period there is a report of; ask for it by any of its days."""

    first: date
    last: date


class KindShown(msgspec.Struct, frozen=True, kw_only=True):
    """A kind of report, with its latest whole periods, the newest first."""

    kind: Kind
    title_zh: str
    title_en: str
    periods: list[PeriodShown]


class ChapterShown(msgspec.Struct, frozen=True, kw_only=True):
    """A section of reports; without `by_place` those of a site or grid cell do not have it."""

    key: str
    title_zh: str
    title_en: str
    by_place: bool


class Reports(msgspec.Struct, frozen=True, kw_only=True):
    """Which reports exist, and in which forms; without a font there is no `pdf`."""

    kinds: list[KindShown]
    chapters: list[ChapterShown]
    formats: list[str]
    languages: list[str]


class TableShown(Table, frozen=True, kw_only=True):
    """A table; cells are texts, numbers, dates, instants, or null: not known."""

    rows: tuple[tuple[object, ...], ...]  # type: ignore[assignment] # no schema says "or a date"


class SectionShown(Section, frozen=True, kw_only=True):
    """One subject: what is said, its figures, charts and tables, or why there are none."""

    tables: tuple[TableShown, ...] = ()


class ReportShown(Report, frozen=True, kw_only=True):
    """A report as JSON; in charts, null is a gap, never zero."""

    sections: tuple[SectionShown, ...]


WantedKind = Annotated[Kind, Path(description="daily 日提醒, weekly 周通报, monthly 月考核")]
Day = Annotated[
    date | None,
    Query(alias="date", description="a day of the period; the last whole one if left out"),
]
Site = Annotated[str | None, Query(max_length=64, description="only this site's alerts")]
Domain = Annotated[str | None, Query(max_length=64, description="fire, lighting, truck ...")]
Grid = Annotated[
    str | None,
    Query(pattern=r"^([0-9]{3}){2,5}$", description="code of a district, street, community, cell"),
]
Wanted = Annotated[Form, Query(alias="format", description="of the answer")]
_SHOWN = shows(ReportShown)[200]["content"]
_FILES: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "The report.",
        "content": {media: {} for media in MEDIA.values()} | _SHOWN,
    }
}


@router.get("", summary="Which reports there are", responses=shows(Reports))
async def list_reports(parts: Running, _user: Viewer) -> Response:
    """List the kinds of reports, their latest whole periods, and the forms they come in."""
    now = parts.clock()
    font = parts.settings.report_font
    return Document(
        Reports(
            kinds=[_kind(kind, periods.latest(kind, now)) for kind in KINDS],
            chapters=[
                ChapterShown(
                    key=each.key, title_zh=each.zh, title_en=each.en, by_place=not each.of_desks
                )
                for each in CHAPTERS
            ],
            formats=[form for form in get_args(Form) if form != "pdf" or font is not None],
            languages=list(get_args(Language)),
        )
    )


@router.get("/{kind}", summary="A report", responses=_FILES, response_class=Response)
async def show_report(
    kind: WantedKind,
    parts: Running,
    _user: Viewer,
    *,
    day: Day = None,
    site: Site = None,
    domain: Domain = None,
    grid: Grid = None,
    language: Language = "zh",
    form: Wanted = "html",
) -> Response:
    """Make the report of a day, an ISO week or a month (Asia/Shanghai), compared with the last one.

    A period that is not over is counted up to now, and says so.
    """
    _check_place(parts.registry.now, site, domain, grid)
    font = parts.settings.report_font
    if form == "pdf" and font is None:
        raise Unavailable(NO_FONT, code="no_report_font")
    now = parts.clock()
    asked = Asked(
        period=periods.asked_period(kind, day, now=now),
        now=now,
        language=language,
        site=site,
        domain=domain,
        grid=grid,
    )
    async with parts.database.patient_connection() as conn:
        report, data = await make(conn, asked, form, font=font)
    named = disposition(file_name(report, form), inline=form in {"html", "json"})
    return Response(data, media_type=MEDIA[form], headers={"Content-Disposition": named})


def _kind(kind: Kind, period: periods.Period) -> KindShown:
    latest = [period]
    while len(latest) < _LATEST[kind]:
        latest.append(periods.before(latest[-1]))
    zh, en = TITLES[kind]
    shown = [PeriodShown(each.first, each.last) for each in latest]
    return KindShown(kind=kind, title_zh=zh, title_en=en, periods=shown)


def _check_place(
    registry: Registry, site: str | None, domain: str | None, grid: str | None
) -> None:
    """Refuse what does not exist: an empty report of it would look like good news."""
    if site is not None:
        registry.site(site)
    known = {profile.domain for profile in registry.profiles.values()} | {_SYSTEM}
    if domain is not None and domain not in known:
        raise NotFound(f"There is no domain {domain!r}.")
    if grid is not None and all(each.code != grid for each in registry.content.grids):
        raise NotFound(f"There is no grid cell {grid!r}.")
