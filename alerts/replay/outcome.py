"""What a replay found, as one document: for the api, for scripts, and for people in a terminal."""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from typing import Final

import msgspec

from alerts.judging.rules import Priority
from alerts.replay.comparing import Comparison, Load, Shift
from alerts.replay.occurrences import Occurrence
from core.clock import from_us

EXAMPLES: Final = 100
"""Alerts named one by one in each list; the counts are of all."""


class Example(msgspec.Struct, frozen=True, kw_only=True):
    """One alert of the comparison; `by_s` is how much later it is now, negative for earlier."""

    rule_id: str
    source: str
    priority: Priority
    raised_at: datetime
    ended_at: datetime | None
    by_s: float | None = None


class Counts(msgspec.Struct, frozen=True, kw_only=True):
    """How many alerts of the rules replayed."""

    before: int
    after: int
    added: int
    removed: int
    earlier: int
    later: int
    unchanged: int


class OfRule(msgspec.Struct, frozen=True, kw_only=True):
    """The same for one rule."""

    rule_id: str
    before: int
    after: int


class Burden(msgspec.Struct, frozen=True, kw_only=True):
    """Operator load before and after; `others` says where alerts of other rules come from."""

    before: Load
    after: Load
    others: str


class Outcome(msgspec.Struct, frozen=True, kw_only=True):
    """Everything a replay found."""

    start: datetime
    end: datetime
    rule_ids: tuple[str, ...]
    read: dict[str, int]
    not_replayed: dict[str, str]
    counts: Counts
    rules: tuple[OfRule, ...]
    load: Burden
    added: tuple[Example, ...]
    removed: tuple[Example, ...]
    earlier: tuple[Example, ...]
    later: tuple[Example, ...]
    notes: tuple[str, ...]


def counts_of(before: int, after: int, found: Comparison) -> Counts:
    """Count everything."""
    return Counts(
        before=before,
        after=after,
        added=len(found.added),
        removed=len(found.removed),
        earlier=len(found.earlier),
        later=len(found.later),
        unchanged=found.unchanged,
    )


def per_rule(
    rule_ids: Iterable[str], before: Iterable[Occurrence], after: Iterable[Occurrence]
) -> tuple[OfRule, ...]:
    """Count by rule."""
    old, new = (Counter(each.rule_id for each in one) for one in (before, after))
    return tuple(
        OfRule(rule_id=each, before=old[each], after=new[each]) for each in sorted(rule_ids)
    )


def examples(found: Iterable[Occurrence]) -> tuple[Example, ...]:
    """Return the first of them, in order of time."""
    ordered = sorted(found, key=lambda each: each.raised_us)
    return tuple(_example(each) for each in ordered[:EXAMPLES])


def moved(found: Iterable[Shift]) -> tuple[Example, ...]:
    """Return those that moved furthest."""
    ordered = sorted(found, key=lambda each: -abs(each.by_us))
    return tuple(_example(each.after, each.by_us / 1_000_000) for each in ordered[:EXAMPLES])


def _example(each: Occurrence, by_s: float | None = None) -> Example:
    return Example(
        rule_id=each.rule_id,
        source=each.source,
        priority=each.priority,
        raised_at=from_us(each.raised_us),
        ended_at=None if each.ended_us is None else from_us(each.ended_us),
        by_s=by_s,
    )
