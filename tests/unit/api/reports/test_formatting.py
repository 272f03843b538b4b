"""Values as people read them, and lines as they may be broken."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.reports.breaking import _units, break_lines
from api.reports.formatting import show_change, show_target, show_value
from api.reports.model import Unit, Verdict, judge


@pytest.mark.parametrize(
    ("value", "unit", "shown"),
    [
        pytest.param(None, "percent", "—", id="not-known-is-no-zero"),
        pytest.param(0.0, "percent", "0.00%", id="nothing"),
        pytest.param(0.0001, "percent", "0.01%", id="almost-nothing-is-not-nothing"),
        pytest.param(99.9999, "percent", "99.99%", id="almost-all-is-not-all"),
        pytest.param(100.0, "percent", "100.00%", id="all"),
        pytest.param(1234567, "count", "1,234,567", id="thousands"),
        pytest.param(5.04, "seconds", "5.0 秒", id="seconds"),
        pytest.param(59.6, "seconds", "60 秒", id="almost-a-minute"),
        pytest.param(60, "seconds", "1 分 00 秒", id="a-minute"),
        pytest.param(3660, "seconds", "1 小时 01 分", id="an-hour"),
        pytest.param(200_000, "seconds", "2 天 07 小时", id="days"),
        pytest.param(1234.56, "kwh", "1,234.6 kWh", id="energy"),
    ],
)
def test_values_carry_their_unit(value: float | None, unit: Unit, shown: str) -> None:
    assert show_value(value, unit, "zh") == shown


@pytest.mark.parametrize(
    ("value", "before", "shown"),
    [
        (98.0, 97.5, "↑ 0.50 个百分点"),
        (97.5, 98.0, "↓ 0.50 个百分点"),
        (98.0, 98.001, "→ 持平"),
        (98.0, None, "—"),
        (None, 98.0, "—"),
    ],
)
def test_a_change_is_told_in_points(value: float | None, before: float | None, shown: str) -> None:
    assert show_change(value, before, "percent", "zh") == shown


@pytest.mark.parametrize(
    ("value", "target", "higher", "verdict"),
    [
        (95.0, 95.0, True, "good"),
        (94.99, 95.0, True, "bad"),
        (10, 10, False, "good"),
        (11, 10, False, "bad"),
        (None, 95.0, True, "unknown"),
        (50, None, False, None),
    ],
)
def test_a_figure_is_held_against_its_target(
    value: float | None, target: float | None, higher: bool, verdict: Verdict | None
) -> None:
    assert judge(value, target, higher=higher) == verdict


def test_a_target_says_which_way_it_goes() -> None:
    assert show_target(95, "percent", "zh", higher=True) == "≥ 95.00%"
    assert show_target(10, "count", "zh", higher=False) == "≤ 10"


TEXTS = st.text(st.sampled_from("在线率（），。 abc_./x1%"), max_size=60)


@given(TEXTS, st.integers(4, 30))
def test_lines_fit_and_say_the_same(text: str, width: int) -> None:
    broken = break_lines(text, width, len)

    assert "".join(broken.split()) == "".join(text.split())
    for line in broken.split("\n"):
        assert len(line) <= width or len([*_units(line)]) == 1


@given(st.text(st.sampled_from("在线率，。）a"), min_size=1, max_size=60))
def test_no_line_begins_with_a_closing_mark(text: str) -> None:
    first, *lines = break_lines(f"在{text}", 8, len).split("\n")

    assert first
    assert not [line for line in lines if line[0] in "，。）"]


def test_a_word_is_not_torn_apart_while_there_is_another_place() -> None:
    assert break_lines("渣土车车载终端 Muck-truck terminal", 20, len).split("\n") == [
        "渣土车车载终端 Muck-truck",
        "terminal",
    ]
