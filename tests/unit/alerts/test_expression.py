import ast
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts.detectors.expression import ExpressionDetector, ExpressionRule, ready
from alerts.detectors.formula import Formula
from alerts.judging.detecting import Known
from tests.unit.alerts.making import NOW, SENSOR, WORDS, S, registry

BURST = "pressure_mpa < 0.1 and flow_m3_h > 5"


def rule(when: str = BURST, **changes: Any) -> ExpressionRule:
    return ExpressionRule(rule_id="burst", priority="high", when=when, **(WORDS | changes))


def known(at_us: int = NOW, **values: float) -> dict[str, Known]:
    return {name: Known(value, at_us) for name, value in values.items()}


@pytest.mark.parametrize(
    ("text", "values", "holds"),
    [
        pytest.param(BURST, {"pressure_mpa": 0.05, "flow_m3_h": 6}, True, id="both-hold"),
        pytest.param(BURST, {"pressure_mpa": 0.05, "flow_m3_h": 5}, False, id="only-one-holds"),
        pytest.param("not (a > 1 or b > 1)", {"a": 0, "b": 1}, True, id="not-and-or"),
        pytest.param("0 < a <= 1", {"a": 1}, True, id="chained"),
        pytest.param("max(a, b) - min(a, b) > 0.5", {"a": 1, "b": 2}, True, id="spread-of-two"),
        pytest.param("abs(a) * 2 + -1 == 3", {"a": -2}, True, id="arithmetic"),
        pytest.param("a / b > 1", {"a": 1, "b": 0}, None, id="division-by-zero-has-no-answer"),
    ],
)
def test_a_formula_holds(text: str, values: dict[str, float], holds: bool | None) -> None:
    assert Formula(text).holds(values) is holds


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        pytest.param("a <", "column 4: this cannot be read", id="unfinished"),
        pytest.param("a < 1 && b > 1", "write `and`", id="signs-of-another-language"),
        pytest.param("a + 1", "column 1: this is a number, not a condition", id="no-condition"),
        pytest.param("a > 1 and b", "column 11: this is a number, not a", id="number-as-truth"),
        pytest.param("(a > 1) + 1 > 0", "this is a condition, not a number", id="truth-as-number"),
        pytest.param("a > 'x'", "column 5: this has no meaning", id="text"),
        pytest.param("a.real > 1", "column 1: this has no meaning", id="attribute"),
        pytest.param("a[0] > 1", "no meaning", id="index"),
        pytest.param("a ** 99 > 1", "no meaning", id="power"),
        pytest.param("open(a) > 1", "no meaning", id="call"),
        pytest.param("max(*a) > 1", "no meaning", id="spread-arguments"),
        pytest.param("max(a, key=b) > 1", "no meaning", id="named-argument"),
        pytest.param("max(a) > 1", "no meaning", id="the-largest-of-one-number"),
        pytest.param("(lambda: 1)() > 1", "no meaning", id="lambda"),
        pytest.param("[x for x in a] == 1", "no meaning", id="loop"),
        pytest.param("a if b else True", "no meaning", id="choice"),
        pytest.param("a is b", "no meaning", id="identity"),
        pytest.param("a > True", "no meaning", id="truth-constant"),
        pytest.param("a > 1; b > 1", "cannot be read", id="two-statements"),
        pytest.param("(" * 400 + "a" + ")" * 400 + "> 1", "cannot be read", id="deep-nesting"),
        pytest.param("a > 1\0", "cannot be read", id="nul"),
    ],
)
def test_what_is_no_condition_over_numbers_is_refused_with_its_place(
    text: str, complaint: str
) -> None:
    with pytest.raises(ValueError, match="column") as refused:
        Formula(text)

    assert complaint in str(refused.value)


@given(text=st.text(alphabet="ab01.<>=+-*/()%&|!~^,:'[]{} \n_andorntimxs", max_size=60))
def test_no_text_does_anything_but_become_a_formula_or_be_refused(text: str) -> None:
    try:
        formula = Formula(text)
    except ValueError:
        return
    assert formula.holds(dict.fromkeys(formula.names, 1.0)) in (True, False, None)


