"""Rules made ready for one device kind: who judges which metric, signal or position of it."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any, Final, NamedTuple

from alerts.detectors.norms import Norms
from alerts.detectors.threshold import ThresholdDetector
from alerts.judging import kinds
from alerts.judging.detecting import PersonalDetector
from alerts.judging.lasting import Delays
from alerts.judging.rules import SPEED, EventRule, OfflineRule, Rule
from devices.model import Profile
from devices.registry import Registry

POSITION_SPEED: Final = -1
"""Stands for the speed in a position message, which has no metric number of its own."""


class Watch(NamedTuple):
    """A rule made ready for one profile: its detector, its delays, what its alerts are about."""

    rule: Rule
    detector: Any
    delays: Delays
    subject: str


class MetricRules(NamedTuple):
    """What is judged in one metric of a profile.

    A value in the band from `low` up to but without `high` is good under all `thresholds`, unless
    one of them has been passed before.
    """

    low: float
    high: float
    thresholds: tuple[Watch, ...] = ()
    trackers: tuple[Watch, ...] = ()
    doubts: tuple[Watch, ...] = ()


class ProfileRules(NamedTuple):
    """What is judged in the reports of one profile, and what its silence or its clock means.

    `metrics` and `values` go by the number of the metric; `needed` names the metrics of which the
    latest value must be known, for what judges several together.
    """

    metrics: Mapping[int, MetricRules] = {}
    events: Mapping[str, tuple[EventRule, ...]] = {}
    vehicle: tuple[Watch, ...] = ()
    values: Mapping[int, tuple[Watch, ...]] = {}
    needed: Mapping[int, str] = {}
    offline: OfflineRule | None = None
    clock: OfflineRule | None = None


NO_RULES: Final = ProfileRules()


class Readying:
    """Makes all rules ready for one profile that are meant for it."""

    def __init__(
        self, profile: Profile, registry: Registry, rules: Collection[Rule], norms: Norms
    ) -> None:
        """Take the active rules; `norms` is what is usual for whom."""
        self._profile = profile
        self._registry = registry
        self._rules = [rule for rule in rules if rule.selects(profile)]
        self._norms = norms

    def rules(self) -> ProfileRules:
        """Return all that judge by detector."""
        values: dict[int, list[Watch]] = {}
        needed: dict[int, str] = {}
        for watch in self._watches(kinds.VALUES):
            for number, name in self._numbers(watch.detector.metrics):
                values.setdefault(number, []).append(watch)
                needed[number] = name
        vehicle = tuple(self._watches(kinds.VEHICLE))
        if vehicle:
            needed.update(self._numbers(("load_state", "lift_state", "cover_state")))
        together = {number: tuple(found) for number, found in values.items()}
        return ProfileRules(self._metrics(), vehicle=vehicle, values=together, needed=needed)

    def _metrics(self) -> dict[int, MetricRules]:
        found: dict[int, list[Watch]] = {}
        personal = {kind: self._with_norms(ready) for kind, ready in kinds.PERSONAL.items()}
        for table in (kinds.METRIC, personal, kinds.QUALITY):
            for watch in self._watches(table):
                for number in self._sources(watch.subject):
                    found.setdefault(number, []).append(watch)
        return {number: _metric_rules(watches) for number, watches in found.items()}

    def _with_norms(self, ready: kinds.ReadyByNorms) -> kinds.Ready[PersonalDetector]:
        return lambda rule, profile, registry: ready(rule, profile, registry, self._norms)

    def _watches(self, table: Mapping[type[Rule], kinds.Ready[Any]]) -> Iterator[Watch]:
        for rule in self._rules:
            ready = table.get(type(rule))
            detector = ready and ready(rule, self._profile, self._registry)
            if detector is not None:
                yield Watch(rule, detector, _delays(rule, self._profile), _subject(rule))

    def _sources(self, metric: str) -> Iterator[int]:
        """Yield the numbers under which this profile reports the metric."""
        yield from (number for number, _ in self._numbers((metric,)))
        if metric == SPEED:
            yield POSITION_SPEED

    def _numbers(self, names: Iterable[str]) -> Iterator[tuple[int, str]]:
        for name in names:
            if name in self._profile.metrics and (metric := self._registry.metrics.get(name)):
                yield metric.number, name


def _metric_rules(watches: Iterable[Watch]) -> MetricRules:
    thresholds, trackers, doubts = [], [], []
    bands = [(float("-inf"), float("inf"))]
    for watch in watches:
        if type(watch.rule) in kinds.QUALITY:
            doubts.append(watch)
        elif isinstance(watch.detector, ThresholdDetector):
            thresholds.append(watch)
            bands.append(watch.detector.calm)
        else:
            trackers.append(watch)
    lows, highs = zip(*bands, strict=True)
    return MetricRules(max(lows), min(highs), tuple(thresholds), tuple(trackers), tuple(doubts))


def _delays(rule: Rule, profile: Profile) -> Delays:
    delays = (getattr(rule, "on_delay_s", 0.0), getattr(rule, "off_delay_s", 0.0))
    return Delays(*(round(each * 1_000_000) for each in (*delays, profile.expected_interval_s)))


def _subject(rule: Rule) -> str:
    """Return what an alert of the rule is about: its metric, or what its kind calls it."""
    return str(getattr(rule, "subject", None) or getattr(rule, "metric", rule.kind))
