"""Findings of one site that mean more together than each alone: the rule, and when it is met."""

from collections.abc import Collection, Iterator
from typing import Annotated, ClassVar, Literal, NamedTuple

from msgspec import Meta

from alerts.judging.rules import EventRule, Rule
from devices.model import Identifier, Profile
from devices.registry import Registry

Rules = tuple[Identifier, ...]
Window = Annotated[float, Meta(gt=0, le=86_400)]
Form = Literal["several", "both", "missing"]

_US = 1_000_000


class CorrelationRule(Rule, frozen=True, kw_only=True, tag="correlation"):
    """Bad while findings of other rules at one site fit together, in one of three forms.

    `several`: `at_least` devices under the rules `of` began `within_s` of each other. `both`: one
    of `first` and one of `then` did, in either order; `standing`: what still lasts counts however
    long ago it began. `missing`: one of `first` lasts, and none of `without` came `after_s`, at a
    site that has a device which could say so. A rule it looks at may be a correlation itself.
    `subject` is what its alerts are said to be about.
    """

    kind: ClassVar[str] = "correlation"

    subject: Identifier
    at_least: Annotated[int, Meta(ge=2, le=100)] | None = None
    of: Rules = ()
    first: Rules = ()
    then: Rules = ()
    without: Rules = ()
    within_s: Window | None = None
    after_s: Window | None = None
    standing: bool = False

    def __post_init__(self) -> None:
        """Refuse anything but exactly one complete form."""
        named = (self.at_least, self.of, self.first, self.then, self.without)
        given = tuple(bool(each) for each in (*named, self.within_s, self.after_s))
        if given not in _FORMS:
            raise ValueError(
                "a correlation has `at_least`, `of` and `within_s`; or `first`, `then` and "
                "`within_s`; or `first`, `without` and `after_s`"
            )
        if self.rule_id in self.sources:
            raise ValueError("a correlation cannot look at itself")

    @property
    def form(self) -> Form:
        """Return which of the three it is."""
        return "several" if self.of else "both" if self.then else "missing"

    @property
    def sources(self) -> frozenset[str]:
        """Return the rules whose findings it looks at."""
        return frozenset((*self.of, *self.first, *self.then, *self.without))

    @property
    def window_us(self) -> int:
        """Return how long a finding that is over still counts, in microseconds."""
        return round((self.within_s or self.after_s or 0) * _US)

    def selects(self, profile: Profile) -> bool:  # noqa: ARG002 - the same question for all rules
        """Say no: it is about sites, never about a device."""
        return False


_FORMS = frozenset(
    {
        (True, True, False, False, False, True, False),
        (False, False, True, True, False, True, False),
        (False, False, True, False, True, False, True),
    }
)


class Trace(NamedTuple):
    """What is known of one finding: whose, since when by the device's clock, told and ended when.

    `told_us` and `ended_us` are on the engine's clock; 0 means that it lasts. What has been
    `answered` once asks no more, even when the answer is over.
    """

    rule_id: str
    device_id: str
    at_us: int
    identity_us: int
    told_us: int
    ended_us: int = 0
    late: bool = False
    answered: bool = False


def counts_until(rule: CorrelationRule, trace: Trace) -> int | None:
    """Return when a trace that is over counts no more, on the engine's clock; None: it lasts.

    The alarm that asks for an answer counts only while it lasts.
    """
    if not trace.ended_us:
        return None
    asks = rule.form == "missing" and trace.rule_id in rule.first
    return trace.ended_us + (0 if asks else rule.window_us)


def answer_due(rule: CorrelationRule, trace: Trace) -> int | None:
    """Return when the answer to this trace is missing, on the engine's clock; None: none is due.

    To an alarm told late nobody can say when the answer should have come.
    """
    asks = rule.form == "missing" and trace.rule_id in rule.first
    if not asks or trace.late or trace.answered:
        return None
    return trace.told_us + rule.window_us


def is_met(rule: CorrelationRule, traces: Collection[Trace], *, was_met: bool, now_us: int) -> bool:
    """Say whether the traces that count fit together; once they did, their times matter no more."""
    match rule.form:
        case "several":
            return _several(rule, traces, was_met=was_met)
        case "both":
            return _both(rule, traces, was_met=was_met)
        case "missing":
            return _missing(rule, traces, was_met=was_met, now_us=now_us)


def _several(rule: CorrelationRule, traces: Collection[Trace], *, was_met: bool) -> bool:
    wanted = rule.at_least or 2
    if was_met:
        return len({trace.device_id for trace in traces}) >= wanted
    return any(
        len({other.device_id for other in traces if _is_soon_after(rule, trace, other)}) >= wanted
        for trace in traces
    )


def _is_soon_after(rule: CorrelationRule, trace: Trace, other: Trace) -> bool:
    """Say whether the other began in the window that this one opens."""
    return 0 <= other.at_us - trace.at_us <= rule.window_us or (
        rule.standing and not other.ended_us
    )


def _both(rule: CorrelationRule, traces: Collection[Trace], *, was_met: bool) -> bool:
    ones = [trace for trace in traces if trace.rule_id in rule.first]
    others = [trace for trace in traces if trace.rule_id in rule.then]
    return any(
        was_met
        or (rule.standing and not one.ended_us and not other.ended_us)
        or abs(one.at_us - other.at_us) <= rule.window_us
        for other in others
        for one in ones
    )


def _missing(
    rule: CorrelationRule, traces: Collection[Trace], *, was_met: bool, now_us: int
) -> bool:
    due = [due_us for trace in traces if (due_us := answer_due(rule, trace)) is not None]
    return any(was_met or due_us <= now_us for due_us in due)


def answered(rule: CorrelationRule, traces: Collection[Trace]) -> tuple[Trace, ...]:
    """Return the traces, none of them asking any more if one of them is an answer."""
    if any(trace.rule_id in rule.without for trace in traces):
        return tuple(trace._replace(answered=True) for trace in traces)
    return tuple(traces)


def about_sources(rule: CorrelationRule, rules: Collection[str]) -> Iterator[str]:
    """Yield a sentence for every rule it looks at that does not exist."""
    for source in sorted(rule.sources.difference(rules)):
        yield f"Rule {rule.rule_id!r} looks at {source!r}, which is no rule."


def answering_sites(registry: Registry, answers: tuple[Rule, ...]) -> frozenset[str]:
    """Return the sites with a device in service that can meet one of these rules."""
    fit = {
        profile.profile_id
        for profile in registry.profiles.values()
        if any(can_answer(rule, profile) for rule in answers)
    }
    speakers = registry.speakers.values() if fit else ()
    return frozenset(
        each.device.site_id
        for each in speakers
        if each.device.in_service and each.device.profile_id in fit
    )


def can_answer(rule: Rule, profile: Profile) -> bool:
    """Say whether devices of this profile can meet the rule."""
    says = not isinstance(rule, EventRule) or rule.event in profile.events
    return says and rule.selects(profile)
