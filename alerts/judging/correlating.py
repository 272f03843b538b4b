"""What is going on at every site, for the rules that look at several findings together."""

from collections.abc import Iterable, Mapping
from typing import Final, NamedTuple

import msgspec

from alerts.agenda import Agenda
from alerts.board.alert import Alert, Began, Ended, Finding, Measure, Subject
from alerts.journal.pen import Pen
from alerts.judging.correlation import (
    CorrelationRule,
    Trace,
    answer_due,
    answered,
    answering_sites,
    can_answer,
    counts_until,
    is_met,
)
from alerts.judging.rules import Rule
from core.clock import to_us
from devices.registry import Registry, RegistryContent

CORRELATION: Final = "correlation"
"""The kind of record that holds what is known of one site under one rule."""

_GRACE_US: Final = 10_000_000  # for what the broker kept for us while we were away
_NAMED: Final = 5  # devices that an alert names
_MOST: Final = 200  # traces of a site under a rule; where more is going on, the latest count
_SITE: Final = "site/"


class _Key(NamedTuple):
    """One rule at one site."""

    rule_id: str
    site_id: str

    def __str__(self) -> str:
        return f"{self.rule_id}/{self.site_id}"


class _Case(msgspec.Struct, frozen=True):
    """What counts at a site under a rule, and whether it fits together."""

    traces: tuple[Trace, ...] = ()
    met: bool = False
    domain: str = ""


_NOTHING: Final = _Case()
_CASES: Final = msgspec.json.Decoder(_Case)


