"""Who is on duty: the roster says who should be, the crew is who is until it has handed over."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from itertools import pairwise
from typing import Annotated, Final

import msgspec
from msgspec import Meta

from alerts.agenda import Agenda
from alerts.journal.pen import Pen
from alerts.people.desks import Desk, Desks
from alerts.requests import Name
from core.clock import from_us, to_us
from core.errors import Invalid, NotFound

SHIFT: Final = "shift"
"""The kind of line about shifts."""

ROSTER: Final = "roster"
CREW: Final = "crew"

HAND_OVER_WITHIN_S: Final = 15 * 60
"""How long a shift may run beyond its end until somebody is told that nobody has taken over."""

_S: Final = 1_000_000
_SOON_S: Final = 2 * 3600
_AwareTime = Annotated[datetime, Meta(tz=True)]


class Shift(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Who is meant to be on duty from `start` until just before `end`."""

    start: _AwareTime
    end: _AwareTime
    officers: Annotated[tuple[Name, ...], Meta(min_length=1, max_length=50)]

    def covers(self, now: datetime) -> bool:
        """Say whether this instant falls into the shift."""
        return self.start <= now < self.end


class Crew(msgspec.Struct, frozen=True, kw_only=True):
    """Who is on duty at a desk, and when their shift ends; `told_overdue` once that has passed."""

    officers: tuple[str, ...]
    since: datetime
    until: datetime | None = None
    told_overdue: bool = False


class Overdue(msgspec.Struct, frozen=True, kw_only=True):
    """A shift is over and nobody has signed for the next one."""

    desk_id: str
    officers: tuple[str, ...]
    ended: datetime


_ROSTERS: Final = msgspec.json.Decoder(tuple[Shift, ...])
_CREWS: Final = msgspec.json.Decoder(Crew)


