"""Hand-over between shifts (交接班): a list nobody can leave anything out of, signed twice."""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Final, NamedTuple

import msgspec

from alerts.board.document import Alert
from alerts.board.states import State
from alerts.journal.pen import Pen
from alerts.people.desks import Desks
from alerts.people.shifts import Shifts
from core.clock import to_us
from core.errors import Conflict, Invalid, NotFound

HANDOVER: Final = "handover"
"""The kind of record and of line about hand-overs."""

KEPT: Final = 50
"""How many signed hand-overs of a desk stay at hand; the journal has them all."""


class Item(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """An alert as it stands in the list."""

    alert_id: str
    priority: str
    title_zh: str
    title_en: str
    raised_at: datetime
    source: str = ""
    life_safety: bool = False
    drill: bool = False
    active: bool = False
    acknowledged_by: str | None = None
    assigned_to: str | None = None
    until: datetime | None = None
    reason: str = ""


class Contents(msgspec.Struct, frozen=True, kw_only=True):
    """What one shift leaves to the next; every open alert of the desk stands somewhere in it.

    `assigned` repeats what lies with officers who leave; `windows` are the running maintenance
    windows and drills, `shelves` the conditions put aside; `overdue` are the alerts that have
    climbed beyond the desk.
    """

    unacknowledged: tuple[Item, ...] = ()
    acknowledged: tuple[Item, ...] = ()
    shelved: tuple[Item, ...] = ()
    suppressed: tuple[Item, ...] = ()
    out_of_service: tuple[Item, ...] = ()
    assigned: tuple[Item, ...] = ()
    overdue: tuple[str, ...] = ()
    windows: tuple[Mapping[str, object], ...] = ()
    shelves: tuple[Mapping[str, object], ...] = ()

    def alert_ids(self) -> set[str]:
        """Return every alert in the list."""
        sections = (
            self.unacknowledged,
            self.acknowledged,
            self.shelved,
            self.suppressed,
            self.out_of_service,
        )
        return {item.alert_id for section in sections for item in section}


class Handover(msgspec.Struct, frozen=True, kw_only=True):
    """One hand-over; it has happened when `signed_at` is set.

    `contents` is what was there when the incoming officer signed; before that, when the outgoing
    one did. `added` are the alerts that came in between.
    """

    handover_id: str
    desk_id: str
    from_officers: tuple[str, ...]
    by: str
    to: str
    text: str
    begun_at: datetime
    contents: Contents
    incoming: tuple[str, ...] = ()
    signed_at: datetime | None = None
    added: tuple[str, ...] = ()


class Sight(NamedTuple):
    """What hand-overs look at: the open alerts, running windows, shelves, what is overdue."""

    alerts: Callable[[], Iterable[Alert]]
    windows: Callable[[datetime], Iterable[Mapping[str, object]]]
    shelves: Callable[[datetime], Iterable[Mapping[str, object]]]
    overdue: Callable[[str], Iterable[str]]


_HANDOVERS: Final = msgspec.json.Decoder(Handover)
_SECTIONS: Final = {
    State.UNACKNOWLEDGED: "unacknowledged",
    State.RETURNED_UNACKNOWLEDGED: "unacknowledged",
    State.ACKNOWLEDGED: "acknowledged",
    State.SHELVED: "shelved",
    State.SUPPRESSED: "suppressed",
    State.OUT_OF_SERVICE: "out_of_service",
}


class Handovers:
    """The hand-overs of all desks; at most one of each waits for its second signature."""

    def __init__(
        self, desks: Desks, shifts: Shifts, sight: Sight, pen: Pen, records: Mapping[str, bytes]
    ) -> None:
        """Go on with the hand-overs as they were."""
        self._desks = desks
        self._shifts = shifts
        self._sight = sight
        self._pen = pen
        found = map(_HANDOVERS.decode, records.values())
        ordered = sorted(found, key=lambda each: each.begun_at)
        self._handovers = {each.handover_id: each for each in ordered}

    def of_desk(self, desk_id: str) -> list[Handover]:
        """Return the hand-overs of a desk, the latest first; the first may wait for signature."""
        found = [each for each in self._handovers.values() if each.desk_id == desk_id]
        return found[::-1]

    def begin(self, desk_id: str, *, by: str, to: str, text: str, now: datetime) -> Handover:
        """Sign as the outgoing officer; a hand-over that still waits is withdrawn for this one.

        Where the outgoing shift has gone without, a supervisor of the desk signs for it.
        """
        desk = self._desks.get(desk_id)
        if desk is None:
            raise NotFound(f"There is no desk {desk_id!r}.")
        leaving = self._shifts.on_duty(desk_id, to_us(now))
        if leaving and by not in (*leaving, *desk.supervisors):
            raise Conflict(
                f"{by} is not on duty at desk {desk_id!r}; {', '.join(leaving)} can hand it over."
            )
        if by == to:
            raise Invalid("A hand-over is signed by two people; nobody hands over to themselves.")
        leaving = leaving or (by,)
        if waiting := self._waiting(desk_id):
            self._forget(waiting.handover_id)
        handover = Handover(
            handover_id=f"{desk_id}-{now:%Y%m%d-%H%M%S-%f}",
            desk_id=desk_id,
            from_officers=leaving,
            by=by,
            to=to,
            text=text,
            begun_at=now,
            contents=self._contents(desk_id, leaving, now),
        )
        self._keep(handover, "begun", by, now)
        return handover

    def sign(self, handover_id: str, *, by: str, now: datetime) -> Handover:
        """Sign as the incoming officer: from now on the duty is theirs, with all that is open."""
        begun = self._handovers.get(handover_id)
        if begun is None:
            raise NotFound(f"There is no hand-over {handover_id[:64]!r}; it may be withdrawn.")
        _require_signable(begun, by)
        contents = self._contents(begun.desk_id, begun.from_officers, now)
        crew = self._shifts.incoming(begun.desk_id, by, to_us(now))
        signed = msgspec.structs.replace(
            begun,
            contents=contents,
            incoming=crew.officers,
            signed_at=now,
            added=tuple(sorted(contents.alert_ids() - begun.contents.alert_ids())),
        )
        self._keep(signed, "signed", by, now)
        self._shifts.take_over(begun.desk_id, crew, now_us=to_us(now), actor=by)
        for old in self.of_desk(begun.desk_id)[KEPT:]:
            self._forget(old.handover_id)
        return signed

    def _contents(self, desk_id: str, leaving: tuple[str, ...], now: datetime) -> Contents:
        here = [each for each in self._sight.alerts() if self._desks.of(each).desk_id == desk_id]
        return compose(
            here,
            leaving,
            overdue=self._sight.overdue(desk_id),
            windows=self._sight.windows(now),
            shelves=self._sight.shelves(now),
        )

    def _waiting(self, desk_id: str) -> Handover | None:
        latest = next(iter(self.of_desk(desk_id)), None)
        return latest if latest and latest.signed_at is None else None

    def _keep(self, handover: Handover, event: str, by: str, now: datetime) -> None:
        self._handovers[handover.handover_id] = handover
        self._pen.keep(HANDOVER, handover.handover_id, handover)
        said = msgspec.json.encode({"event": event, "handover": handover})
        self._pen.write(HANDOVER, handover.desk_id, said, at_us=to_us(now), actor=by)

    def _forget(self, handover_id: str) -> None:
        del self._handovers[handover_id]
        self._pen.drop(HANDOVER, handover_id)


def compose(
    alerts: Iterable[Alert],
    leaving: Iterable[str],
    *,
    overdue: Iterable[str] = (),
    windows: Iterable[Mapping[str, object]] = (),
    shelves: Iterable[Mapping[str, object]] = (),
) -> Contents:
    """Sort what is open into the list of a hand-over; folded alerts stand in it like others."""
    gone = set(leaving)
    sections: dict[str, list[Item]] = {"assigned": []}
    for alert in sorted(alerts, key=lambda each: each.raised_at):
        if (section := _SECTIONS.get(alert.state)) is None:
            continue
        item = _item(alert)
        sections.setdefault(section, []).append(item)
        if alert.assigned_to in gone:
            sections["assigned"].append(item)
    return Contents(
        **{name: tuple(items) for name, items in sections.items()},
        overdue=tuple(overdue),
        windows=tuple(windows),
        shelves=tuple(shelves),
    )


def _item(alert: Alert) -> Item:
    return Item(
        alert_id=alert.alert_id,
        priority=alert.priority,
        title_zh=alert.title_zh,
        title_en=alert.title_en,
        raised_at=alert.raised_at,
        source=alert.device_id or alert.site_id or "",
        life_safety=alert.life_safety,
        drill=alert.drill,
        active=alert.active,
        acknowledged_by=alert.acknowledged_by,
        assigned_to=alert.assigned_to,
        until=alert.hold.until if alert.hold else None,
        reason=alert.hold.reason if alert.hold else "",
    )


def _require_signable(begun: Handover, by: str) -> None:
    if begun.signed_at is not None:
        raise Conflict(
            f"{begun.to} has already signed hand-over {begun.handover_id} "
            f"at {begun.signed_at:%F %T} UTC."
        )
    if by == begun.by:
        raise Conflict(f"{by} has signed this hand-over as the outgoing officer already.")
    if by != begun.to:
        raise Conflict(f"Hand-over {begun.handover_id} is meant for {begun.to}, not for {by}.")