class Correlations:
    """Findings of single devices go in, findings about sites come out.

    Everything it remembers is kept through the pen, so that a restart loses no trace, no window
    and no awaited answer. Before the first `adopt` it looks at nothing.
    """

    def __init__(self, pen: Pen, records: Mapping[str, bytes]) -> None:
        """Go on with the records of the kind CORRELATION."""
        self._pen = pen
        self._cases = {
            _Key(*name.split("/", 1)): _CASES.decode(record) for name, record in records.items()
        }
        self._rules: dict[str, CorrelationRule] = {}
        self._interested: dict[str, list[CorrelationRule]] = {}
        self._registry = Registry(RegistryContent(version=0))
        self._answering: dict[str, frozenset[str]] = {}
        self._all: Mapping[str, Rule] = {}
        self._agenda: Agenda[_Key] = Agenda()

    def adopt(self, rules: Mapping[str, Rule], registry: Registry) -> None:
        """Look at these sites by these rules from now on; what other rules remember is dropped.

        `rules` are all rules that judge, by id: those of other kinds say who could answer.
        """
        self._all, self._registry = rules, registry
        self._answering = {}
        self._rules = {
            rule_id: rule for rule_id, rule in rules.items() if isinstance(rule, CorrelationRule)
        }
        self._interested = {}
        for rule in self._rules.values():
            for source in rule.sources:
                self._interested.setdefault(source, []).append(rule)
        for key, case in list(self._cases.items()):
            if key.rule_id in self._rules:
                self._plan(key, case, after_us=0)
                self._leave_out_strangers(key, case)
            else:
                self._forget(key)

    def _leave_out_strangers(self, key: _Key, case: _Case) -> None:
        """Drop the traces of devices that are no longer at the site; `due` draws the conclusion."""
        here = tuple(each for each in case.traces if self._is_at(each.device_id, key.site_id))
        if here != case.traces:
            left = _Case(here, case.met, case.domain)
            self._cases[key] = left
            self._pen.keep(CORRELATION, str(key), left)
            self._agenda.set(key, 0)

    def _is_at(self, device_id: str, site_id: str) -> bool:
        speaker = self._registry.speakers.get(device_id)
        return device_id == _source(site_id) or (
            speaker is not None and speaker.device.site_id == site_id
        )

    def restore(self, alerts: Iterable[Alert], now_us: int) -> list[Finding]:
        """Let a rule that is new here see what is open already; what it knows stays as it is."""
        findings: list[Finding] = []
        for alert in alerts:
            if alert.active and alert.site_id:
                source = alert.device_id or _source(alert.site_id)
                at_us, told_us = to_us(alert.raised_at), to_us(alert.detected_at)
                trace = Trace(alert.rule_id, source, at_us, at_us, told_us, late=alert.late)
                for rule in self._looking(alert.rule_id, source):
                    key = _Key(rule.rule_id, alert.site_id)
                    if not _has(self._cases.get(key, _NOTHING), trace):
                        findings += self._add(key, trace, alert.domain, now_us)
        return self._onward(findings, now_us)

    def give_grace(self, now_us: int) -> None:
        """Wait a little longer for every answer: until now we could not have heard it."""
        for key, case in list(self._cases.items()):
            rule = self._rules.get(key.rule_id)
            if rule is not None and rule.form == "missing":
                soonest_us = now_us + _GRACE_US - rule.window_us
                traces = tuple(
                    each._replace(told_us=max(each.told_us, soonest_us)) for each in case.traces
                )
                self._keep(key, _Case(traces, case.met, case.domain), now_us)

    def next_us(self) -> int | None:
        """Return when `due` must be asked next, None for never."""
        return self._agenda.next_us()

    def note(
        self, finding: Finding, site_id: str | None, device_id: str | None, now_us: int
    ) -> list[Finding]:
        """Take in what a rule found out about a device of a site; return what that makes of it.

        What comes out need not be told again: a rule that looks at it has seen it.
        """
        findings: list[Finding] = []
        if site_id is None or device_id is None:
            return findings
        if isinstance(finding, Began):
            rule_id, at_us = finding.rule.rule_id, finding.at_us
            trace = Trace(rule_id, device_id, at_us, finding.identity_us, now_us, late=finding.late)
            for rule in self._looking(rule_id, device_id):
                key = _Key(rule.rule_id, site_id)
                findings += self._add(key, trace, finding.subject.domain, now_us)
        elif isinstance(finding, Ended):
            for rule in self._looking(finding.rule_id, device_id):
                key = _Key(rule.rule_id, site_id)
                findings += self._end(key, finding.rule_id, device_id, now_us)
        return self._onward(findings, now_us)

    def due(self, now_us: int) -> list[Finding]:
        """Return what time alone has changed: windows that are over, answers that did not come."""
        findings: list[Finding] = []
        for key in list(self._agenda.due(now_us)):
            findings += self._review(key, self._cases.get(key, _NOTHING), now_us)
        return self._onward(findings, now_us)

    def _looking(self, rule_id: str, device_id: str) -> list[CorrelationRule]:
        """Return the rules that look at this finding.

        To those that count devices, what a gateway repeats of the devices behind it is nothing.
        """
        looking = self._interested.get(rule_id, [])
        if looking and self._repeats(rule_id, device_id):
            return [rule for rule in looking if rule.form != "several"]
        return looking

    def _repeats(self, rule_id: str, device_id: str) -> bool:
        speaker, rule = self._registry.speakers.get(device_id), self._all.get(rule_id)
        if speaker is None or rule is None or not speaker.profile.gateway:
            return False
        others = (each for each in self._registry.profiles.values() if not each.gateway)
        return any(can_answer(rule, profile) for profile in others)

    def _onward(self, findings: list[Finding], now_us: int) -> list[Finding]:
        """Let the rules that look at correlations see the new ones."""
        told = list(findings)
        for finding in findings:
            source = finding.subject.source if isinstance(finding, Began) else finding.source
            told += self.note(finding, source.removeprefix(_SITE), source, now_us)
        return told

    def _add(self, key: _Key, trace: Trace, domain: str, now_us: int) -> list[Finding]:
        case = self._cases.get(key, _NOTHING)
        others = tuple(each for each in case.traces if each[:2] != trace[:2])[1 - _MOST :]
        return self._review(key, _Case((*others, trace), case.met, domain), now_us)

    def _end(self, key: _Key, rule_id: str, device_id: str, now_us: int) -> list[Finding]:
        case = self._cases.get(key)
        if case is None:
            return []
        traces = tuple(
            each._replace(ended_us=now_us)
            if each[:2] == (rule_id, device_id) and not each.ended_us
            else each
            for each in case.traces
        )
        return self._review(key, _Case(traces, case.met, case.domain), now_us)

    def _review(self, key: _Key, case: _Case, now_us: int) -> list[Finding]:
        """Drop what counts no more and say so if the rest has begun, or ceased, to fit."""
        rule = self._rules.get(key.rule_id)
        if rule is None:
            return []
        counting = [each for each in case.traces if _counts(rule, each, now_us)]
        traces = answered(rule, counting)
        met = is_met(rule, traces, was_met=case.met, now_us=now_us)
        met = met and (rule.form != "missing" or key.site_id in self._equipped(rule))
        now = _Case(traces, met, case.domain)
        self._keep(key, now, now_us)
        if met and not case.met:
            return [self._began(rule, key.site_id, now, now_us)]
        return [Ended(rule.rule_id, _source(key.site_id), now_us)] if case.met and not met else []

    def _keep(self, key: _Key, case: _Case, now_us: int) -> None:
        if not case.traces:
            self._forget(key)
            return
        if self._cases.get(key) != case:
            self._cases[key] = case
            self._pen.keep(CORRELATION, str(key), case)
        self._plan(key, case, after_us=now_us)

    def _forget(self, key: _Key) -> None:
        self._agenda.drop(key)
        if self._cases.pop(key, None) is not None:
            self._pen.drop(CORRELATION, str(key))

    def _plan(self, key: _Key, case: _Case, *, after_us: int) -> None:
        """Look again when a trace counts no more, or when an answer should have come."""
        rule = self._rules[key.rule_id]
        instants = [counts_until(rule, each) for each in case.traces]
        instants += [answer_due(rule, each) for each in case.traces]
        ahead = [each for each in instants if each is not None and each > after_us]
        if ahead:
            self._agenda.set(key, min(ahead))
        else:
            self._agenda.drop(key)

    def _began(self, rule: CorrelationRule, site_id: str, case: _Case, now_us: int) -> Began:
        newest = max(case.traces, key=_at)
        devices = _devices(case)
        measure = Measure(rule.subject, about=", ".join(devices[:_NAMED]) or None)
        subject = Subject(_source(site_id), None, case.domain, self._registry.sites.get(site_id))
        at_us = now_us if rule.form == "missing" else newest.at_us
        late = any(each.late for each in case.traces)
        return Began(
            rule, subject, measure, newest.identity_us, at_us, late, size=max(1, len(devices))
        )

    def _equipped(self, rule: CorrelationRule) -> frozenset[str]:
        """Return the sites at which somebody could give the answer that is awaited."""
        if rule.rule_id not in self._answering:
            answers = tuple(self._all[each] for each in rule.without if each in self._all)
            self._answering[rule.rule_id] = answering_sites(self._registry, answers)
        return self._answering[rule.rule_id]


def _source(site_id: str) -> str:
    """Return what alerts about a site have as their source."""
    return f"{_SITE}{site_id}"


def _devices(case: _Case) -> list[str]:
    """Return the devices that have a part in it, the first first."""
    sources = (each.device_id for each in sorted(case.traces, key=_at))
    return [each for each in dict.fromkeys(sources) if not each.startswith(_SITE)]


def _counts(rule: CorrelationRule, trace: Trace, now_us: int) -> bool:
    until_us = counts_until(rule, trace)
    return until_us is None or now_us < until_us


def _has(case: _Case, trace: Trace) -> bool:
    return any(each[:2] == trace[:2] for each in case.traces)


def _at(trace: Trace) -> int:
    return trace.at_us
