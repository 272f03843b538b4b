"""城市照明: lamps lit, facilities intact, energy used."""

from collections.abc import Iterable
from datetime import date

import msgspec

from api.reports.asking import Asked, fetch, fetch_before
from api.reports.model import Chart, Figure, Table
from api.reports.sections.charting import rate_chart
from api.reports.sections.content import Content, Measure, percent, table
from core.database import Connection

_LIT = Measure(
    key="lighting_rate",
    title=("亮灯率", "Lamps lit"),
    unit="percent",
    target=98.0,
    higher=True,
    formula=("实亮灯时 ÷（应亮灯时－未知灯时）", "lamp-time lit ÷ (lamp-time due - unknown)"),
    source=(
        "dash.lighting_rate；主干路 98%，建办城〔2006〕48号（二手资料）",
        "dash.lighting_rate; 98 % for main roads, 建办城〔2006〕48号 (secondary source)",
    ),
    headline=True,
)
_INTACT = Measure(
    key="facility_rate",
    title=("设施完好率", "Facilities intact"),
    unit="percent",
    target=95.0,
    higher=True,
    formula=(
        "完好设施 ÷ 受检设施，按日累计；未上报的不算受检",
        "intact ÷ inspected, day by day; what was not heard was not inspected",
    ),
    source=(
        "dash.facility_rate；城建〔2011〕257号（二手资料）",
        "dash.facility_rate; 城建〔2011〕257号 (secondary source)",
    ),
)
_ENERGY = Measure(
    key="lighting_energy",
    title=("照明用电", "Energy of lighting"),
    unit="kwh",
    formula=("配电箱电表日差之和", "sum of the cabinets' meters by day"),
    source=("dash.lighting_energy", "dash.lighting_energy"),
)
_HOUR_S = 3600.0


class Day(msgspec.Struct, frozen=True, kw_only=True):
    """Public lighting on one local day: lamp-time in s, facilities, energy; None: not known."""

    day: date
    should_s: float | None
    lit_s: float | None
    unknown_s: float | None
    facilities: int | None
    inspected: int | None
    intact: int | None
    kwh: float | None

    @property
    def known_s(self) -> float | None:
        """Return the lamp-time that was due and reported on, s."""
        if self.should_s is None or self.unknown_s is None:
            return None
        return self.should_s - self.unknown_s


async def read(conn: Connection, asked: Asked) -> Content:
    """Work out how much of the light that was due was given."""
    days = await fetch(conn, "lighting_days", Day, asked)
    earlier = await fetch_before(conn, "lighting_days", Day, asked)
    figures = _figures(asked, days, earlier)
    if all(figure.value is None for figure in figures):
        none = asked.say("本期没有照明数据。", "Nothing was heard of public lighting.")
        return Content(paragraphs=(none,), figures=figures)
    return Content(
        paragraphs=_unknown(asked, days),
        figures=figures,
        charts=_chart(asked, days),
        tables=(_table(asked, days),),
    )


def _chart(asked: Asked, days: list[Day]) -> tuple[Chart, ...]:
    if asked.period.kind == "daily":
        return ()
    return rate_chart(asked, _LIT, {day.day: percent(day.lit_s, day.known_s) for day in days})


def _total(values: Iterable[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return sum(known) if known else None


def _lit(days: list[Day]) -> float | None:
    return percent(_total(day.lit_s for day in days), _total(day.known_s for day in days))


def _intact(days: list[Day]) -> float | None:
    return percent(_total(day.intact for day in days), _total(day.inspected for day in days))


def _unknown(asked: Asked, days: list[Day]) -> tuple[str, ...]:
    unknown = _total(day.unknown_s for day in days)
    share = percent(unknown, _total(day.should_s for day in days))
    if unknown is None or share is None:
        return ()
    return (
        asked.say(
            f"应亮灯时中有 {share:.2f}%（{unknown / _HOUR_S:,.0f} 灯时）没有上报，"
            "状态未知，不计入亮灯率。",
            f"Of the lamp-time due, {share:.2f}% ({unknown / _HOUR_S:,.0f} lamp-hours) went "
            "unreported: not known, and counted as neither.",
        ),
    )


def _figures(asked: Asked, days: list[Day], earlier: list[Day]) -> tuple[Figure, ...]:
    used, used_before = (_total(day.kwh for day in each) for each in (days, earlier))
    return (
        _LIT.figure(asked, _lit(days), _lit(earlier)),
        _INTACT.figure(asked, _intact(days), _intact(earlier)),
        _ENERGY.figure(asked, used, used_before),
    )


def _table(asked: Asked, days: list[Day]) -> Table:
    return table(
        asked,
        ("按日", "By day"),
        days,
        (
            ("日期", "Day", "date", lambda day: day.day),
            ("亮灯率", "Lit", "percent", lambda day: percent(day.lit_s, day.known_s)),
            (
                "未知灯时占比",
                "Unknown",
                "percent",
                lambda day: percent(day.unknown_s, day.should_s),
            ),
            ("受检设施", "Inspected", "count", lambda day: day.inspected),
            ("完好设施", "Intact", "count", lambda day: day.intact),
            ("设施完好率", "Intact", "percent", lambda day: percent(day.intact, day.inspected)),
            ("用电", "Energy", "kwh", lambda day: day.kwh),
        ),
        note=(
            "时段跨午夜的亮灯按自然日拆分；开关灯前后各 15 分钟不计。",
            "A night is split at midnight; 15 minutes around switching do not count.",
        ),
    )
