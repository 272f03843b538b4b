"""按网格与点位: where the alerts were."""

import msgspec

from api.reports import words
from api.reports.asking import Asked, fetch
from api.reports.model import Table
from api.reports.sections.content import Content, table, was_recorded_before
from core.database import Connection


class GridCount(msgspec.Struct, frozen=True):
    """Alerts within one cell of the grid."""

    code: str
    name: str
    alerts: int
    before: int
    critical: int
    sites: int


class SiteCount(msgspec.Struct, frozen=True):
    """Alerts of one site."""

    site_id: str
    name: str
    kind: str
    alerts: int
    before: int
    critical: int
    high: int


async def read(conn: Connection, asked: Asked) -> Content:
    """Count the alerts by grid cell and by site."""
    grids = await fetch(conn, "count_by_grid", GridCount, asked)
    sites = await fetch(conn, "count_by_site", SiteCount, asked)
    compares = any(row.before for row in grids) or await was_recorded_before(conn, asked)
    if not grids and not sites:
        none = asked.say("本期各点位没有告警记录。", "No alert of any site was recorded.")
        return Content(paragraphs=(none,))
    by_grid = _by_grid(asked, grids, compares=compares)
    return Content(tables=(by_grid, _by_site(asked, sites, compares=compares)))


def _by_grid(asked: Asked, grids: list[GridCount], *, compares: bool) -> Table:
    return table(
        asked,
        ("按网格", "By grid"),
        grids,
        (
            ("网格编码", "Grid code", "text", lambda row: row.code),
            ("名称", "Name", "text", lambda row: row.name),
            ("本期", "Alerts", "count", lambda row: row.alerts),
            ("上期", "Before", "count", lambda row: row.before if compares else None),
            ("紧急", "Critical", "count", lambda row: row.critical),
            ("涉及点位", "Sites", "count", lambda row: row.sites),
        ),
        note=(
            (
                f"按网格编码前 {asked.grid_digits} 位归并（GB/T 30428.1："
                "区划 6 位、街道 9 位、社区 12 位、单元网格 15 位）。"
            ),
            (
                f"By the first {asked.grid_digits} digits (GB/T 30428.1: 6 district, 9 street, "
                "12 community, 15 cell)."
            ),
        ),
        at_most=asked.rows_at_most,
    )


def _by_site(asked: Asked, sites: list[SiteCount], *, compares: bool) -> Table:
    return table(
        asked,
        ("告警最多的点位", "Sites with the most alerts"),
        sites,
        (
            ("点位", "Site", "text", lambda row: row.name),
            ("类别", "Kind", "text", lambda row: words.site_kind(row.kind, asked.language)),
            ("本期", "Alerts", "count", lambda row: row.alerts),
            ("上期", "Before", "count", lambda row: row.before if compares else None),
            ("紧急", "Critical", "count", lambda row: row.critical),
            ("重要", "High", "count", lambda row: row.high),
        ),
        at_most=asked.rows_at_most,
    )
