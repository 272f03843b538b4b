"""Values as people read them, in either language; what is not known is a dash, never a zero."""

from datetime import date, datetime
from typing import assert_never

from api.reports.model import Cell, Language, Shape, Step, Unit, Verdict
from api.reports.periods import CITY

UNKNOWN = "—"

_VERDICTS: dict[Verdict, tuple[str, str]] = {
    "good": ("✓ 达标", "✓ met"),
    "manageable": ("△ 偏高", "△ watch"),
    "bad": ("▲ 未达标", "▲ missed"),
    "unknown": ("○ 无数据", "○ no data"),
}


def show_verdict(verdict: Verdict, language: Language) -> str:
    """Return a verdict as a sign and a word: colour alone tells nobody anything."""
    return _VERDICTS[verdict][language == "en"]


def show_value(value: float | None, unit: Unit, language: Language) -> str:
    """Return one value with its unit."""
    if value is None:
        return UNKNOWN
    match unit:
        case "count":
            return f"{value:,.0f}"
        case "number":
            return f"{value:,.2f}"
        case "percent":
            return f"{_not_rounded_to_the_end(value):.2f}%"
        case "kwh":
            return f"{value:,.1f} kWh"
        case "seconds":
            return show_duration(value, language)
        case never:
            assert_never(never)


def _not_rounded_to_the_end(value: float) -> float:
    """Keep what is almost none or almost all from being shown as none or all."""
    if 0 < value < 0.01:
        return 0.01
    return min(value, 99.99) if value < 100 else value


def show_duration(seconds: float, language: Language) -> str:
    """Return a duration in its two largest units: `1 小时 05 分`, `1 h 05 min`."""
    units = ("d", "h", "min", "s") if language == "en" else ("天", "小时", "分", "秒")
    day, hour, minute, second = units
    if seconds < 60:
        return f"{seconds:.0f} {second}" if seconds >= 10 else f"{seconds:.1f} {second}"
    whole = round(seconds)
    if whole < 3600:
        return f"{whole // 60} {minute} {whole % 60:02} {second}"
    if whole < 2 * 86_400:
        return f"{whole // 3600} {hour} {whole % 3600 // 60:02} {minute}"
    return f"{whole // 86_400:,} {day} {whole % 86_400 // 3600:02} {hour}"


def show_target(target: float | None, unit: Unit, language: Language, *, higher: bool) -> str:
    """Return what a figure should be: `≥ 95.00%`."""
    if target is None:
        return ""
    return f"{'≥' if higher else '≤'} {show_value(target, unit, language)}"


def show_change(value: float | None, before: float | None, unit: Unit, language: Language) -> str:
    """Return how a figure moved since the period before, with an arrow."""
    if value is None or before is None:
        return UNKNOWN
    change = value - before
    if show_value(before, unit, language) == show_value(value, unit, language):
        return "→ 持平" if language == "zh" else "→ same"
    points = " 个百分点" if language == "zh" else " pt"
    shown = f"{max(abs(change), 0.01):.2f}{points}" if unit == "percent" else None
    return f"{'↑' if change > 0 else '↓'} {shown or show_value(abs(change), unit, language)}"


def show_cell(cell: Cell, shape: Shape, language: Language) -> str:
    """Return a table's cell as text."""
    match cell:
        case None:
            return UNKNOWN
        case datetime():
            return f"{cell.astimezone(CITY):%Y-%m-%d %H:%M:%S}"
        case date():
            return cell.isoformat()
        case str():
            known = shape == "verdict" and cell in _VERDICTS
            return show_verdict(cell, language) if known else cell  # type: ignore[arg-type] # checked
    if shape in {"text", "instant", "date", "verdict"}:
        return str(cell)
    return show_value(cell, shape, language)  # type: ignore[arg-type] # only units are left


def show_step(step: Step) -> str:
    """Return a day or an hour as it stands below a chart: `05/01`, `08:00`."""
    return f"{step:%m/%d}" if isinstance(step, date) else f"{step:02}:00"


def is_right_aligned(shape: Shape) -> bool:
    """Say whether a column stands at its right edge: what is compared digit by digit."""
    return shape in {"count", "number", "percent", "seconds", "kwh"}
