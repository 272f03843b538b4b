"""What officers and supervisors ask of the desks, the rosters, the duty and the checks."""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import Annotated

import msgspec
from msgspec import Meta

from alerts.people.checks import Checks, answer_rate
from alerts.people.desks import Desk, Desks, named
from alerts.people.escalation import Escalations
from alerts.people.handing_over import Handovers
from alerts.people.shifts import Shift, Shifts
from alerts.requests import Command, Handlers, Name, Query, Text, fitting
from core.clock import to_us
from core.errors import NotFound


class PutDesk(Command, frozen=True, tag="put_desk"):
    """A supervisor makes a desk, or changes one."""

    desk: Desk


class PutRoster(Command, frozen=True, tag="put_roster"):
    """A supervisor plans who will be on duty."""

    desk_id: Name
    shifts: Annotated[tuple[Shift, ...], Meta(max_length=1000)]


class BeginHandover(Command, frozen=True, tag="begin_handover"):
    """The outgoing officer signs, for `to` to sign too."""

    desk_id: Name
    to: Name
    text: Annotated[str, Meta(max_length=2000)] = ""


class SignHandover(Command, frozen=True, tag="sign_handover"):
    """The incoming officer signs."""

    handover_id: Name


class StartCheck(Command, frozen=True, tag="start_check"):
    """A supervisor asks whether everybody on duty is there."""

    desk_id: Name
    minutes: Annotated[int, Meta(ge=1, le=60)] = 5


class AnswerCheck(Command, frozen=True, tag="answer_check"):
    """An officer is there."""

    check_id: Name


class DesksQuery(Query, frozen=True, tag="desks"):
    """Somebody looks at the desks and who is on duty there."""


class ShiftsQuery(Query, frozen=True, tag="shifts"):
    """Somebody looks at a desk's roster."""

    desk_id: Text


class HandoversQuery(Query, frozen=True, tag="handovers"):
    """Somebody looks at a desk's hand-overs, the latest first."""

    desk_id: Text


class ChecksQuery(Query, frozen=True, tag="checks"):
    """Somebody looks at a desk's duty checks and the answer rate."""

    desk_id: Text
    days: Annotated[int, Meta(ge=1, le=92)] = 30


class PeopleCommands:
    """Answers from the desks and all that hangs on them."""

    def __init__(
        self,
        desks: Desks,
        shifts: Shifts,
        escalations: Escalations,
        handovers: Handovers,
        checks: Checks,
        unreachable: Callable[[Iterable[str]], list[str]],
    ) -> None:
        """Answer from these; `unreachable` says who of these has no channel, in sentences."""
        self._desks = desks
        self._shifts = shifts
        self._escalations = escalations
        self._handovers = handovers
        self._checks = checks
        self._unreachable = unreachable

    def handlers(self) -> Handlers:
        """Return what is done for each kind of request."""
        return {
            PutDesk: self.put_desk,
            PutRoster: self.put_roster,
            BeginHandover: self.begin_handover,
            SignHandover: self.sign_handover,
            StartCheck: self.start_check,
            AnswerCheck: self.answer_check,
            DesksQuery: self.desks,
            ShiftsQuery: self.shifts,
            HandoversQuery: self.handovers,
            ChecksQuery: self.checks,
        }

    def put_desk(self, asked: PutDesk, now: datetime) -> dict[str, object]:
        """Let the desk be like this; its open alerts climb by the new chains from now on.

        `warnings` name those of the desk whom no channel reaches.
        """
        self._desks.put(asked.desk, at_us=to_us(now), actor=asked.officer)
        self._escalations.plan_anew()
        self._checks.plan(to_us(now))
        return {"desk": asked.desk, "warnings": self._unreachable(named(asked.desk))}

    def put_roster(self, asked: PutRoster, now: datetime) -> dict[str, object]:
        """Plan the shifts; `warnings` say where there are too few, or none."""
        warnings = self._shifts.put_roster(
            asked.desk_id, asked.shifts, now_us=to_us(now), actor=asked.officer
        )
        return {"shifts": self._shifts.roster(asked.desk_id), "warnings": warnings}

    def begin_handover(self, asked: BeginHandover, now: datetime) -> dict[str, object]:
        """Compose the list and sign it; the duty stays where it is until the other has signed."""
        handover = self._handovers.begin(
            asked.desk_id, by=asked.officer, to=asked.to, text=asked.text, now=now
        )
        return {"handover": handover}

    def sign_handover(self, asked: SignHandover, now: datetime) -> dict[str, object]:
        """Take over the duty, with the list as it is now."""
        return {"handover": self._handovers.sign(asked.handover_id, by=asked.officer, now=now)}

    def start_check(self, asked: StartCheck, now: datetime) -> dict[str, object]:
        """Ask everybody on duty at the desk."""
        check = self._checks.start(asked.desk_id, asked.minutes, by=asked.officer, now=now)
        return {"check": check}

    def answer_check(self, asked: AnswerCheck, now: datetime) -> dict[str, object]:
        """Note that the officer is there."""
        return {"check": self._checks.answer(asked.check_id, by=asked.officer, now=now)}

    def desks(self, _asked: DesksQuery, now: datetime) -> dict[str, object]:
        """Answer with the desks, who is on duty at each, and what has climbed beyond it."""
        return {"desks": [self._desk(desk, now) for desk in self._desks]}

    def shifts(self, asked: ShiftsQuery, now: datetime) -> dict[str, object]:
        """Answer with the roster, and who is on duty by it or in spite of it."""
        self._require_desk(asked.desk_id)
        return {
            "shifts": self._shifts.roster(asked.desk_id),
            "crew": self._shifts.crew(asked.desk_id),
            "on_duty": self._shifts.on_duty(asked.desk_id, to_us(now)),
        }

    def handovers(self, asked: HandoversQuery, _now: datetime) -> dict[str, object]:
        """Answer with as many as one answer holds."""
        self._require_desk(asked.desk_id)
        found = map(msgspec.json.encode, self._handovers.of_desk(asked.desk_id))
        return {"handovers": fitting(found)}

    def checks(self, asked: ChecksQuery, now: datetime) -> dict[str, object]:
        """Answer with the checks of these days and the answer rate (应答率)."""
        self._require_desk(asked.desk_id)
        found = self._checks.of_desk(asked.desk_id, now - timedelta(days=asked.days))
        return {"checks": found, "rate": answer_rate(found)}

    def _require_desk(self, desk_id: str) -> None:
        if self._desks.get(desk_id) is None:
            raise NotFound(f"There is no desk {desk_id[:64]!r}.")

    def _desk(self, desk: Desk, now: datetime) -> dict[str, object]:
        return {
            "desk": desk,
            "on_duty": self._shifts.on_duty(desk.desk_id, to_us(now)),
            "overdue": self._escalations.overdue(desk.desk_id),
        }
