"""Suppressed by design: while a panel is down nobody needs to hear of each of its loops.

ISA-18.2 and IEC 62682 call this state "suppressed by design". What hides what is said by the rules
(`hides`, `hides_in`); who lies behind whom is said by the registry.
"""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from alerts.noise.facts import Facts, Standing
from alerts.noise.under import Under


class Hides(NamedTuple):
    """What an open alert of a rule hides: these rules behind its device, or in all of its site."""

    rule_ids: frozenset[str]
    in_site: bool = False


class Parents:
    """Who hides whom, by the alerts that are open; it is built from the board and needs no disk.

    A parent is older than what it hides, so no two ever hide each other. Life safety is never
    hidden.
    """

    def __init__(self, hides: Mapping[str, Hides]) -> None:
        """Begin with an empty board; `hides` is by rule."""
        self._hides = hides
        self._active: dict[str, Standing] = {}
        self._of_device: dict[str, dict[str, None]] = {}
        self._of_site: dict[str, dict[str, None]] = {}
        self._hidden: dict[str, Standing] = {}
        self._doubtful: dict[str, None] = {}
        self.under = Under()

    def adopt(self, hides: Mapping[str, Hides]) -> None:
        """Go by these rules from now on; whatever is hidden is looked at again."""
        self._hides = hides
        self._doubtful.update(dict.fromkeys(self._hidden))

    def follow(self, standing: Standing) -> None:
        """Take in how an alert stands after it has moved, or after a restart."""
        if standing.opened and standing.active:
            self._put(standing)
        elif standing.alert_id in self._active:
            self._take_away(self._active[standing.alert_id])
        if standing.opened and standing.held_by == "parent" and standing.under:
            self._hide(standing, standing.under)
        elif standing.alert_id in self._hidden:
            self._unhide(standing.alert_id)

    def parent_of(self, facts: Facts, alert_id: str | None = None) -> str | None:
        """Return the alert that hides one about this, None if it must be shown.

        Give the id of an alert that is on the board already: only what is older hides it.
        """
        parents = self._parents_of(facts)
        known = None if alert_id is None else self._find(alert_id)
        if known is not None:
            parents = (each for each in parents if _age(self._active[each]) < _age(known))
        return next(parents, None)

    def take_orphans(self) -> list[str]:
        """Hand over what is hidden by nobody any more: each is to be released by itself."""
        doubtful, self._doubtful = self._doubtful, {}
        orphans = []
        for alert_id in doubtful:
            hidden = self._hidden.get(alert_id)
            if hidden is None:
                continue
            heir = self._heir_of(hidden)
            if heir is None:
                orphans.append(alert_id)
            else:
                self.under.put(alert_id, heir)
        return orphans

    def _heir_of(self, hidden: Standing) -> str | None:
        """Return who hides it now: the one that did, if it still does, or another older one."""
        before = self.under.above(hidden.alert_id)
        if before is not None and before in self._parents_of(hidden.facts):
            return before
        return self.parent_of(hidden.facts, hidden.alert_id)

    def _find(self, alert_id: str) -> Standing | None:
        return self._active.get(alert_id) or self._hidden.get(alert_id)

    def _parents_of(self, facts: Facts) -> Iterator[str]:
        if facts.life_safety:
            return
        for gateway in facts.gateways:
            for alert_id in self._of_device.get(gateway, ()):
                if self._does_hide(alert_id, facts):
                    yield alert_id
        for alert_id in self._of_site.get(facts.site_id or "", ()):
            if self._does_hide(alert_id, facts, in_site=True):
                yield alert_id

    def _does_hide(self, alert_id: str, facts: Facts, *, in_site: bool = False) -> bool:
        hides = self._hides.get(self._active[alert_id].facts.rule_id)
        return hides is not None and facts.rule_id in hides.rule_ids and in_site <= hides.in_site

    def _hide(self, standing: Standing, parent_id: str) -> None:
        if standing.alert_id not in self._hidden:
            self.under.put(standing.alert_id, parent_id)
        self._hidden[standing.alert_id] = standing
        if self.under.above(standing.alert_id) not in self._active:
            self._doubtful[standing.alert_id] = None

    def _unhide(self, alert_id: str) -> None:
        del self._hidden[alert_id]
        self.under.drop(alert_id)

    def _put(self, standing: Standing) -> None:
        alert_id, facts = standing.alert_id, standing.facts
        if alert_id not in self._active:
            if facts.device_id:
                self._of_device.setdefault(facts.device_id, {})[alert_id] = None
            if facts.site_id:
                self._of_site.setdefault(facts.site_id, {})[alert_id] = None
            self._active[alert_id] = standing

    def _take_away(self, standing: Standing) -> None:
        """Forget a parent; what it hid is looked at again."""
        alert_id, facts = standing.alert_id, standing.facts
        del self._active[alert_id]
        _remove(self._of_device, facts.device_id, alert_id)
        _remove(self._of_site, facts.site_id, alert_id)
        self._doubtful.update(dict.fromkeys(self.under.below(alert_id)))


def _age(standing: Standing) -> tuple[int, str]:
    return standing.since_us, standing.alert_id


def _remove(index: dict[str, dict[str, None]], key: str | None, alert_id: str) -> None:
    if key and key in index:
        index[key].pop(alert_id, None)
        if not index[key]:
            del index[key]
