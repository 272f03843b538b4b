"""查岗, the duty check: whoever is on duty says so within minutes, or is written down as missed.

After GB/T 26875.3-2011 fig. 46 (the centre names the minutes) and fig. 14 (the answer). What
cannot be reached is not in the answer rate: it is a fault, and counted as one elsewhere.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

import msgspec

from alerts.agenda import Agenda
from alerts.journal.pen import Pen
from alerts.people.desks import CheckPlan, Desk, Desks
from alerts.people.shifts import Shifts
from core.clock import from_us, to_us
from core.errors import Conflict, NotFound

CHECK: Final = "check"
"""The kind of record and of line about duty checks."""

CITY: Final = ZoneInfo("Asia/Shanghai")
"""The clock on the wall of every duty room in the country."""

_KEPT: Final = timedelta(days=92)
_CATCH_UP_US: Final = 10 * 60 * 1_000_000  # a planned check missed by longer is left out


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """One of those who were asked; `reachable` is false where the question could not arrive."""

    name: str
    reachable: bool = True
    answered_at: datetime | None = None


class Check(msgspec.Struct, frozen=True, kw_only=True):
    """One duty check: open until everybody has answered or the time is over."""

    check_id: str
    desk_id: str
    asked_at: datetime
    until: datetime
    by: str | None
    answers: tuple[Answer, ...]
    closed_at: datetime | None = None

    @property
    def missed(self) -> list[str]:
        """Return who could have answered and has not."""
        return [each.name for each in self.answers if each.reachable and not each.answered_at]


class Rate(msgspec.Struct, frozen=True, kw_only=True):
    """The answer rate (应答率) over closed checks; null where nobody was asked."""

    asked: int
    answered: int
    unreachable: int
    rate: float | None


_CHECKS: Final = msgspec.json.Decoder(Check)


class Checks:
    """The duty checks of all desks; `asked` collects those whose officers must be told."""

    def __init__(
        self, desks: Desks, shifts: Shifts, pen: Pen, records: Mapping[str, bytes], *, now_us: int
    ) -> None:
        """Go on with the checks as they were, open ones included."""
        self._desks = desks
        self._shifts = shifts
        self._pen = pen
        found = map(_CHECKS.decode, records.values())
        self._checks = {each.check_id: each for each in sorted(found, key=lambda it: it.asked_at)}
        self._ends: Agenda[str] = Agenda()
        self._planned: Agenda[str] = Agenda()
        self.asked: list[Check] = []
        for check in self._checks.values():
            if check.closed_at is None:
                self._ends.set(check.check_id, to_us(check.until))
        self.plan(now_us)

    def plan(self, now_us: int) -> None:
        """Set when each desk is checked by itself; call it again when a desk has changed."""
        for desk in self._desks:
            self._plan(desk, now_us)

    def of_desk(self, desk_id: str, since: datetime) -> list[Check]:
        """Return the desk's checks since then, the latest first."""
        found = [
            each
            for each in self._checks.values()
            if each.desk_id == desk_id and each.asked_at >= since
        ]
        return found[::-1]

    def start(self, desk_id: str, minutes: int, *, by: str | None, now: datetime) -> Check:
        """Ask everybody on duty at the desk; Conflict if nobody is, or a check is still open."""
        if self._desks.get(desk_id) is None:
            raise NotFound(f"There is no desk {desk_id!r}.")
        if (running := self._open(desk_id)) is not None:
            raise Conflict(
                f"A check of desk {desk_id!r} is open until {running.until:%F %T} UTC already."
            )
        officers = self._shifts.on_duty(desk_id, to_us(now))
        if not officers:
            raise Conflict(f"Nobody is on duty at desk {desk_id!r}; there is nobody to ask.")
        check = Check(
            check_id=f"{desk_id}-{now:%Y%m%d-%H%M%S-%f}",
            desk_id=desk_id,
            asked_at=now,
            until=now + timedelta(minutes=minutes),
            by=by,
            answers=tuple(Answer(name=name) for name in officers),
        )
        self._ends.set(check.check_id, to_us(check.until))
        self._keep(check, "asked", by, now)
        self.asked.append(check)
        return check

    def answer(self, check_id: str, *, by: str, now: datetime) -> Check:
        """Note that this officer is there; the check closes with the last answer."""
        check = self._checks.get(check_id)
        if check is None:
            raise NotFound(f"There is no duty check {check_id[:64]!r}.")
        mine = next((each for each in check.answers if each.name == by), None)
        if mine is None:
            raise Conflict(f"{by} was not asked in duty check {check_id}.")
        if mine.answered_at is not None:
            return check
        if check.closed_at is not None or now >= check.until:
            raise Conflict(f"Duty check {check_id} ended at {check.until:%F %T} UTC.")
        answers = tuple(
            msgspec.structs.replace(each, answered_at=now) if each.name == by else each
            for each in check.answers
        )
        check = msgspec.structs.replace(check, answers=answers)
        self._keep(check, "answered", by, now)
        return check if check.missed else self._close(check, now)

    def due(self, now_us: int) -> list[Check]:
        """Close what is over and begin what is planned; return the checks somebody missed."""
        now = from_us(now_us)
        closed = [self._close(self._checks[each], now) for each in self._ends.due(now_us)]
        for desk_id in list(self._planned.due(now_us)):
            self._start_planned(desk_id, now)
        return [check for check in closed if check.missed]

    def take_asked(self) -> list[Check]:
        """Hand over the checks whose officers must be told."""
        asked, self.asked = self.asked, []
        return asked

    def _start_planned(self, desk_id: str, now: datetime) -> None:
        desk = self._desks.get(desk_id)
        if desk is None or desk.check is None:
            return
        if self._shifts.on_duty(desk_id, to_us(now)) and self._open(desk_id) is None:
            self.start(desk_id, desk.check.minutes, by=None, now=now)
        self._plan(desk, to_us(now) + 1, caught_up=True)

    def _plan(self, desk: Desk, now_us: int, *, caught_up: bool = False) -> None:
        if desk.check is None:
            self._planned.drop(desk.desk_id)
            return
        last = next((each for each in self.of_desk(desk.desk_id, _EVER) if each.by is None), None)
        since_us = now_us if caught_up else now_us - _CATCH_UP_US
        after_us = max(since_us, to_us(last.asked_at) if last else 0)
        self._planned.set(desk.desk_id, to_us(next_at(desk.check, from_us(after_us))))

    def _open(self, desk_id: str) -> Check | None:
        found = self._checks.values()
        return next((each for each in found if _is_open(each, desk_id)), None)

    def _close(self, check: Check, now: datetime) -> Check:
        self._ends.drop(check.check_id)
        closed = msgspec.structs.replace(check, closed_at=now)
        self._keep(closed, "closed", None, now)
        for old in [each for each in self._checks.values() if each.until < now - _KEPT]:
            del self._checks[old.check_id]
            self._pen.drop(CHECK, old.check_id)
        return closed

    def _keep(self, check: Check, event: str, by: str | None, now: datetime) -> None:
        self._checks[check.check_id] = check
        self._pen.keep(CHECK, check.check_id, check)
        said = msgspec.json.encode({"event": event, "check": check, "missed": check.missed})
        self._pen.write(CHECK, check.desk_id, said, at_us=to_us(now), actor=by)


_EVER: Final = from_us(0)


def answer_rate(checks: Iterable[Check]) -> Rate:
    """Return answered by reachable, over the checks that are closed (应答率)."""
    answers = [each for check in checks if check.closed_at for each in check.answers]
    asked = [each for each in answers if each.reachable]
    answered = sum(each.answered_at is not None for each in asked)
    return Rate(
        asked=len(asked),
        answered=answered,
        unreachable=len(answers) - len(asked),
        rate=answered / len(asked) if asked else None,
    )


def next_at(plan: CheckPlan, after: datetime) -> datetime:
    """Return the first planned instant that comes after this one."""
    today = after.astimezone(CITY).date()
    days = (today, today + timedelta(days=1))
    times = [datetime.combine(day, time.fromisoformat(at), CITY) for day in days for at in plan.at]
    return min(each for each in times if each > after)


def _is_open(check: Check, desk_id: str) -> bool:
    return check.desk_id == desk_id and check.closed_at is None
