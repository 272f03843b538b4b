"""Everything about people in one place, for the engine to call.

In every turn: `follow` each alert that has moved, then `look_around`; the marks it returns are put
on the board. What `to_send` returns may leave the house once the turn is on disk; what became of
it comes back through `settle`.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Final, NamedTuple

from alerts.board.document import Alert
from alerts.board.states import Change
from alerts.journal.pen import Pen
from alerts.notices import templates
from alerts.notices.channels import Channels
from alerts.notices.commands import NoticeCommands, Receipts
from alerts.notices.notice import Language, Notice, Purpose, Result
from alerts.notices.outbox import NOTICE
from alerts.notices.post import Post
from alerts.notices.templates import Text
from alerts.notices.told import TOLD
from alerts.people.checks import CHECK, Check, Checks
from alerts.people.commands import PeopleCommands
from alerts.people.desks import DESK, Desk, Desks, load_desks
from alerts.people.escalation import ESCALATION, Due, Escalations
from alerts.people.handing_over import HANDOVER, Handovers, Sight
from alerts.people.shifts import CREW, ROSTER, Overdue, Shifts
from alerts.requests import Handlers
from core.clock import from_us

Records = Callable[[str], Mapping[str, bytes]]
"""Finds what the journal keeps of one kind, by key."""

_ZH: Final[Language] = "zh"
_EN: Final[Language] = "en"


class Mark(NamedTuple):
    """A transition for the board to make; `fields` are what it changes in the alert."""

    alert_id: str
    change: Change
    fields: Mapping[str, object]


class Outlook(NamedTuple):
    """What people's side looks at elsewhere: the board, running windows, shelves, receipts."""

    alerts: Callable[[], Iterable[Alert]]
    windows: Callable[[datetime], Iterable[Mapping[str, object]]]
    shelves: Callable[[datetime], Iterable[Mapping[str, object]]]
    receipts: Receipts | None = None


class Staff:
    """The desks, the people at them, and the post; a restart goes on where it stood."""

    def __init__(
        self,
        pen: Pen,
        records: Records,
        channels: Channels,
        outlook: Outlook,
        *,
        now_us: int,
        shipped: Iterable[Desk] | None = None,
    ) -> None:
        """Restore everything from the records; the alerts that are open go on climbing."""
        self.desks = Desks(pen, records(DESK), load_desks() if shipped is None else shipped)
        self.shifts = Shifts(self.desks, pen, records(ROSTER), records(CREW))
        self.escalations = Escalations(self.desks, self.shifts, pen, records(ESCALATION))
        self.escalations.restore(outlook.alerts())
        sight = Sight(outlook.alerts, outlook.windows, outlook.shelves, self.escalations.overdue)
        self.handovers = Handovers(self.desks, self.shifts, sight, pen, records(HANDOVER))
        self.checks = Checks(self.desks, self.shifts, pen, records(CHECK), now_us=now_us)
        self.post = Post(channels, pen, records(NOTICE), records(TOLD))
        self._channels = channels
        self._receipts = outlook.receipts

    def handlers(self) -> Handlers:
        """Return what is done for each kind of request about people and notices."""
        commands = PeopleCommands(
            self.desks,
            self.shifts,
            self.escalations,
            self.handovers,
            self.checks,
            self._channels.unreachable,
        )
        notices = NoticeCommands(self.post.outbox, self._channels, self._receipts)
        return {**commands.handlers(), **notices.handlers()}

    def follow(self, alert: Alert, now_us: int) -> None:
        """Look at an alert that has moved, once for each of its transitions, in their order."""
        self.escalations.follow(alert)
        self.post.follow(alert, now_us)

    def look_around(self, now_us: int) -> list[Mark]:
        """Tell whoever must be told by now; return the transitions this makes."""
        for shift in self.shifts.due(now_us):
            self._say_overdue(shift, now_us)
        for missed in self.checks.due(now_us):
            self._say_missed(missed, now_us)
        for check in self.checks.take_asked():
            self._say_check(check, now_us)
        return [mark for due in self.escalations.due(now_us) for mark in self._tell(due, now_us)]

    def to_send(self, now_us: int) -> list[Notice]:
        """Return what may go out once this turn is on disk; ask before its draft is taken."""
        return self.post.due(now_us)

    def settle(self, result: Result, now_us: int) -> list[Mark]:
        """Take in a receipt; return the marks of alerts somebody has now first been told of."""
        told = self.post.settle(result, now_us)
        when = {"notified_at": from_us(now_us)}
        return [Mark(alert_id, Change.NOTIFIED, when) for alert_id in told]

    def _tell(self, due: Due, now_us: int) -> Iterable[Mark]:
        self.post.tell(
            due.alert,
            due.targets,
            step=due.step,
            reminder=due.reminder,
            occasion=due.occasion,
            now_us=now_us,
        )
        alert_id = due.alert.alert_id
        if due.change is Change.REMINDED:
            if not any(map(self._channels.reach, due.targets)):
                return  # nobody can be reminded: no line a minute for that, as long as it burns
            yield Mark(alert_id, due.change, {"reminders": due.reminders})
        elif due.change is not None:
            yield Mark(alert_id, due.change, {"escalation": due.step})

    def _say_check(self, check: Check, now_us: int) -> None:
        desk = self.desks.get(check.desk_id)
        zh, en = _names(desk, check.desk_id)
        texts = {
            _ZH: templates.about_check(zh, check.until, _ZH),
            _EN: templates.about_check(en, check.until, _EN),
        }
        asked = [answer.name for answer in check.answers]
        self._say(asked, "check", texts, check.check_id, now_us)

    def _say_missed(self, check: Check, now_us: int) -> None:
        desk = self.desks.get(check.desk_id)
        zh, en = _names(desk, check.desk_id)
        texts = {
            _ZH: templates.about_missed_check(zh, check.missed, _ZH),
            _EN: templates.about_missed_check(en, check.missed, _EN),
        }
        self._say(desk.supervisors if desk else (), "missed", texts, check.check_id, now_us)

    def _say_overdue(self, overdue: Overdue, now_us: int) -> None:
        desk = self.desks.get(overdue.desk_id)
        zh, en = _names(desk, overdue.desk_id)
        texts = {
            _ZH: templates.about_overdue_shift(zh, overdue.officers, overdue.ended, _ZH),
            _EN: templates.about_overdue_shift(en, overdue.officers, overdue.ended, _EN),
        }
        supervisors = desk.supervisors if desk else ()
        occasion = f"{overdue.desk_id}|{overdue.ended}"
        self._say((*overdue.officers, *supervisors), "overdue", texts, occasion, now_us)

    def _say(
        self,
        targets: Iterable[str],
        purpose: Purpose,
        texts: Mapping[Language, Text],
        occasion: str,
        now_us: int,
    ) -> None:
        self.post.say(targets, purpose, texts, occasion=occasion, now_us=now_us)


def _names(desk: Desk | None, desk_id: str) -> tuple[str, str]:
    return (desk.name_zh, desk.name_en) if desk else (desk_id, desk_id)
