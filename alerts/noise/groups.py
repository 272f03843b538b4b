"""What belongs together on a desk in a flood: one site, one cause; the first one out on top."""

from collections.abc import Iterator
from typing import NamedTuple

from alerts.noise.facts import Facts, Standing
from alerts.noise.under import Under


class Group(NamedTuple):
    """One desk, one place, and one cause of silence or one domain of rules there."""

    desk_id: str
    place: str
    family: str


def group_of(desk_id: str, facts: Facts) -> Group:
    """Return where an alert belongs; what has no site stands for itself."""
    place = facts.site_id or facts.device_id or facts.rule_id
    return Group(desk_id, place, facts.cause or facts.domain)


class Groups:
    """The alerts that are shown or folded, by group, the oldest first.

    Nothing lies under what is less urgent.
    """

    def __init__(self) -> None:
        """Begin with an empty board."""
        self._members: dict[Group, dict[str, None]] = {}
        self._group: dict[str, Group] = {}
        self._rank: dict[str, int] = {}
        self.under = Under()

    def __contains__(self, alert_id: object) -> bool:
        """Say whether the alert is there, shown or folded."""
        return alert_id in self._group

    def top(self, group: Group, rank: int) -> str | None:
        """Return the oldest alert of the group that is shown and at least so urgent."""
        for alert_id in self._members.get(group, ()):
            if alert_id not in self.under and self._rank[alert_id] >= rank:
                return alert_id
        return None

    def rank(self, alert_id: str) -> int:
        """Return how urgent an alert of ours is."""
        return self._rank[alert_id]

    def sinks(self, alert_id: str, rank: int) -> bool:
        """Say whether an alert that others lie under becomes less urgent than it was."""
        return self._rank.get(alert_id, rank) > rank and self.under.count(alert_id) > 0

    def put(self, alert_id: str, group: Group, rank: int, above: str | None) -> Group:
        """Take an alert in, shown or folded under `above`; it stays in its first group."""
        group = self._group.setdefault(alert_id, group)
        self._rank[alert_id] = rank
        self._members.setdefault(group, {})[alert_id] = None
        if above is None:
            self.under.drop(alert_id)
        else:
            self.under.put(alert_id, above)
        return group

    def is_misplaced(self, alert_id: str) -> bool:
        """Say whether it is folded under an alert that is gone or is less urgent."""
        above = self.under.above(alert_id)
        if above is None:
            return False
        return above not in self._group or self._rank[above] < self._rank[alert_id]

    def drop(self, alert_id: str) -> Group | None:
        """Forget an alert; return its group if others are still folded under it."""
        self.under.drop(alert_id)
        group = self._group.pop(alert_id, None)
        if group is None:
            return None
        del self._rank[alert_id]
        members = self._members[group]
        del members[alert_id]
        if not members:
            del self._members[group]
        return group if self.under.count(alert_id) else None

    def misplaced(self, group: Group) -> list[str]:
        """Return what cannot stay under the alert it is folded under, the oldest first."""
        return [each for each in self._members.get(group, ()) if self.is_misplaced(each)]

    def folded(self, desk_id: str) -> list[str]:
        """Return everything that is folded on a desk."""
        return [each for each in self.under if self._group[each].desk_id == desk_id]

    def tops(self, desk_id: str) -> Iterator[tuple[str, Group, int]]:
        """Yield what is on top of others on a desk, and of how many."""
        counts: dict[str, int] = {}
        for alert_id in self.folded(desk_id):
            above = self.under.above(alert_id)
            if above is not None and above in self._group:
                counts[above] = counts.get(above, 0) + 1
        for above, count in counts.items():
            yield above, self._group[above], count


def is_shown(standing: Standing) -> bool:
    """Say whether an alert is on the board for real: open, not held, no drill."""
    return standing.opened and standing.held_by is None and not standing.drill
