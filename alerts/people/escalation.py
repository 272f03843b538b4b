"""How an alert climbs while nobody answers: first the desk, then whoever stands above it.

Every alert that is told has a clock: when it was announced and how far it has climbed. The clock
is on disk; a restart goes on where it stood.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Final, NamedTuple

import msgspec

from alerts.agenda import Agenda
from alerts.board.document import Alert
from alerts.board.states import Change
from alerts.journal.pen import Pen
from alerts.people import climbing
from alerts.people.climbing import Clock, Planned
from alerts.people.desks import ON_DUTY, SUPERVISORS, Desks, Step
from alerts.people.shifts import Shifts

ESCALATION: Final = "escalation"
"""The kind of record that holds a clock."""


class Due(NamedTuple):
    """Somebody must be told now; `step` counts from 0, the first telling.

    `targets` are people and channels; none: nobody is there to be told. `occasion` is the same
    however often the same telling is made; `reminders` counts those since the announcement.
    """

    alert: Alert
    step: int
    reminder: bool
    targets: tuple[str, ...]
    occasion: str
    reminders: int = 0

    @property
    def change(self) -> Change | None:
        """Return the transition this makes; the first telling makes none."""
        if self.reminder:
            return Change.REMINDED
        return Change.ESCALATED if self.step else None


_CLOCKS: Final = msgspec.json.Decoder(Clock)


class Escalations:
    """The clocks of the open alerts, and one deadline each."""

    def __init__(
        self, desks: Desks, shifts: Shifts, pen: Pen, records: Mapping[str, bytes]
    ) -> None:
        """Take over the clocks; `restore` brings the alerts they belong to."""
        self._desks = desks
        self._shifts = shifts
        self._pen = pen
        self._clocks = {key: _CLOCKS.decode(text) for key, text in records.items()}
        self._alerts: dict[str, Alert] = {}
        self._agenda: Agenda[str] = Agenda()

    def __len__(self) -> int:
        """Count the alerts whose chain is not at its end."""
        return len(self._agenda)

    def restore(self, opened: Iterable[Alert]) -> None:
        """Go on where the clocks stood; clocks of alerts that are no longer told are dropped."""
        told = {alert.alert_id: alert for alert in opened if climbing.is_told(alert)}
        for alert_id in self._clocks.keys() - told.keys():
            self._drop(alert_id)
        for alert in told.values():
            self._set(alert, self._clocks.get(alert.alert_id) or climbing.inferred(alert))

    def follow(self, alert: Alert) -> None:
        """Look at an alert that has moved: begin, go on or stop telling people of it."""
        if not climbing.is_told(alert):
            self._drop(alert.alert_id)
            return
        clock = self._clocks.get(alert.alert_id)
        if clock is None or climbing.announces(alert, clock):
            clock = climbing.begun(alert)
        elif clock.priority != alert.priority:
            clock = msgspec.structs.replace(clock, priority=alert.priority)
        self._set(alert, clock)

    def plan_anew(self) -> None:
        """Set every deadline again: a desk's chains have changed."""
        for alert_id, alert in self._alerts.items():
            self._set(alert, self._clocks[alert_id])

    def next_us(self) -> int | None:
        """Return when somebody must next be told."""
        return self._agenda.next_us()

    def due(self, now_us: int) -> list[Due]:
        """Return who must be told by now, in the order in which they should have been.

        After a pause every missed step is taken, since each tells other people; missed reminders
        are one reminder.
        """
        keys = list(self._agenda.due(now_us))
        return [due for alert_id in keys for due in self._take(alert_id, now_us)]

    def overdue(self, desk_id: str) -> list[str]:
        """Return the alerts of a desk that have climbed beyond it and still wait for an answer."""
        return [
            alert_id
            for alert_id, alert in self._alerts.items()
            if alert_id in self._agenda
            and self._desks.of(alert).desk_id == desk_id
            and self._clocks[alert_id].steps > 1
        ]

    def _take(self, alert_id: str, now_us: int) -> Iterator[Due]:
        alert = self._alerts[alert_id]
        chain = self._desks.of(alert).chain(alert.priority)
        clock = self._clocks[alert_id]
        while (plan := climbing.what_next(alert, chain, clock)) and plan.at_us <= now_us:
            clock = climbing.after(chain, clock, plan, now_us)
            repeated = climbing.repeating(alert, chain, clock) if plan.reminder else []
            targets = self._targets(repeated or [chain[plan.step]], alert, now_us)
            occasion = _occasion(clock, plan)
            yield Due(alert, plan.step, plan.reminder, targets, occasion, clock.reminders)
        self._set(alert, clock)

    def _targets(self, steps: Iterable[Step], alert: Alert, now_us: int) -> tuple[str, ...]:
        """Return who is meant, each once; where nobody is on duty it is the supervisors."""
        desk = self._desks.of(alert)
        named = {
            ON_DUTY: self._shifts.to_tell(desk.desk_id, now_us) or desk.supervisors,
            SUPERVISORS: desk.supervisors,
        }
        found = [
            name for step in steps for name in (*named.get(step.to, (step.to,)), *step.channels)
        ]
        return tuple(dict.fromkeys(found))

    def _set(self, alert: Alert, clock: Clock) -> None:
        alert_id = alert.alert_id
        self._alerts[alert_id] = alert
        if self._clocks.get(alert_id) != clock:
            self._clocks[alert_id] = clock
            self._pen.keep(ESCALATION, alert_id, clock)
        plan = climbing.what_next(alert, self._desks.of(alert).chain(alert.priority), clock)
        if plan is None:
            self._agenda.drop(alert_id)
        else:
            self._agenda.set(alert_id, plan.at_us)

    def _drop(self, alert_id: str) -> None:
        self._alerts.pop(alert_id, None)
        self._agenda.drop(alert_id)
        if self._clocks.pop(alert_id, None) is not None:
            self._pen.drop(ESCALATION, alert_id)


def _occasion(clock: Clock, plan: Planned) -> str:
    return f"{clock.since_us}.{plan.step}.{clock.reminders if plan.reminder else 'step'}"
