"""在线率: how much of the time devices could be heard."""

from datetime import datetime

import msgspec

from api.reports import words
from api.reports.asking import Asked, fetch_with
from api.reports.model import Chart, Table
from api.reports.periods import CITY
from api.reports.sections.charting import rate_chart, recorded_steps, step_at
from api.reports.sections.content import Content, Measure, nothing_recorded, percent, table
from core.database import Connection

_HOUR_S = 3600.0
_RATE = Measure(
    key="online_rate",
    title=("设备在线率", "Online rate"),
    unit="percent",
    target=95.0,
    higher=True,
    formula=(
        "设备在线时间 ÷ 在用设备应在线时间（无离线告警即为在线）",
        "device-time without an offline alert ÷ device-time in service",
    ),
    source=("dash.online_rate；95% 为本系统设定", "dash.online_rate; 95 % is ours"),
    headline=True,
)


class Recorded(msgspec.Struct, frozen=True):
    """The first hour in which a message was booked, and in how many there was one."""

    began: datetime | None
    hours: int


class OnlineThen(msgspec.Struct, frozen=True, kw_only=True):
    """Device-time heard and in service of a local day or hour, s."""

    began: datetime
    online_s: float
    total_s: float


class Online(msgspec.Struct, frozen=True, kw_only=True):
    """Device-time heard and in service, s."""

    domain: str
    site_kind: str
    devices: int
    online_s: float
    total_s: float


async def read(conn: Connection, asked: Asked) -> Content:
    """Work out the online rate over the time in which the system kept records."""
    since, until = asked.span
    recorded, rows = await _online(conn, asked, since, until)
    _, earlier = await _online(conn, asked, *asked.span_before)
    figures = (_RATE.figure(asked, _rate(rows), _rate(earlier)),)
    if recorded.began is None:
        return Content(paragraphs=(nothing_recorded(asked),), figures=figures)
    return Content(
        paragraphs=tuple(_gaps(asked, recorded, since, until)),
        figures=figures,
        charts=await _chart(conn, asked, max(since, recorded.began)),
        tables=(_table(asked, rows),),
    )


async def _online(
    conn: Connection, asked: Asked, since: datetime, until: datetime
) -> tuple[Recorded, list[Online]]:
    """Ask from the first record on: before it nobody could have noticed a silence."""
    values = {**asked.values(), "since": since, "until": until}
    (recorded,) = await fetch_with(conn, "witness", Recorded, values)
    if recorded.began is None:
        return recorded, []
    began = max(since, recorded.began)
    return recorded, await fetch_with(conn, "online_rate", Online, {**values, "since": began})


async def _chart(conn: Connection, asked: Asked, began: datetime) -> tuple[Chart, ...]:
    """Show where anything was recorded: nobody could have noticed a silence elsewhere."""
    values = {**asked.values(), "since": began}
    rows = await fetch_with(conn, "online_by_step", OnlineThen, values)
    recorded = await recorded_steps(conn, asked)
    found = {step_at(asked, row.began): percent(row.online_s, row.total_s) for row in rows}
    return rate_chart(asked, _RATE, {step: found.get(step) for step in recorded})


def _gaps(asked: Asked, recorded: Recorded, since: datetime, until: datetime) -> list[str]:
    hours = max(1, round((until - since).total_seconds() / _HOUR_S))
    if recorded.began is None or recorded.hours >= hours:
        return []
    began = max(since, recorded.began).astimezone(CITY)
    return [
        asked.say(
            f"本期 {hours} 小时，其中 {recorded.hours} 小时收到数据；自 {began:%m-%d %H:%M} 起计。",
            f"Data came in {recorded.hours} of {hours} hours; counted from {began:%m-%d %H:%M}.",
        )
    ]


def _rate(rows: list[Online]) -> float | None:
    return percent(sum(row.online_s for row in rows), sum(row.total_s for row in rows))


def _table(asked: Asked, rows: list[Online]) -> Table:
    return table(
        asked,
        ("按领域与点位类别", "By domain and kind of site"),
        rows,
        (
            ("领域", "Domain", "text", lambda row: words.domain(row.domain, asked.language)),
            (
                *("点位类别", "Kind of site", "text"),
                lambda row: words.site_kind(row.site_kind, asked.language),
            ),
            ("在用设备", "Devices", "count", lambda row: row.devices),
            ("在线率", "Online rate", "percent", lambda row: percent(row.online_s, row.total_s)),
            (
                "离线时长合计",
                "Time offline, all",
                "seconds",
                lambda row: row.total_s - row.online_s,
            ),
        ),
        note=(
            "网关离线时，其后的设备同样计为离线；停用设备不计。",
            "A device behind an offline gateway is offline; devices out of service do not count.",
        ),
    )
