"""The replay itself: stored reports in, what each rulebook would have made of them out.

The engine's clock in a replay is the time at which a report was received, as it was on the day:
so late data is late again.
"""

from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from typing import Final, NamedTuple

import msgspec

from alerts.board.alert import Began, Finding
from alerts.journal.pen import Pen
from alerts.judging.conditions import Conditions
from alerts.judging.correlating import Correlations
from alerts.judging.correlation import CorrelationRule
from alerts.judging.rulebook import POSITION_SPEED, Rulebook
from alerts.judging.rules import OfflineRule, Rule
from alerts.replay.occurrences import LightBoard
from devices.reading import Report
from devices.registry import Registry

_LOOK_EVERY_US: Final = 1_000_000


class Said(NamedTuple):
    """One report of history, and when it reached us."""

    received_us: int
    report: Report


class Bounds(NamedTuple):
    """What counted as late, and as too far ahead, in microseconds."""

    late_us: int = 300_000_000
    ahead_us: int = 300_000_000


class Change(NamedTuple):
    """Two rulebooks, narrowed down to what must be judged, and the rules that are told of.

    A correlation looks at what other rules find, so those are judged with it.
    """

    before: Rulebook
    after: Rulebook
    rule_ids: frozenset[str]


class Needs(NamedTuple):
    """Which part of history the rules look at: numbers of devices and metrics, and what else."""

    devices: frozenset[int]
    metrics: frozenset[int]
    positions: bool
    events: bool


class Judge:
    """One rulebook at work, with a board of its own that shows the rules `told` of."""

    def __init__(
        self, rulebook: Rulebook, registry: Registry, bounds: Bounds, told: AbstractSet[str]
    ) -> None:
        """Begin with nothing known of any device."""
        self._conditions = Conditions(late_us=bounds.late_us, ahead_us=bounds.ahead_us)
        self._conditions.adopt(registry, rulebook.index(registry))
        self._pen = Pen()
        self._correlations = Correlations(self._pen, {})
        active = {key: rule for key, rule in rulebook.rules.items() if rule.status == "active"}
        self._correlations.adopt(active, registry)
        self._registry = registry
        self._told = told
        self.board = LightBoard()

    def hear(self, said: Said) -> None:
        """Judge one report."""
        speaker = self._registry.by_number[said.report.device]
        if findings := self._conditions.judge(speaker, said.report, said.received_us):
            self._note(findings, said.received_us)

    def look(self, now_us: int) -> None:
        """Notice what nobody says: delays that are over, answers that did not come."""
        self._note(self._conditions.outlast(now_us), now_us)
        self._show(self._correlations.due(now_us), now_us)
        self._pen.take()  # a replay leaves nothing behind
        self._conditions.changed = {}

    def _note(self, findings: Iterable[Finding], now_us: int) -> None:
        for finding in findings:
            self._show([finding], now_us)
            source = finding.subject.source if isinstance(finding, Began) else finding.source
            speaker = self._registry.speakers.get(source)
            if speaker is not None:
                device = speaker.device
                self._show(
                    self._correlations.note(finding, device.site_id, device.device_id, now_us),
                    now_us,
                )

    def _show(self, findings: Iterable[Finding], now_us: int) -> None:
        self.board.note((each for each in findings if _rule_id(each) in self._told), now_us)


def differing(before: Rulebook, after: Rulebook, *, everything: bool = False) -> Change:
    """Narrow two rulebooks down to the rules that judge otherwise, or tell of `everything`."""
    rules = [*before.rules.values(), *after.rules.values()]
    told = {each.rule_id for each in rules}
    if not everything:
        told = {each for each in told if _meaning(before, each) != _meaning(after, each)}
    correlations = [each for each in rules if isinstance(each, CorrelationRule)]
    told |= {each.rule_id for each in correlations if each.sources & told}
    judged = told.union(*(each.sources for each in correlations if each.rule_id in told))
    return Change(_only(before, judged), _only(after, judged), frozenset(told))


def needs(change: Change, registry: Registry) -> Needs:
    """Return what must be read of history to judge by both."""
    profiles: set[str] = set()
    metrics: set[int] = set()
    positions = events = False
    for rulebook in (change.before, change.after):
        for name, rules in rulebook.index(registry).items():
            wanted = {*rules.metrics, *rules.values, *rules.needed}
            if wanted or rules.events or rules.vehicle:
                profiles.add(name)
            metrics |= wanted - {POSITION_SPEED}
            positions |= bool(rules.vehicle) or POSITION_SPEED in wanted
            events |= bool(rules.events or rules.vehicle)
    speakers = registry.speakers.values()
    devices = {each.number for each in speakers if each.profile.profile_id in profiles}
    return Needs(frozenset(devices), frozenset(metrics), positions, events)


def unplayable(change: Change) -> dict[str, str]:
    """Return the rules that cannot be replayed, each with the reason."""
    rules = {**change.before.rules, **change.after.rules}
    return {rule_id: why for rule_id, rule in sorted(rules.items()) if (why := _why_not(rule))}


def replay(history: Iterable[Said], judges: Iterable[Judge], until_us: int) -> int:
    """Let every judge hear all of history, in the order in which it was received; count reports.

    `until_us` is where the replay ends: delays that are over by then have run out.
    """
    judges = tuple(judges)
    clock_us = heard = 0
    for heard, said in enumerate(history, 1):  # noqa: B007 - the count is the result
        if said.received_us >= clock_us + _LOOK_EVERY_US:
            clock_us = said.received_us
            for judge in judges:
                judge.look(clock_us)
        for judge in judges:
            judge.hear(said)
    for judge in judges:
        judge.look(until_us)
    return heard


def _rule_id(finding: Finding) -> str:
    return finding.rule.rule_id if isinstance(finding, Began) else finding.rule_id


def _only(rulebook: Rulebook, rule_ids: AbstractSet[str]) -> Rulebook:
    return Rulebook(rule for key, rule in rulebook.rules.items() if key in rule_ids)


def _meaning(rulebook: Rulebook, rule_id: str) -> Rule | None:
    """Return a rule without what says nothing about how it judges; None if it does not judge."""
    rule = rulebook.rules.get(rule_id)
    if rule is None or rule.status != "active":
        return None
    return msgspec.structs.replace(rule, version=1, reviewed_on=None, reviewed_by="")


def _why_not(rule: Rule) -> str | None:
    if isinstance(rule, OfflineRule):
        return "Silence cannot be replayed: history holds what was said, not what was heard."
    return None
