"""All rules of the city: read from files, refused whole if one is wrong, indexed for speed."""

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Final, NamedTuple, TypeVar

import msgspec

from alerts.judging import Delays
from alerts.rules import SPEED, AnyRule, Cause, EventRule, OfflineRule, ThresholdRule
from core.errors import Invalid
from devices.model import Profile
from devices.registry import Registry

SHIPPED: Final = Path(__file__).parent / "rules"
POSITION_SPEED: Final = -1
"""Stands for the speed in a position message, which has no metric number of its own."""

RuleT = TypeVar("RuleT", EventRule, ThresholdRule, OfflineRule)

_HEADER = re.compile(r"^\s*\[\[rules\]\]", re.MULTILINE)


class Watch(NamedTuple):
    """A threshold rule made ready for one profile: its metric and its delays in microseconds."""

    rule: ThresholdRule
    delays: Delays
    unit: str | None


class ProfileRules(NamedTuple):
    """What is judged in the reports of one profile, by metric number and by event."""

    thresholds: dict[int, tuple[Watch, ...]]
    events: dict[str, tuple[EventRule, ...]]
    offline: OfflineRule | None


NO_RULES: Final = ProfileRules({}, {}, None)


class Rulebook:
    """The rules by id, and the few that are about our own parts."""

    def __init__(self, rules: Iterable[AnyRule]) -> None:
        """Keep the rules; the caller has checked that their ids differ."""
        self.rules = {rule.rule_id: rule for rule in rules}

    def offline(self, cause: Cause) -> OfflineRule | None:
        """Return the first rule about this cause of silence, whatever it selects."""
        found = (rule for rule in self._of(OfflineRule) if rule.cause == cause)
        return next(found, None)

    def index(self, registry: Registry) -> dict[str, ProfileRules]:
        """Prepare every profile, so that most readings cost one look-up."""
        return {name: self._prepare(it, registry) for name, it in registry.profiles.items()}

    def _prepare(self, profile: Profile, registry: Registry) -> ProfileRules:
        events: dict[str, list[EventRule]] = {}
        for rule in self._of(EventRule):
            if rule.selects(profile):
                events.setdefault(rule.event, []).append(rule)
        offline = (rule for rule in self._of(OfflineRule) if rule.selects(profile))
        return ProfileRules(
            self._thresholds(profile, registry),
            {event: tuple(rules) for event, rules in events.items()},
            next(offline, None),  # the first that fits, as the files are read in order of name
        )

    def _thresholds(self, profile: Profile, registry: Registry) -> dict[int, tuple[Watch, ...]]:
        watches: dict[int, list[Watch]] = {}
        for rule in self._of(ThresholdRule):
            if rule.selects(profile):
                for number, unit in _sources(rule, profile, registry):
                    watch = Watch(rule, _delays(rule, profile), unit)
                    watches.setdefault(number, []).append(watch)
        return {number: tuple(found) for number, found in watches.items()}

    def _of(self, kind: type[RuleT]) -> Iterator[RuleT]:
        return (rule for rule in self.rules.values() if isinstance(rule, kind))


def _sources(
    rule: ThresholdRule, profile: Profile, registry: Registry
) -> Iterator[tuple[int, str | None]]:
    """Yield the numbers under which this profile reports the metric, with its unit."""
    if rule.metric in profile.metrics and (metric := registry.metrics.get(rule.metric)):
        yield metric.number, metric.unit
    if rule.metric == SPEED:
        yield POSITION_SPEED, "km/h"


def _delays(rule: ThresholdRule, profile: Profile) -> Delays:
    seconds = (rule.on_delay_s, rule.off_delay_s, profile.expected_interval_s)
    return Delays(*(round(each * 1_000_000) for each in seconds))


def load_rulebook(folder: Path) -> Rulebook:
    """Read every `.toml` file of the folder; Invalid names the file and line of the first fault."""
    files = sorted(folder.glob("*.toml"))
    if not files:
        raise Invalid(f"There are no rule files (*.toml) in {folder}.")
    seen: dict[str, str] = {}
    rules = []
    for path in files:
        for rule, place in _read(path):
            if earlier := seen.get(rule.rule_id):
                raise Invalid(f"{place}: the rule {rule.rule_id!r} stands in {earlier} already.")
            seen[rule.rule_id] = place
            rules.append(rule)
    return Rulebook(rules)


def _read(path: Path) -> Iterator[tuple[AnyRule, str]]:
    text = path.read_text(encoding="utf-8")
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise Invalid(f"{path.name}: {error}.") from None
    entries = document.pop("rules", None)
    if document or not isinstance(entries, list):
        raise Invalid(f"{path.name}: a rule file holds [[rules]] tables and nothing else.")
    for entry, line in zip(entries, _lines(text), strict=True):
        place = f"{path.name}, line {line}"
        yield _convert(entry, place), place


def _lines(text: str) -> list[int]:
    return [text.count("\n", 0, found.end()) + 1 for found in _HEADER.finditer(text)]


def _convert(entry: Mapping[str, object], place: str) -> AnyRule:
    try:
        rule: AnyRule = msgspec.convert(entry, AnyRule)
    except msgspec.ValidationError as error:
        name = entry.get("rule_id", "without rule_id")
        raise Invalid(f"{place}, rule {name}: {error}.") from None
    return rule
