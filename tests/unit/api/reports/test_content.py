"""How chapters say what they have counted."""

from datetime import UTC, date, datetime
from typing import Literal

import pytest

from api.reports.asking import Asked
from api.reports.model import Column
from api.reports.periods import asked_period
from api.reports.sections.charting import counted, rate_chart
from api.reports.sections.content import Measure, table

NOW = datetime(2026, 5, 2, tzinfo=UTC)
RATE = Measure(
    key="rate",
    title=("率", "Rate"),
    unit="percent",
    formula=("甲 ÷ 乙", "a ÷ b"),
    source=("来源", "source"),
    target=95.0,
    higher=True,
)


def asked(language: Literal["zh", "en"] = "zh") -> Asked:
    return Asked(
        period=asked_period("daily", date(2026, 5, 1), now=NOW), now=NOW, language=language
    )


@pytest.mark.parametrize(
    ("value", "verdict"), [(95.0, "good"), (94.9, "bad"), (None, "unknown")], ids=str
)
def test_a_figure_is_held_against_the_target_of_its_measure(
    value: float | None, verdict: str
) -> None:
    figure = RATE.figure(asked(), value, 90.0)

    assert (figure.value, figure.before, figure.verdict) == (value, 90.0, verdict)


def test_a_figure_speaks_the_language_asked_for() -> None:
    zh, en = RATE.figure(asked("zh"), 1.0), RATE.figure(asked("en"), 1.0)

    assert (zh.title, zh.formula, zh.source) == ("率", "甲 ÷ 乙", "来源")
    assert (en.title, en.formula, en.source) == ("Rate", "a ÷ b", "source")


def test_a_table_that_is_cut_short_says_how_many_rows_it_leaves_out() -> None:
    listed = table(
        asked("en"),
        ("数", "Numbers"),
        range(5),
        (("数", "Number", "count", int), ("倍", "Twice", "count", lambda number: 2 * number)),
        at_most=2,
    )

    assert listed.columns == (Column("Number", "count"), Column("Twice", "count"))
    assert (listed.rows, listed.left_out) == (((0, 0), (1, 2)), 3)


def test_a_figure_has_a_chart_of_what_is_known_of_it_and_none_of_nothing() -> None:
    (drawn,) = rate_chart(asked(), RATE, {3: 96.0, 5: None})

    assert (drawn.title, drawn.kind, drawn.target, drawn.higher) == ("每小时率", "line", 95, True)
    assert drawn.series[0].values[3:6] == (96, None, None)
    assert rate_chart(asked("en"), RATE, {3: 96.0})[0].title == "Rate by hour"
    assert rate_chart(asked(), RATE, {3: None}) == ()


def test_what_was_counted_is_a_zero_only_where_something_was_recorded() -> None:
    assert counted({1: 5}, frozenset({1, 2})) == {1: 5, 2: 0}
