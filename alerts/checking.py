"""Do the rules fit the device kinds of the catalogue? A rule nobody can ever meet is a mistake."""

from collections import Counter
from collections.abc import Iterable, Iterator

from alerts.rulebook import Rulebook
from alerts.rules import SPEED, AnyRule, EventRule, OfflineRule, ThresholdRule
from devices.model import Profile


def complaints(rulebook: Rulebook, profiles: Iterable[Profile]) -> Iterator[str]:
    """Yield a sentence for every rule that selects no device kind which could meet it."""
    kinds = list(profiles)
    for rule in rulebook.rules.values():
        if isinstance(rule, OfflineRule) and rule.cause in ("ingest", "broker"):
            continue
        if not any(rule.selects(kind) and _can_meet(rule, kind) for kind in kinds):
            yield f"No device kind that rule {rule.rule_id!r} selects has {_wanted(rule)}."


def summary(rulebook: Rulebook) -> str:
    """Say how many rules there are of each priority."""
    counts = Counter(rule.priority for rule in rulebook.rules.values())
    parts = (f"{counts[each]} {each}" for each in ("critical", "high", "medium", "low"))
    return f"{len(rulebook.rules)} rules are valid: {', '.join(parts)}."


def _can_meet(rule: AnyRule, kind: Profile) -> bool:
    match rule:
        case EventRule(event=event):
            return event in kind.events
        case ThresholdRule(metric=metric):
            return metric in kind.metrics or metric == SPEED
        case OfflineRule():
            return True


def _wanted(rule: AnyRule) -> str:
    match rule:
        case EventRule(event=event):
            return f"the event {event!r}"
        case ThresholdRule(metric=metric):
            return f"the metric {metric!r}"
        case OfflineRule(cause=cause):
            return f"a {cause} to lose"
