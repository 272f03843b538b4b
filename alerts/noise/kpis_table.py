"""The KPI table as people read it: Chinese first, then English, the columns straight."""

from collections.abc import Iterator, Sequence
from typing import Final
from unicodedata import east_asian_width

from alerts.noise.quality import Kpi, Quality

_VERDICTS: Final = {
    "good": "合格 good",
    "manageable": "可控 manageable",
    "bad": "不合格 bad",
    None: "",
}
_HEAD: Final = ("指标", "metric", "值 value", "目标 target", "上限 most", "评价 verdict")


def table(quality: Quality) -> str:
    """Lay everything out, one line each, without a line end after the last."""
    parts = [
        f"报警质量 alarm quality: {quality.since:%F %R} - {quality.until:%F %R} UTC",
        columns([_HEAD, *(_row(kpi) for kpi in quality.kpis)]),
        *_others(quality),
    ]
    return "\n\n".join(parts)


def columns(rows: Sequence[Sequence[str]]) -> str:
    """Pad every column to its widest cell; a Chinese character takes two places."""
    widths = [max(map(_width, column)) for column in zip(*rows, strict=True)]
    return "\n".join(
        "  ".join(
            cell + " " * (width - _width(cell)) for cell, width in zip(row, widths, strict=True)
        ).rstrip()
        for row in rows
    )


def _row(kpi: Kpi) -> tuple[str, ...]:
    bound = "≥ " if kpi.higher else "≤ "
    return (
        kpi.title_zh,
        kpi.title_en,
        _number(kpi.value, kpi.unit),
        bound + _number(kpi.target, kpi.unit) if kpi.target is not None else "",
        "≤ " + _number(kpi.manageable, kpi.unit) if kpi.manageable is not None else "",
        _VERDICTS[kpi.verdict],
    )


def _others(quality: Quality) -> Iterator[str]:
    if quality.worst_actors:
        head = (
            "最差报警源 worst actors",
            "device",
            "shown",
            "%",
            "acted",
            "fleeting",
            "chattering",
        )
        rows = [
            (
                each.rule_id,
                each.source,
                str(each.shown),
                f"{each.share:.1f}",
                str(each.acted),
                str(each.fleeting),
                str(each.chattering),
            )
            for each in quality.worst_actors
        ]
        yield columns([head, *rows])
    if quality.never_acted_on:
        idle = [(each.rule_id, str(each.shown)) for each in quality.never_acted_on]
        yield columns([("从未处置 never acted on", "shown"), *idle])


def _number(value: float | None, unit: str) -> str:
    if value is None:
        return "-"
    text = f"{value:.0f}" if value == int(value) or value >= 1000 else f"{value:.3g}"
    return text if unit == "1" else f"{text} {unit}"


def _width(text: str) -> int:
    return sum(2 if east_asian_width(each) in "WF" else 1 for each in text)