_SIMPLE = st.recursive(
    st.builds(
        "{} {} {}".format,
        st.sampled_from("ab"),
        st.sampled_from(["<", "<=", ">", ">=", "=="]),
        st.sampled_from(["0", "1.5"]),
    ),
    lambda inner: st.one_of(
        st.builds("({} {} {})".format, inner, st.sampled_from(["and", "or"]), inner),
        st.builds("(not {})".format, inner),
    ),
    max_leaves=6,
)
_NEAR = st.sampled_from([-1.0, 0.0, 1.0, 1.5, 2.0, float("inf"), float("nan")])


@given(text=_SIMPLE, a=_NEAR, b=_NEAR)
def test_the_short_way_says_what_the_library_says(text: str, a: float, b: float) -> None:
    formula = Formula(text)
    values = {"a": a, "b": b}

    assert formula.holds(values) is formula.holds_by_library(values)


_NUMBER = st.sampled_from(["a", "b", "1", "2.5", "0"])
_ARITHMETIC = st.recursive(
    _NUMBER,
    lambda inner: st.builds("({} {} {})".format, inner, st.sampled_from("+-*/"), inner),
    max_leaves=6,
)
_COMPARED = st.builds(
    "({} {} {})".format,
    _ARITHMETIC,
    st.sampled_from(["<", "<=", ">", ">=", "==", "!="]),
    _ARITHMETIC,
)
_CONDITION = st.recursive(
    _COMPARED,
    lambda inner: st.one_of(
        st.builds("({} {} {})".format, inner, st.sampled_from(["and", "or"]), inner),
        st.builds("(not {})".format, inner),
    ),
    max_leaves=6,
)


@given(text=_CONDITION, a=st.floats(-1e6, 1e6), b=st.floats(-1e6, 1e6))
def test_a_formula_says_what_python_would_say(text: str, a: float, b: float) -> None:
    code = compile(ast.parse(text, mode="eval"), "rule", "eval")
    try:
        expected: bool | None = eval(code, {"__builtins__": {}}, {"a": a, "b": b})  # noqa: S307
    except ZeroDivisionError:
        expected = None

    assert Formula(text).holds({"a": a, "b": b}) is expected


def test_a_fault_in_a_rule_names_field_and_column() -> None:
    document = msgspec.to_builtins(rule()) | {"clear_when": "pressure_mpa >"}

    with pytest.raises(msgspec.ValidationError, match=r"`clear_when`, column 15"):
        msgspec.convert(document, ExpressionRule)


def test_a_misnamed_metric_is_named_with_its_place_and_the_likely_one() -> None:
    (complaint,) = rule("presure_mpa < 0.1 and flow_m3_h > 5").misnamed(
        {"pressure_mpa", "flow_m3_h"}
    )

    assert complaint == (
        "Rule burst, `when`, column 1: there is no metric 'presure_mpa'; is it 'pressure_mpa'?"
    )


def test_an_expression_without_a_metric_is_refused() -> None:
    with pytest.raises(ValueError, match="names no metric"):
        rule("1 > 0")


def test_there_is_no_verdict_while_a_value_is_missing_or_too_old() -> None:
    detector = ExpressionDetector(rule(max_age_s=60))
    pressure = known(pressure_mpa=0.05)

    assert detector.observe(None, pressure, NOW, was_bad=False) == (None, None)

    old = pressure | known(NOW - 61 * S, flow_m3_h=6)
    assert detector.observe(None, old, NOW, was_bad=False) == (None, None)

    fresh = pressure | known(NOW - 60 * S, flow_m3_h=6)
    _, verdict = detector.observe(None, fresh, NOW, was_bad=False)
    assert verdict is not None
    assert verdict.bad
    assert verdict.about == "pressure_mpa 0.05, flow_m3_h 6"


def test_once_bad_the_clearing_expression_decides() -> None:
    detector = ExpressionDetector(rule(clear_when="pressure_mpa > 0.15"))

    def bad(pressure: float, *, was_bad: bool) -> bool:
        values = known(pressure_mpa=pressure, flow_m3_h=6)
        _, verdict = detector.observe(None, values, NOW, was_bad=was_bad)
        assert verdict is not None
        return verdict.bad

    assert bad(0.09, was_bad=False)
    assert bad(0.12, was_bad=True), "in the gap it stays bad"
    assert not bad(0.12, was_bad=False), "in the gap it does not become bad"
    assert not bad(0.16, was_bad=True)


def test_only_profiles_that_report_every_metric_are_judged() -> None:
    assert ready(rule("temperature_c > 50"), SENSOR, registry()) is not None
    assert ready(rule("temperature_c > 50 and smoke_db_m > 1"), SENSOR, registry()) is None
