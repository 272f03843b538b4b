"""All rules of the city: read from files, refused whole if one is wrong, made ready by profile."""

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Final, TypeVar

import msgspec

from alerts.detectors.norms import NO_NORMS, Norms
from alerts.judging import kinds
from alerts.judging.readying import NO_RULES, POSITION_SPEED, ProfileRules, Readying
from alerts.judging.rules import Cause, EventRule, OfflineRule, Rule
from core.errors import Invalid
from devices.model import Profile
from devices.registry import Registry

__all__ = [
    "NO_RULES",
    "POSITION_SPEED",
    "SHIPPED",
    "ProfileRules",
    "Rulebook",
    "as_rule",
    "load_rulebook",
]

SHIPPED: Final = Path(__file__).parent.parent / "rules"
RuleT = TypeVar("RuleT", bound=Rule)

_HEADER = re.compile(r"^\s*\[\[rules\]\]", re.MULTILINE)


class Rulebook:
    """The rules by id, and the few that are about our own parts. Only active ones judge."""

    def __init__(self, rules: Iterable[Rule], norms: Norms = NO_NORMS) -> None:
        """Keep the rules; the caller has checked that their ids differ.

        `norms` is what is usual for whom, for rules on what is not.
        """
        self.rules = {rule.rule_id: rule for rule in rules}
        self._norms = norms

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
        ready = Readying(profile, registry, list(self._of(Rule)), self._norms)
        return ready.rules()._replace(
            events={event: tuple(rules) for event, rules in events.items()},
            offline=self._silence(profile, {"device", "gateway"}),
            clock=self._silence(profile, {"clock"}),
        )

    def _silence(self, profile: Profile, causes: set[Cause]) -> OfflineRule | None:
        """Return the first that fits, as the files are read in order of name."""
        fitting = (each for each in self._of(OfflineRule) if each.selects(profile))
        return next((each for each in fitting if each.cause in causes), None)

    def _of(self, kind: type[RuleT]) -> Iterator[RuleT]:
        for rule in self.rules.values():
            if isinstance(rule, kind) and rule.status == "active":
                yield rule


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


def _read(path: Path) -> Iterator[tuple[Rule, str]]:
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


def _convert(entry: Mapping[str, object], place: str) -> Rule:
    try:
        return as_rule(entry)
    except Invalid as error:
        name = entry.get("rule_id", "without rule_id")
        raise Invalid(f"{place}, rule {name}: {error.message}") from None


def as_rule(document: Mapping[str, object]) -> Rule:
    """Read one rule of any kind; Invalid names the field that is wrong."""
    try:
        rule: kinds.AnyRule = msgspec.convert(document, kinds.AnyRule)
    except msgspec.ValidationError as error:
        raise Invalid(f"{error}.") from None
    return rule
