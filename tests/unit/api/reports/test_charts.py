"""A chart's geometry: what is known in its place, what is not known as a gap."""

import itertools
from collections.abc import Iterator

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.reports.charts.layout import HEIGHT, WIDTH, lay_out
from api.reports.charts.scales import Scale, scale_of, show_tick
from api.reports.charts.shapes import PRIORITIES, Area, Box, Label, Point, Strokes
from api.reports.charts.telling import as_table, summary
from api.reports.model import Chart, ChartKind, Series, Unit
from grafana import colours
from tests.unit.api.reports.reporting import chart

UNITS: tuple[Unit, ...] = ("count", "number", "percent", "seconds", "kwh")


@st.composite
def charts(draw: st.DrawFn) -> Chart:
    unit = draw(st.sampled_from(UNITS))
    value = st.none() | st.floats(0, 100 if unit == "percent" else 1e9)
    many, series = draw(st.integers(1, 31)), draw(st.integers(1, 4))
    values = [tuple(draw(st.lists(value, min_size=many, max_size=many))) for _ in range(series)]
    kinds = ["bars", "line"] if unit == "percent" else ["bars", "stacked", "line"]
    return chart(
        *values,
        kind=draw(st.sampled_from(kinds)),
        unit=unit,
        target=draw(value),
        higher=draw(st.booleans()),
    )


def bars(drawn: Chart) -> list[Box]:
    """Return the bars without the samples of the legend, which stand above the axis."""
    found = [shape for shape in lay_out(drawn, "zh").shapes if isinstance(shape, Box)]
    return [box for box in found if box.top > 5]


def labels(drawn: Chart) -> list[str]:
    return [shape.text for shape in lay_out(drawn, "zh").shapes if isinstance(shape, Label)]


def points(drawn: Chart) -> Iterator[Point]:
    for shape in lay_out(drawn, "zh").shapes:
        match shape:
            case Box(left, top, width, height):
                yield from ((left, top), (left + width, top + height))
            case Strokes(lines):
                yield from (point for line in lines for point in line)
            case Area(corners):
                yield from corners
            case Label(at):
                yield at


def joined(drawn: Chart) -> list[int]:
    """Return how many points each piece of the first line has."""
    legend, line = (
        shape
        for shape in lay_out(drawn, "zh").shapes
        if isinstance(shape, Strokes) and shape.width == 0.5
    )
    pieces = max(legend, line, key=lambda shape: shape.lines[0][0][1] if shape.lines else 99)
    return [len(piece) for piece in pieces.lines]


@given(charts())
def test_everything_stands_on_a_round_axis_that_begins_at_zero_or_above(drawn: Chart) -> None:
    scale = scale_of(drawn)

    reached = list(zip(*(series.values for series in drawn.series), strict=True))
    heights = [
        sum(value or 0 for value in step) if drawn.kind == "stacked" else max(map(float, known))
        for step in reached
        if (known := [value for value in step if value is not None])
    ]
    assert 0 <= scale.low < scale.high
    assert scale.high >= max([*heights, drawn.target or 0]) * (1 - 1e-9)
    assert 2 <= len(scale.ticks) <= 8
    assert drawn.unit != "percent" or scale.high <= 100
    assert len({show_tick(tick, scale, drawn.unit, "zh") for tick in scale.ticks}) > 1


@given(charts())
def test_nothing_stands_outside_of_the_picture(drawn: Chart) -> None:
    for across, down in points(drawn):
        assert -0.01 <= across <= WIDTH + 0.01
        assert -0.01 <= down <= HEIGHT + 0.01


def test_a_bar_is_as_high_as_its_value() -> None:
    one, three, ten = bars(chart((1, 3, 10)))

    assert (three.height, ten.height) == pytest.approx((3 * one.height, 10 * one.height))
    assert {round(box.top + box.height, 6) for box in (one, three, ten)} == {50}


def test_stacked_bars_stand_on_each_other_and_say_their_sum() -> None:
    drawn = chart((2, 0), (3, 4), kind="stacked")

    below, above, alone = bars(drawn)
    assert above.top + above.height == pytest.approx(below.top)
    assert (above.height, alone.height) == pytest.approx((1.5 * below.height, 2 * below.height))
    assert {"5", "4"} <= set(labels(drawn))


@pytest.mark.parametrize("kind", ["bars", "stacked"])
def test_a_gap_is_a_dash_and_a_zero_is_a_zero(kind: ChartKind) -> None:
    drawn = chart((5.0, None, 0.0), kind=kind)

    assert len(bars(drawn)) == 1
    assert labels(drawn).count("—") == 1
    assert labels(drawn).count("0") == 2  # the axis has one too


def test_of_two_bars_the_one_that_is_not_known_is_a_dash() -> None:
    assert labels(chart((5.0, 1.0), (None, 2.0))).count("—") == 1


def test_a_line_breaks_where_nothing_is_known() -> None:
    drawn = chart((90.0, 91.0, None, 95.0, 94.0, 96.0, None, 99.0), kind="line", unit="percent")

    assert joined(drawn) == [2, 3]
    assert sum(isinstance(shape, Area) for shape in lay_out(drawn, "zh").shapes) == 6 + 1
    assert labels(drawn).count("—") == 2


