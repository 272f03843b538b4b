"""The words every form of a report shares: headings, notes, the line at the foot."""

from api.reports.formatting import UNKNOWN
from api.reports.model import Chart, Column, Figure, Language, Report, Section, Table

_NUMERALS = "〇一二三四五六七八九十"


def numbered(number: int, section: Section, language: Language) -> str:
    """Return a section's heading: `三、响应时效`, `3. Response`."""
    if language == "en":
        return f"{number}. {section.title}"
    numeral = _NUMERALS[number] if number <= 10 else f"十{_NUMERALS[number - 10]}"
    return f"{numeral}、{section.title}"


def figure_columns(language: Language) -> tuple[Column, ...]:
    """Return the columns under which figures stand."""
    titles = {
        "zh": ("指标", "本期", "目标", "上期", "变化", "判定"),
        "en": ("Figure", "Value", "Target", "Before", "Change", "Verdict"),
    }[language]
    name, *numbers, verdict = titles
    return (
        Column(name),
        *(Column(title, "number") for title in numbers),
        Column(verdict, "verdict"),
    )


def source_column(language: Language) -> str:
    """Return the heading above formulas and sources."""
    return "公式；来源" if language == "zh" else "Formula; source"


def how(figure: Figure, language: Language) -> str:
    """Return formula and source of a figure."""
    separator = "；" if language == "zh" else "; "
    return separator.join(part for part in (figure.formula, figure.source) if part)


def against_before(change: str, language: Language) -> str:
    """Return how a headline moved."""
    if change == UNKNOWN:
        return "上期无可比数据" if language == "zh" else "nothing to compare with"
    return f"较上期 {change}" if language == "zh" else f"{change} on the period before"


def note(table: Table, language: Language) -> str:
    """Return what stands below a table: how it was counted, how much is not shown."""
    left_out = ""
    if table.left_out:
        zh, en = f"另有 {table.left_out:,} 行未列出。", f"{table.left_out:,} more rows not shown."
        left_out = zh if language == "zh" else en
    return " ".join(part for part in (table.note, left_out) if part)


def chart_columns(chart: Chart, language: Language) -> tuple[str, ...]:
    """Return the headings above the numbers of a chart: steps, series, the target."""
    of_hours = all(isinstance(step, int) for step in chart.steps)
    zh, en = ("时段", "Hour") if of_hours else ("日期", "Day")
    titles = [zh if language == "zh" else en, *(series.title for series in chart.series)]
    if chart.target is not None:
        titles.append("目标" if language == "zh" else "Target")
    return tuple(titles)


def blanks(chart: Chart, language: Language) -> str:
    """Return what stands below the numbers of a chart in a workbook."""
    said = "空白表示没有数据，不等于零。" if language == "zh" else "Empty: not known, never zero."
    return " ".join(part for part in (chart.note, said) if part)


def data(language: Language) -> str:
    """Return what to press for the numbers behind a chart."""
    return "图表数据" if language == "zh" else "The numbers behind it"


def footer(report: Report) -> str:
    """Return what a reader must know of every figure."""
    if report.language == "en":
        return (
            "yiwang. Days are those of Asia/Shanghai. — means not known, never zero. "
            "Each figure stands beside its formula and source."
        )
    return "一网 yiwang。日期按北京时间；“—”表示没有数据，不等于零；每项指标均附公式与来源。"
