"""The alerts of a replay: a light board that only knows when each began and ended."""

from collections.abc import Iterable
from typing import NamedTuple

from alerts.board.alert import Began, Changed, Ended, Finding
from alerts.judging.rules import Priority, rank


class Occurrence(NamedTuple):
    """One alert as it would have been.

    `raised_us` is by the device's clock, `heard_us` by ours, when an officer would have been
    told; `priority` is the highest it reached. `ended_us` is None for one that still stands at
    the end.
    """

    rule_id: str
    source: str
    priority: Priority
    raised_us: int
    heard_us: int
    ended_us: int | None = None


class LightBoard:
    """Turns findings into occurrences.

    Officers are taken to acknowledge at once, so a latching alert is over when its cause is.
    Shelves, suppression and folding are left out: they answer to what officers did on that day.
    """

    def __init__(self) -> None:
        """Begin with an empty board."""
        self._open: dict[tuple[str, str], Occurrence] = {}
        self._over: list[Occurrence] = []
        self.announced_us: list[int] = []

    def note(self, findings: Iterable[Finding], now_us: int) -> None:
        """Take in what was found when the engine's clock stood at `now_us`."""
        for finding in findings:
            if isinstance(finding, Began):
                self._begin(finding, now_us)
            elif isinstance(finding, Ended):
                self._end(finding)
            else:
                self._change(finding, now_us)

    def occurrences(self) -> list[Occurrence]:
        """Return everything that has happened so far, in order."""
        found = [*self._over, *self._open.values()]
        return sorted(found, key=lambda each: (each.raised_us, each.rule_id, each.source))

    def _begin(self, began: Began, now_us: int) -> None:
        key = (began.rule.rule_id, began.subject.source)
        if key not in self._open:
            priority = began.priority or began.rule.priority
            self._open[key] = Occurrence(*key, priority, began.at_us, now_us)
            self.announced_us.append(now_us)

    def _change(self, changed: Changed, now_us: int) -> None:
        """Tell of an alert again that has got worse; a milder one is no news."""
        key = (changed.rule_id, changed.source)
        begun = self._open.get(key)
        if begun is not None and rank(changed.priority) > rank(begun.priority):
            self._open[key] = begun._replace(priority=changed.priority)
            self.announced_us.append(now_us)

    def _end(self, ended: Ended) -> None:
        if (begun := self._open.pop((ended.rule_id, ended.source), None)) is not None:
            ended_us = max(ended.at_us, begun.raised_us)
            self._over.append(begun._replace(ended_us=ended_us))