def test_of_zeros_only_no_bar_is_drawn_and_the_axis_still_has_a_one() -> None:
    drawn = chart((0.0, 0.0), (0.0, 0.0), kind="stacked")

    assert bars(drawn) == []
    assert scale_of(drawn) == Scale(0, 1, 1)


@pytest.mark.parametrize("kind", ["bars", "stacked", "line"])
def test_a_single_day_is_a_chart(kind: ChartKind) -> None:
    drawn = chart((3.0,), kind=kind)

    assert "05/01" in labels(drawn)
    assert "3" in labels(drawn)
    assert all(box.width < 10 for box in bars(drawn))


def test_one_huge_value_leaves_the_others_small_and_told() -> None:
    drawn = chart((1.0, 1_000_000.0, 2.0))

    small, huge, _ = bars(drawn)
    assert huge.height == pytest.approx(1_000_000 * small.height)
    assert {"1", "2", "1,000,000"} <= set(labels(drawn))


def test_nothing_reaches_below_the_axis() -> None:
    assert Scale(0, 10, 5).share(-3) == 0
    assert bars(chart((-3.0, 4.0)))[0].height > 0
    assert len(bars(chart((-3.0, 4.0)))) == 1


def test_a_rate_near_all_is_not_drawn_from_zero_on_and_never_above_all() -> None:
    near = scale_of(chart((97.2, 99.9), kind="line", unit="percent", target=95.0, higher=True))
    all_of_it = scale_of(chart((100.0, 100.0), kind="line", unit="percent"))

    assert (near.low, near.high) == (94, 100)
    assert (all_of_it.low, all_of_it.high) == (99, 100)
    assert scale_of(chart((97.2, 99.9), unit="percent")).low == 0  # bars stand on zero


def test_durations_have_ticks_a_clock_knows() -> None:
    drawn = chart((20.0, 100.0), kind="line", unit="seconds", target=60.0)
    scale = scale_of(drawn)

    assert [show_tick(tick, scale, "seconds", "zh") for tick in scale.ticks] == [
        *("0", "30 秒", "60 秒", "90 秒", "120 秒")
    ]
    hours = scale_of(chart((0.0, 20_000.0), unit="seconds"))
    assert [show_tick(tick, hours, "seconds", "en") for tick in hours.ticks][1] == "2 h"


def test_the_target_is_a_dashed_line_at_its_height_and_what_misses_it_has_another_mark() -> None:
    drawn = chart((90.0, 96.0), kind="line", unit="percent", target=95.0, higher=True)

    shapes = lay_out(drawn, "zh").shapes
    ((_, target), (_, again)) = (
        shape.lines[0][0] for shape in shapes if isinstance(shape, Strokes) and shape.dash
    )
    marks = [shape.corners for shape in shapes if isinstance(shape, Area)]
    low, high = marks[0][0][1], marks[1][0][1]
    assert min(target, again) < high < max(target, again) < low  # the lesser is the legend's
    assert [len(mark) for mark in marks] == [4, 12, 12, 4]  # two values, then the legend
    assert {"目标 ≥ 95.00%", "未达标"} <= set(labels(drawn))


def test_days_stand_apart_and_hours_are_told_as_such() -> None:
    month = chart(tuple(1.0 for _ in range(31)))
    day = msgspec.structs.replace(chart(tuple(1.0 for _ in range(24))), steps=tuple(range(24)))

    names = [
        (shape.at[0], shape.text)
        for shape in lay_out(month, "zh").shapes
        if isinstance(shape, Label) and "/" in shape.text
    ]
    assert [text for _, text in names][:3] == ["05/01", "05/03", "05/05"]
    assert all(following - before > 8 for (before, _), (following, _) in itertools.pairwise(names))
    assert {"00:00", "22:00"} <= set(labels(day))


def test_priorities_look_as_on_the_dashboards_and_differ_without_colour() -> None:
    assert {code: look.fill for code, look in PRIORITIES.items()} == {
        code: colours.PRIORITIES[code].colour for code in PRIORITIES
    }
    neighbours = [look.hatch for look in PRIORITIES.values()]
    assert all(a != b for a, b in itertools.pairwise(neighbours))


def test_a_chart_is_told_in_words_and_in_numbers() -> None:
    drawn = chart((90.0, None, 96.0), kind="line", unit="percent", target=95.0, higher=True)

    assert summary(drawn, "zh") == (
        "第0组最高 96.00%（05/03），最低 90.00%（05/01）；目标 ≥ 95.00%；1 处没有数据。"
    )
    assert "at most 96.00% (05/03)" in summary(drawn, "en")
    assert as_table(drawn, "zh").rows == (("05/01", 90.0), ("05/02", None), ("05/03", 96.0))


def test_a_series_of_which_nothing_is_known_is_told_as_such() -> None:
    drawn = chart((1.0,), series=(Series(key="a", title="甲", values=(None,)),))

    assert summary(drawn, "zh") == "甲 —；1 处没有数据。"
