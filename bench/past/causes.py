"""Which rules would have noticed what happened: the causes of the month's alerts.

Rules of thumb over the shipped rulebook: a signal breaks the rules on that signal, a value the
threshold it ends up beyond, silence the rule on silence. Nothing is judged reading by reading.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final, NamedTuple

from alerts.board.alert import Began, Measure, Subject
from alerts.detectors.implausible import ImplausibleRule
from alerts.detectors.stuck import StuckRule
from alerts.judging.rulebook import SHIPPED, load_rulebook
from alerts.judging.rules import EventRule, Level, OfflineRule, Rule, ThresholdRule
from bench.past.registering import Town
from bench.past.story import is_silent
from devices.model import Device, Profile
from simulators.behaviour.effects import Ramp
from simulators.behaviour.happenings import HAPPENINGS
from simulators.episodes import Episode
from simulators.faults import Fault

_S: Final = 1_000_000
_SEEN: Final[Mapping[str, tuple[str, float]]] = {
    "leaves_route": ("truck-off-route", 600),
    "uncovered": ("truck-uncovered", 30),
    "tips_outside": ("truck-suspected-dumping", 20),
    "loads_outside": ("truck-suspected-excavation", 0),
    "drives_banned": ("truck-hours", 60),
}
"""Rules on vehicles and places, and after how many seconds they speak."""


class Cause(NamedTuple):
    """Something a rule has noticed: since when, when it was over, when we knew."""

    began: Began
    ended_us: int
    known_us: int

    @property
    def rule(self) -> Rule:
        """Return the rule that was broken."""
        return self.began.rule


class Causes:
    """The rulebook, asked about episodes."""

    def __init__(self, town: Town) -> None:
        """Read the shipped rules."""
        self._town = town
        self._rules = {
            rule.rule_id: rule
            for rule in load_rulebook(SHIPPED).rules.values()
            if rule.status == "active"
        }

    def of(self, episodes: Sequence[Episode], until_us: int) -> list[Cause]:
        """Return all causes that were known by `until_us`, in the order in which they were."""
        found = [
            cause
            for episode in episodes
            for cause in self._of(episode)
            if cause.known_us < min(until_us, cause.ended_us)
        ]
        return sorted(found, key=lambda cause: cause.known_us)

    def _of(self, episode: Episode) -> Iterator[Cause]:
        places = episode.places.tolist()
        if is_silent(episode.what):
            yield from self._silence(episode, places)
            return
        for place in places:
            device = self._town.city.devices[place]
            profile = self._town.catalogue.profiles[device.profile_id]
            for rule, measure, delay_s in self._noticed(episode.what, profile):
                yield _cause(rule, (device, profile), measure, episode, delay_s)

    def _silence(self, episode: Episode, places: list[int]) -> Iterator[Cause]:
        """Tell of the gateway alone: those behind it are hidden, the alert stands for them all."""
        device = self._town.city.devices[places[0]]
        profile = self._town.catalogue.profiles[device.profile_id]
        rule = next(
            rule
            for rule in self._rules.values()
            if isinstance(rule, OfflineRule) and rule.cause != "clock" and rule.selects(profile)
        )
        cause = _cause(
            rule, (device, profile), Measure("offline"), episode, profile.offline_after_s
        )
        yield cause._replace(began=cause.began._replace(size=len(places)))

    def _noticed(self, what: str, profile: Profile) -> Iterator[tuple[Rule, Measure, float]]:
        happening = HAPPENINGS.get(what)
        fitting = [rule for rule in self._rules.values() if rule.selects(profile)]
        for rule in fitting:
            match rule:
                case EventRule() if happening and rule.event in happening.events:
                    if rule.event in profile.events:
                        yield rule, Measure(rule.event), 0.3
                case ThresholdRule() if happening:
                    yield from _beyond(rule, profile, happening.changes, self._town)
                case StuckRule() if what == Fault.STUCK and rule.metric in profile.metrics:
                    yield rule, Measure(rule.metric), rule.stuck_s
                case ImplausibleRule() if what == Fault.ABSURD and rule.metric in profile.metrics:
                    yield rule, Measure(rule.metric), rule.on_delay_s + 60
                case OfflineRule(cause="clock") if what == Fault.CLOCK_SKEW:
                    yield rule, Measure("clock", 10_800, 300, "s"), 600
        rule_id, delay_s = _SEEN.get(what, ("", 0.0))
        if rule_id:
            yield self._rules[rule_id], Measure(rule_id.removeprefix("truck-")), delay_s


def _beyond(
    rule: ThresholdRule, profile: Profile, changes: Sequence[object], town: Town
) -> Iterator[tuple[Rule, Measure, float]]:
    reported = rule.metric in _metrics(profile)
    for change in changes if reported else ():
        if isinstance(change, Ramp) and change.metric == rule.metric:
            level = _passed(rule, change.to)
            if level is not None:
                known = town.catalogue.metrics.get(rule.metric)
                unit = known.unit if known else "km/h"
                measure = Measure(rule.metric, change.to, level.limit, unit)
                yield rule, measure, rule.on_delay_s + change.over_s + 20


def _metrics(profile: Profile) -> tuple[str, ...]:
    return (*profile.metrics, "speed_kmh") if profile.domain == "truck" else profile.metrics


def _passed(rule: ThresholdRule, value: float) -> Level | None:
    over = [level for level in rule.levels_above if value >= level.limit]
    under = [level for level in rule.levels_below if value < level.limit]
    return next(reversed([*over, *under]), None)


def _cause(
    rule: Rule,
    whom: tuple[Device, Profile],
    measure: Measure,
    episode: Episode,
    delay_s: float,
) -> Cause:
    device, profile = whom
    subject = Subject(device.device_id, device, profile.domain)
    at_us = episode.start_us + round(delay_s * _S)
    began = Began(rule, subject, measure, at_us, at_us)
    return Cause(began, episode.end_us + round(delay_s * _S / 10), at_us + 400_000)