class Shifts:
    """The rosters and the crews of all desks."""

    def __init__(
        self, desks: Desks, pen: Pen, rosters: Mapping[str, bytes], crews: Mapping[str, bytes]
    ) -> None:
        """Go on with the rosters and crews as they were."""
        self._desks = desks
        self._pen = pen
        self._rosters = {key: _ROSTERS.decode(text) for key, text in rosters.items()}
        self._crews = {key: _CREWS.decode(text) for key, text in crews.items()}
        self._agenda: Agenda[str] = Agenda()
        for desk_id in self._rosters.keys() | self._crews.keys():
            self._plan(desk_id, 0)

    def roster(self, desk_id: str) -> tuple[Shift, ...]:
        """Return the planned shifts of a desk, in order."""
        return self._rosters.get(desk_id, ())

    def crew(self, desk_id: str) -> Crew | None:
        """Return who has signed for the desk; None while nobody ever has and no shift has begun."""
        return self._crews.get(desk_id)

    def on_duty(self, desk_id: str, now_us: int) -> tuple[str, ...]:
        """Return who answers for the desk: its crew, before any the roster's shift or members."""
        if crew := self._crews.get(desk_id):
            return crew.officers
        if shift := self._rostered(desk_id, now_us):
            return shift.officers
        desk = self._desks.get(desk_id)
        return desk.members if desk and not self.roster(desk_id) else ()

    def to_tell(self, desk_id: str, now_us: int) -> tuple[str, ...]:
        """Return whom alerts are told: the crew, and the next shift if its time has come.

        Between the end of a shift and the second signature it is both, so that no alert falls
        between two shifts.
        """
        shift = self._rostered(desk_id, now_us)
        rostered = shift.officers if shift else ()
        return tuple(dict.fromkeys((*self.on_duty(desk_id, now_us), *rostered)))

    def put_roster(
        self, desk_id: str, shifts: Iterable[Shift], *, now_us: int, actor: str
    ) -> list[str]:
        """Replace the plan of a desk; return warnings. Who is on duty now stays on duty.

        Invalid if two shifts overlap; fewer than the desk's `at_least` officers is a warning
        (fire: two per shift, GB 25201-2010 cl. 5.2), and so is a gap.
        """
        desk = self._desks.get(desk_id)
        if desk is None:
            raise NotFound(f"There is no desk {desk_id!r}.")
        ordered = tuple(sorted(shifts, key=lambda shift: shift.start))
        if wrong := next(_faults(ordered), None):
            raise Invalid(wrong)
        self._rosters[desk_id] = ordered
        self._pen.keep(ROSTER, desk_id, ordered)
        self._write(desk_id, {"event": "roster", "shifts": ordered}, now_us, actor)
        self._plan(desk_id, now_us)
        return list(_warnings(desk, ordered))

    def incoming(self, desk_id: str, officer: str, now_us: int) -> Crew:
        """Return the crew that comes with `officer`: their shift of now or of the next hours."""
        now = from_us(now_us)
        soon = from_us(now_us + _SOON_S * _S)
        for shift in self.roster(desk_id):
            if officer in shift.officers and shift.end > now and shift.start <= soon:
                return Crew(officers=shift.officers, since=now, until=shift.end)
        return Crew(officers=(officer,), since=now)

    def take_over(self, desk_id: str, crew: Crew, *, now_us: int, actor: str | None) -> None:
        """Let this crew be on duty from now on."""
        self._crews[desk_id] = crew
        self._pen.keep(CREW, desk_id, crew)
        self._write(desk_id, {"event": "began", "crew": crew}, now_us, actor)
        self._plan(desk_id, now_us)

    def due(self, now_us: int) -> list[Overdue]:
        """Begin the first shift of a desk by itself; return whose shift is over but not handed."""
        overdue = []
        for desk_id in list(self._agenda.due(now_us)):
            crew = self._crews.get(desk_id)
            if crew is None:
                self._begin_first(desk_id, now_us)
            elif crew.until and not crew.told_overdue and _late_us(crew.until) <= now_us:
                overdue.append(self._tell_overdue(desk_id, crew, crew.until, now_us))
            self._plan(desk_id, now_us)
        return overdue

    def _begin_first(self, desk_id: str, now_us: int) -> None:
        shift = self._rostered(desk_id, now_us)
        if shift:
            crew = Crew(officers=shift.officers, since=from_us(now_us), until=shift.end)
            self.take_over(desk_id, crew, now_us=now_us, actor=None)

    def _tell_overdue(self, desk_id: str, crew: Crew, ended: datetime, now_us: int) -> Overdue:
        self._crews[desk_id] = msgspec.structs.replace(crew, told_overdue=True)
        self._pen.keep(CREW, desk_id, self._crews[desk_id])
        overdue = Overdue(desk_id=desk_id, officers=crew.officers, ended=ended)
        self._write(desk_id, {"event": "overdue", "crew": crew}, now_us, None)
        return overdue

    def _rostered(self, desk_id: str, now_us: int) -> Shift | None:
        now = from_us(now_us)
        return next((shift for shift in self.roster(desk_id) if shift.covers(now)), None)

    def _plan(self, desk_id: str, now_us: int) -> None:
        """Set when to look at the desk again: its first shift, or the end of the crew's."""
        crew = self._crews.get(desk_id)
        if crew is None:
            now = from_us(now_us)
            ahead = (shift for shift in self.roster(desk_id) if shift.end > now)
            at_us = next((to_us(shift.start) for shift in ahead), None)
        else:
            at_us = _late_us(crew.until) if crew.until and not crew.told_overdue else None
        if at_us is None:
            self._agenda.drop(desk_id)
        else:
            self._agenda.set(desk_id, max(at_us, now_us))

    def _write(self, desk_id: str, said: Mapping[str, object], at_us: int, by: str | None) -> None:
        document = msgspec.json.encode({"desk_id": desk_id, **said})
        self._pen.write(SHIFT, desk_id, document, at_us=at_us, actor=by)


def _late_us(ended: datetime) -> int:
    return to_us(ended) + HAND_OVER_WITHIN_S * _S


def _said(instant: datetime) -> str:
    """Write an instant as every sentence of the engine does; pages show it in local time."""
    return f"{instant.astimezone(UTC):%F %H:%M} UTC"


def _faults(shifts: tuple[Shift, ...]) -> Iterator[str]:
    for shift in shifts:
        if shift.end <= shift.start:
            yield f"The shift that starts at {_said(shift.start)} ends before it has begun."
    for earlier, later in pairwise(shifts):
        if later.start < earlier.end:
            yield (
                f"The shifts that start at {_said(earlier.start)} and {_said(later.start)} "
                "overlap; one desk has one shift at a time."
            )


def _warnings(desk: Desk, shifts: tuple[Shift, ...]) -> Iterator[str]:
    for shift in shifts:
        if len(set(shift.officers)) < desk.at_least:
            yield (
                f"The shift that starts at {_said(shift.start)} has {len(set(shift.officers))} "
                f"on duty; {desk.name_en} needs {desk.at_least} at least."
            )
    for earlier, later in pairwise(shifts):
        if later.start > earlier.end:
            yield f"Nobody is planned from {_said(earlier.end)} to {_said(later.start)}."
