"""From two rulebooks and a stretch of history to an outcome."""

from collections.abc import Collection
from typing import Final, NamedTuple

from alerts.detectors.baseline import BaselineRule
from alerts.detectors.norms import NO_NORMS, Norms
from alerts.judging.rulebook import Rulebook
from alerts.judging.rules import Rule
from alerts.replay.comparing import compare, load_of
from alerts.replay.history import History, Span
from alerts.replay.learning import learn
from alerts.replay.outcome import Burden, Outcome, counts_of, examples, moved, per_rule
from alerts.replay.replaying import Bounds, Change, Judge, Needs, needs, replay, unplayable
from core.clock import to_us
from core.errors import NotFound
from devices.registry import Registry, Speaker

_NOTES: Final = (
    "Officers are taken to acknowledge at once; shelves, suppression and folding are left out.",
    "What was already bad when the period began counts as begun at its first report.",
)
_ANOMALIES: Final = "What is usual was learned from the four weeks before the period."
_RECORDED: Final = "Alerts of all other rules are counted as they were recorded."
_JUDGED: Final = "All rules were judged anew."


class Selection(NamedTuple):
    """Which devices to look at; empty means all."""

    devices: Collection[str] = ()
    domains: Collection[str] = ()

    def takes(self, speaker: Speaker) -> bool:
        """Say whether a device is meant."""
        return (not self.devices or speaker.device.device_id in self.devices) and (
            not self.domains or speaker.profile.domain in self.domains
        )

    def require_known(self, registry: Registry) -> None:
        """Refuse to look at devices that do not exist; NotFound names them."""
        if unknown := sorted(set(self.devices) - registry.speakers.keys()):
            raise NotFound(f"There is no device {', '.join(map(repr, unknown))}.")


class Task(NamedTuple):
    """What to replay: the change, over which history, for which devices."""

    change: Change
    span: Span
    selection: Selection = Selection()
    bounds: Bounds = Bounds()
    everything: bool = False


def compare_rules(task: Task, history: History, registry: Registry) -> Outcome:
    """Judge history by both rulebooks and compare."""
    task.selection.require_known(registry)
    change, span, bounds = task.change, task.span, task.bounds
    wanted = _selected(needs(change, registry), task.selection, registry)
    norms = _norms(change, history, registry, span)
    before, after = (
        Judge(Rulebook(rulebook.rules.values(), norms), registry, bounds, change.rule_ids)
        for rulebook in (change.before, change.after)
    )
    said = history.said(span, wanted, registry, bounds)
    replay(said, (before, after), to_us(span.end))
    others = [] if task.everything else history.announced_us(span, change.rule_ids)
    return _outcome(task, history, (before, after), others)


def _outcome(
    task: Task, history: History, judges: tuple[Judge, Judge], others: list[int]
) -> Outcome:
    before, after = (judge.board.occurrences() for judge in judges)
    found = compare(before, after)
    start_us, end_us = to_us(task.span.start), to_us(task.span.end)
    loads = [load_of(judge.board.announced_us + others, start_us, end_us) for judge in judges]
    return Outcome(
        start=task.span.start,
        end=task.span.end,
        rule_ids=tuple(sorted(task.change.rule_ids)),
        read=dict(history.counted),
        not_replayed=unplayable(task.change),
        counts=counts_of(len(before), len(after), found),
        rules=per_rule(task.change.rule_ids, before, after),
        load=Burden(
            before=loads[0], after=loads[1], others=_JUDGED if task.everything else _RECORDED
        ),
        added=examples(found.added),
        removed=examples(found.removed),
        earlier=moved(found.earlier),
        later=moved(found.later),
        notes=(*_NOTES, _ANOMALIES) if _has_anomalies(task.change) else _NOTES,
    )


def _norms(change: Change, history: History, registry: Registry, span: Span) -> Norms:
    """Return what was usual before the period: an anomaly must not be part of its own norm."""
    if not _has_anomalies(change):
        return NO_NORMS
    return learn(history, _rules(change), registry, span.start)


def _has_anomalies(change: Change) -> bool:
    return any(isinstance(each, BaselineRule) for each in _rules(change))


def _rules(change: Change) -> list[Rule]:
    return [*change.before.rules.values(), *change.after.rules.values()]


def _selected(wanted: Needs, selection: Selection, registry: Registry) -> Needs:
    by_number = registry.by_number
    taken = (each for each in wanted.devices if selection.takes(by_number[each]))
    return wanted._replace(devices=frozenset(taken))
