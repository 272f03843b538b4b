"""Flood mode: more alerts than one person can take in are folded by place and cause.

Nothing is lost by it: the first alert of each group stays on top with the count of what is folded
under it, and fire is neither folded nor left out of the count.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Final, NamedTuple

import msgspec

from alerts.agenda import Agenda
from alerts.journal.pen import Pen
from alerts.noise import rate
from alerts.noise.facts import Facts, Standing
from alerts.noise.groups import Group, Groups, group_of, is_shown
from alerts.noise.rate import USUAL, FloodLimits
from alerts.noise.under import Under
from alerts.requests import Handlers, Query
from core.clock import from_us

FLOOD: Final = "flood"
"""The kind of line and of record."""


class FloodsQuery(Query, frozen=True, tag="floods"):
    """Somebody wants to know which desks are in a flood, and what is folded there."""


class Fold(NamedTuple):
    """An alert goes under another one, or, with None, is shown again."""

    alert_id: str
    under: str | None


class _Desk(msgspec.Struct, frozen=True):
    """What a desk has been told of late: the latest raises, and the flood it is in.

    `shown` and `folded` count what this flood brought.
    """

    times: tuple[int, ...] = ()
    began_us: int | None = None
    shown: int = 0
    folded: int = 0


_DESK: Final = msgspec.json.Decoder(_Desk)


class Floods:
    """The desks, each by itself; `follow` keeps the groups, `note_raised` counts and folds."""

    def __init__(self, pen: Pen, records: Mapping[str, bytes], limits: FloodLimits = USUAL) -> None:
        """Go on with the floods of the journal."""
        self._pen = pen
        self._limits = limits
        self._desks = {desk_id: _DESK.decode(text) for desk_id, text in records.items()}
        self._groups = Groups()
        self._ends: Agenda[str] = Agenda()
        self._heirs: Agenda[Group] = Agenda()
        for desk_id, desk in self._desks.items():
            if desk.began_us is not None:
                self._ends.set(desk_id, rate.ends_us(desk.times, limits))

    @property
    def under(self) -> Under:
        """Return what is folded under what."""
        return self._groups.under

    def handlers(self) -> Handlers:
        """Return what is done for each kind of request."""
        return {FloodsQuery: self.show}

    def next_us(self) -> int | None:
        """Return when `due` is worth asking again."""
        times = [self._ends.next_us(), self._heirs.next_us()]
        return min((each for each in times if each is not None), default=None)

    def note_raised(self, desk_id: str, alert_id: str, facts: Facts, now_us: int) -> str | None:
        """Count a new alert that is about to be shown; return what it must be folded under.

        The caller does not ask for what is held or part of a drill.
        """
        desk = self._desks.get(desk_id, _Desk())
        times = rate.counted(desk.times, now_us, self._limits)
        began_us = desk.began_us
        if began_us is None and rate.has_begun(times, self._limits):
            began_us = now_us
            self._write("began", desk_id, _Desk(times, began_us), now_us)
        group = group_of(desk_id, facts)
        folds = began_us is not None and not facts.life_safety
        above = self._groups.top(group, facts.rank) if folds else None
        self._groups.put(alert_id, group, facts.rank, above)
        if began_us is None:
            self._keep(desk_id, _Desk(times))
        else:
            shown, folded = desk.shown + (above is None), desk.folded + (above is not None)
            self._keep(desk_id, _Desk(times, began_us, shown, folded))
            self._ends.set(desk_id, rate.ends_us(times, self._limits))
        return above

    def follow(self, standing: Standing, now_us: int) -> None:
        """Take in how an alert stands after it has moved, or after a restart.

        A group whose first alert has gone is given another, some seconds later: where power
        comes back, the others are about to go as well.
        """
        alert_id, facts = standing.alert_id, standing.facts
        if not is_shown(standing):
            if (orphaned := self._groups.drop(alert_id)) is not None:
                self._heirs.set(orphaned, now_us + self._limits.settle_us)
            return
        sinks = self._groups.sinks(alert_id, facts.rank)
        group = group_of(standing.desk_id, facts)
        group = self._groups.put(alert_id, group, facts.rank, standing.under)
        if sinks or self._groups.is_misplaced(alert_id):
            self._heirs.set(group, now_us)

    def due(self, now_us: int) -> list[Fold]:
        """Return what is to be shown again, or goes under another, now."""
        folds: list[Fold] = []
        for desk_id in self._ends.due(now_us):
            folds += self._end(desk_id, now_us)
        for group in self._heirs.due(now_us):
            folds += self._give_heir(group)
        return folds

    def show(self, _asked: FloodsQuery, _now: datetime) -> dict[str, object]:
        """Answer with the floods there are at this moment, by desk."""
        floods = (
            self._shown(desk_id, desk)
            for desk_id, desk in sorted(self._desks.items())
            if desk.began_us is not None
        )
        return {"floods": list(floods)}

    def _end(self, desk_id: str, now_us: int) -> Iterator[Fold]:
        desk = self._desks[desk_id]
        self._write("ended", desk_id, desk, now_us)
        self._keep(desk_id, _Desk(desk.times))
        for alert_id in self._groups.folded(desk_id):
            yield self._move(alert_id, None)

    def _give_heir(self, group: Group) -> Iterator[Fold]:
        """Show the oldest of those whose first alert has gone, and the others under it."""
        in_flood = self._desks.get(group.desk_id, _Desk()).began_us is not None
        for alert_id in self._groups.misplaced(group):
            rank = self._groups.rank(alert_id)
            yield self._move(alert_id, self._groups.top(group, rank) if in_flood else None)

    def _move(self, alert_id: str, above: str | None) -> Fold:
        if above is None:
            self.under.drop(alert_id)
        else:
            self.under.put(alert_id, above)
        return Fold(alert_id, above)

    def _keep(self, desk_id: str, desk: _Desk) -> None:
        self._desks[desk_id] = desk
        self._pen.keep(FLOOD, desk_id, desk)

    def _write(self, what: str, desk_id: str, desk: _Desk, at_us: int) -> None:
        document = {
            "what": what,
            "desk_id": desk_id,
            "began_at": from_us(desk.began_us or at_us),
            "shown": desk.shown,
            "folded": desk.folded,
        }
        self._pen.write(FLOOD, desk_id, document, at_us=at_us)

    def _shown(self, desk_id: str, desk: _Desk) -> dict[str, object]:
        tops = list(self._groups.tops(desk_id))
        folded = sum(count for _, _, count in tops)
        return {
            "desk_id": desk_id,
            "began_at": from_us(desk.began_us or 0),
            "shown": desk.shown,
            "folded": desk.folded,
            "groups": [
                {"alert_id": alert_id, "site_id": group.place, "family": group.family, "folded": n}
                for alert_id, group, n in tops
            ],
            "title_zh": f"报警洪水：{len(tops)} 个首发，{folded} 个后续",
            "title_en": f"{_count(len(tops), 'cause')}, {_count(folded, 'consequence')}",
        }


def _count(number: int, word: str) -> str:
    return f"{number} {word}{'' if number == 1 else 's'}"
