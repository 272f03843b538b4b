"""Do the rules fit the device kinds of the catalogue? A rule nobody can ever meet is a mistake."""

from collections import Counter
from collections.abc import Iterable, Iterator

from alerts.detectors.expression import ExpressionRule
from alerts.judging.correlation import CorrelationRule, about_sources
from alerts.judging.rulebook import Rulebook
from alerts.judging.rules import PRIORITIES, SPEED, EventRule, OfflineRule, Rule
from devices.model import Profile


def complaints(rulebook: Rulebook, profiles: Iterable[Profile]) -> Iterator[str]:
    """Yield a sentence for every rule that cannot be met, or that would hide what it must not."""
    kinds = list(profiles)
    metrics = {name for kind in kinds for name in kind.metrics}
    for rule in rulebook.rules.values():
        if isinstance(rule, ExpressionRule):
            yield from rule.misnamed(metrics)
        if isinstance(rule, CorrelationRule):
            yield from about_sources(rule, rulebook.rules.keys())
        elif not _is_about_us(rule) and not any(_can_meet(rule, kind) for kind in kinds):
            yield f"No device kind that rule {rule.rule_id!r} selects has {_wanted(rule)}."
        if rule.life_safety and not rule.latching:
            yield f"Rule {rule.rule_id!r} is about lives, so it must be `latching`."
        for hidden in rule.hides:
            yield from _about_hiding(rule, rulebook.rules.get(hidden), hidden)


def summary(rulebook: Rulebook) -> str:
    """Say how many rules there are of each priority."""
    counts = Counter(rule.priority for rule in rulebook.rules.values())
    parts = (f"{counts[each]} {each}" for each in reversed(PRIORITIES))
    return f"{len(rulebook.rules)} rules are valid: {', '.join(parts)}."


def _about_hiding(rule: Rule, hidden: Rule | None, rule_id: str) -> Iterator[str]:
    if hidden is None:
        yield f"Rule {rule.rule_id!r} hides {rule_id!r}, which is no rule."
    elif hidden.life_safety:
        yield f"Rule {rule.rule_id!r} hides {rule_id!r}, which is about lives."
    elif hidden is rule and rule.hides_in == "site":
        yield f"Rule {rule.rule_id!r} would hide itself."


def _is_about_us(rule: Rule) -> bool:
    return isinstance(rule, OfflineRule) and rule.cause in ("ingest", "broker", "maintenance")


def _can_meet(rule: Rule, kind: Profile) -> bool:
    if not rule.selects(kind):
        return False
    if isinstance(rule, EventRule):
        return rule.event in kind.events
    return all(name in kind.metrics or name == SPEED for name in _metrics(rule))


def _wanted(rule: Rule) -> str:
    if isinstance(rule, EventRule):
        return f"the event {rule.event!r}"
    if isinstance(rule, OfflineRule):
        return f"a {rule.cause} to lose"
    return f"the metric {', '.join(map(repr, _metrics(rule)))}"


def _metrics(rule: Rule) -> tuple[str, ...]:
    """Return the metrics that a device must report for the rule to be met."""
    one = getattr(rule, "metric", None)
    return (one,) if one is not None else tuple(getattr(rule, "metrics", ()))
