"""What may not be done to a rule by anybody: life-safety rules are never made weaker."""

from collections.abc import Iterator
from typing import Final

from alerts.judging.rules import Rule
from core.errors import Conflict

_URGENCY: Final = {"low": 0, "medium": 1, "high": 2, "critical": 3}


def refuse_weakening(before: Rule, after: Rule) -> None:
    """Refuse a wording that guards lives less than the one in force; Conflict names everything."""
    if before.life_safety and (losses := list(_losses(before, after))):
        raise Conflict(
            f"Rule {before.rule_id} guards lives. The new version would {', '.join(losses)}; "
            "that is not done by editing a rule."
        )


def refuse_retiring(rule: Rule) -> None:
    """Refuse to switch a life-safety rule off; Conflict says so."""
    if rule.life_safety:
        raise Conflict(f"Rule {rule.rule_id} guards lives and cannot be retired.")


def _losses(before: Rule, after: Rule) -> Iterator[str]:
    if after.kind != before.kind:
        yield f"be of another kind ({after.kind} for {before.kind})"
    if not after.life_safety:
        yield "lose `life_safety`"
    if _URGENCY[after.priority] < _URGENCY[before.priority]:
        yield f"lower the priority from {before.priority} to {after.priority}"
    if before.latching and not after.latching:
        yield "no longer latch"
    if _is_narrower(before.domains, after.domains):
        yield "leave out domains"
    if _is_narrower(before.profiles, after.profiles):
        yield "leave out profiles"
    yield from _losses_of_signal(before, after)


def _losses_of_signal(before: Rule, after: Rule) -> Iterator[str]:
    """Yield what a rule on signals would no longer hear; other kinds have no such fields."""
    for field in ("event", "metric"):
        if getattr(before, field, None) != getattr(after, field, None):
            yield f"watch another {field}"
    if getattr(after, "when_late", "raise") == "ignore" != getattr(before, "when_late", "raise"):
        yield "ignore what arrives late"


def _is_narrower(before: tuple[str, ...], after: tuple[str, ...]) -> bool:
    """Compare two selections; an empty one stands for all."""
    return bool(after) and (not before or not set(before) <= set(after))
