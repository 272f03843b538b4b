"""Rules on several metrics of one device at once, in a small language that is only arithmetic."""

from collections.abc import Collection, Iterator, Mapping
from difflib import get_close_matches
from typing import Annotated, ClassVar, Final

from msgspec import Meta

from alerts.detectors.formula import Formula
from alerts.judging.detecting import GOOD, Known, State, ValuesDetector, Verdict
from alerts.judging.rules import LastingRule
from devices.model import Profile
from devices.registry import Registry

Expression = Annotated[str, Meta(min_length=1, max_length=500)]
Age = Annotated[float, Meta(gt=0, le=86_400)]

_METRICS_MOST: Final = 8
_SHOWN: Final = 4


class ExpressionRule(LastingRule, frozen=True, kw_only=True, tag="expression"):
    """Bad while `when` holds, for example `pressure_mpa < 0.1 and flow_m3_h > 5`.

    Once bad, it is good again when `clear_when` holds, where there is one: the deadband of an
    expression. Values may be `max_age_s` apart; with an older one there is no verdict.
    """

    kind: ClassVar[str] = "expression"

    when: Expression
    clear_when: Expression | None = None
    max_age_s: Age = 300

    def __post_init__(self) -> None:
        """Refuse what cannot be evaluated; the message names the field and the column."""
        if len(self.metrics) > _METRICS_MOST:
            raise ValueError(f"an expression looks at {_METRICS_MOST} metrics at most")
        if not self.metrics:
            raise ValueError("`when` names no metric")

    @property
    def metrics(self) -> tuple[str, ...]:
        """Return the metrics both expressions look at, in order of appearance."""
        formulas = (formula for _, formula in self.formulas())
        return tuple(dict.fromkeys(name for formula in formulas for name in formula.names))

    def formulas(self) -> Iterator[tuple[str, Formula]]:
        """Yield field and formula; ValueError names the field and the column of a fault."""
        for field, text in (("when", self.when), ("clear_when", self.clear_when)):
            if text is not None:
                try:
                    yield field, Formula(text)
                except ValueError as error:
                    raise ValueError(f"`{field}`, {error}") from None

    def misnamed(self, known: Collection[str]) -> Iterator[str]:
        """Yield a sentence for every name that is no metric, with its place and a suggestion."""
        for field, formula in self.formulas():
            for name, column in formula.words:
                if name not in known:
                    near = get_close_matches(name, known, n=1)
                    hint = f"; is it {near[0]!r}?" if near else "."
                    yield (
                        f"Rule {self.rule_id}, `{field}`, column {column}: "
                        f"there is no metric {name!r}{hint}"
                    )


class ExpressionDetector:
    """Evaluates the expressions of one rule on the latest values of a device."""

    state_type = None

    def __init__(self, rule: ExpressionRule) -> None:
        """Read the expressions once."""
        formulas = dict(rule.formulas())
        self.metrics = rule.metrics
        self._when = formulas["when"]
        self._clear_when = formulas.get("clear_when")
        self._max_age_us = round(rule.max_age_s * 1_000_000)

    def observe(
        self,
        state: State,
        values: Mapping[str, Known],
        observed_us: int,
        *,
        was_bad: bool,
    ) -> tuple[State, Verdict | None]:
        """Look at the latest values; no verdict while one that is needed is missing or old."""
        clearing = self._clear_when if was_bad else None
        formula = clearing or self._when
        fresh = self._fresh(formula.names, values, observed_us)
        if fresh is None or (holds := formula.holds(fresh)) is None:
            return state, None
        if holds is (clearing is not None):
            return state, GOOD
        return state, Verdict(True, next(iter(fresh.values()), None), about=_shown(fresh))

    def _fresh(
        self, names: tuple[str, ...], values: Mapping[str, Known], observed_us: int
    ) -> dict[str, float] | None:
        fresh = {}
        for name in names:
            known = values.get(name)
            if known is None or abs(observed_us - known.observed_us) > self._max_age_us:
                return None
            fresh[name] = known.value
        return fresh


def ready(rule: ExpressionRule, profile: Profile, registry: Registry) -> ValuesDetector | None:
    """Prepare a rule for a profile; None if the profile does not report all of its metrics."""
    reported = registry.metrics.keys() & set(profile.metrics)
    return ExpressionDetector(rule) if reported.issuperset(rule.metrics) else None


def _shown(values: Mapping[str, float]) -> str:
    """Return what the officer reads: `pressure_mpa 0.08, flow_m3_h 6`."""
    return ", ".join(f"{name} {value:g}" for name, value in list(values.items())[:_SHOWN])
