"""The engine's mind: what it hears becomes transitions. No clock, no network, no waiting."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any, Final, NamedTuple, Protocol

import msgspec

from alerts.board.alert import Alert, Began, Circumstances, Finding
from alerts.board.book import OPEN, Book
from alerts.board.commands import BoardCommands
from alerts.board.holding import SHELF, Shelves
from alerts.board.responding import ResponseCommands
from alerts.board.shelving import ShelfCommands
from alerts.board.states import Change
from alerts.detectors.norms import NO_NORMS, Norms
from alerts.journal.journal import Draft, Journal
from alerts.journal.pen import Pen
from alerts.judging.checking import complaints
from alerts.judging.correlating import CORRELATION, Correlations
from alerts.judging.rulebook import Rulebook
from alerts.judging.rules import Rule
from alerts.listening import Listening, Picture
from alerts.noise.chattering import Chatter
from alerts.noise.floods import FLOOD, Floods
from alerts.noise.windows import WINDOW, Windows
from alerts.notices.channels import Channels
from alerts.notices.notice import Notice, Result
from alerts.people.staff import Mark, Outlook, Staff
from alerts.reading import SESSIONS, Reader
from alerts.requests import Handlers, Requests
from alerts.rulemaking.commands import RuleCommands
from alerts.rulemaking.rules import RULE, Rules
from alerts.settings import Limits
from alerts.surroundings import Surroundings
from core.broker import Delivery
from core.clock import from_us
from core.errors import Conflict
from devices.registry import Registry

NOTE: Final = "note"
"""The kind of record that holds pictures the engine saves now and then."""

PICTURE: Final = "picture"
DETECTOR: Final = "detector"
"""The kind of record that holds what detectors remember of a device."""

_PICTURES: Final = msgspec.json.Decoder(Picture)
_STATES: Final = msgspec.json.Decoder(dict[str, Any])


class Lessons(Protocol):
    """What is usual for whom, learned elsewhere; `changed` tells once of something new."""

    norms: Norms

    def changed(self) -> Norms | None:
        """Return the norms if they were learned anew since the last time."""
        ...


class NoLessons:
    """Nothing is known to be usual, and nothing new will be."""

    norms = NO_NORMS

    def changed(self) -> None:
        """Return nothing, ever."""


NO_LESSONS: Final = NoLessons()


class Turn(NamedTuple):
    """What a turn comes to: `draft` must be durable before the rest is shown or sent."""

    draft: Draft
    moved: list[Alert]
    notices: list[Notice]


class Duty:
    """Everything the engine knows, and the order in which its parts look at what happens."""

    def __init__(
        self,
        rulebook: Rulebook,
        journal: Journal,
        limits: Limits,
        *,
        now_us: int,
        channels: Channels | None = None,
        lessons: Lessons = NO_LESSONS,
        more: Handlers | None = None,
    ) -> None:
        """Go on where the journal ends; `more` are requests others answer."""
        self._lessons = lessons
        self._pen = Pen()
        kept = journal.records
        self.book = Book(self._pen, kept(OPEN), last_seq=journal.last_seq, recall=journal.recall)
        self.rules = Rules(self._pen, kept(RULE), rulebook, self._complaints, self._make_rulebook)
        self.rules.note_shipped(from_us(now_us))
        notes = kept(NOTE)
        self._reader = Reader(notes.get(SESSIONS))
        correlations = Correlations(self._pen, kept(CORRELATION))
        self.listening = Listening(self.book, self._reader, correlations, limits, now_us=now_us)
        self._shelves = Shelves(
            self._pen, kept(SHELF), longest=timedelta(hours=limits.longest_shelf_h)
        )
        self._windows = Windows(self._pen, kept(WINDOW))
        floods = Floods(self._pen, kept(FLOOD))
        self.staff = self._hire(journal, channels or Channels(), now_us)
        self._surroundings = Surroundings(
            self.book, self._shelves, self._windows, floods, Chatter(), self.staff.desks
        )
        self._shelving = ShelfCommands(
            self.book, self._shelves, otherwise=self._surroundings.otherwise
        )
        self.requests = Requests(
            {
                **BoardCommands(self.book, journal).handlers(),
                **ResponseCommands(self.book).handlers(),
                **self._shelving.handlers(),
                **self._windows.handlers(),
                **floods.handlers(),
                **self.staff.handlers(),
                **RuleCommands(self.rules).handlers(),
                **(more or {}),
            },
            journal.answer,
        )
        self.listening.conditions.restore(journal.conditions())
        self.listening.conditions.restore_states(
            {device_id: _STATES.decode(record) for device_id, record in kept(DETECTOR).items()}
        )
        self.listening.restore(_PICTURES.decode(notes.get(PICTURE, b"{}")), now_us)
        self._new_here = True
        self._followed = 0

    @property
    def registry(self) -> Registry:
        """Return the devices the engine knows."""
        return self.listening.registry

    def adopt(self, registry: Registry, now_us: int) -> None:
        """Judge this registry's devices from now on; alerts that lost their ground are ended."""
        rulebook = self.rules.rulebook()
        self._surroundings.adopt(registry, rulebook.rules)
        if self._new_here:
            self._new_here = False
            self._surroundings.restore(now_us)
        ended = self.listening.adopt(registry, rulebook, now_us)
        self._note(ended, now_us)
        for each in ended:
            if not isinstance(each, Began):
                self.listening.conditions.forget(each.source, each.rule_id)

    def hear(self, delivery: Delivery, now_us: int) -> None:
        """Judge a device's message; Invalid where it cannot be read."""
        if findings := self.listening.hear(delivery, now_us):
            self._note(findings, now_us)

    def hear_ingester(self, delivery: Delivery, now_us: int) -> None:
        """Note an ingester's heartbeat."""
        self._note(self.listening.hear_ingester(delivery, now_us), now_us)

    def look_around(self, now_us: int, *, connected: bool) -> None:
        """Do what is due: silence, delays, shelves, windows, floods, escalations, checks."""
        now = from_us(now_us)
        if self.rules.changed() is not None or self._lessons.changed() is not None:
            self.adopt(self.registry, now_us)
        self._note(self.listening.look_around(now_us, connected=connected), now_us)
        self._shelving.end_due(now)
        self._surroundings.sweep(now)
        self._follow(now_us)
        self._mark(self.staff.look_around(now_us), now)

    def regain_hearing(self, now_us: int) -> None:
        """Start every clock again that ran while the broker could not reach us."""
        self.listening.regain_hearing(now_us)

    def settle(self, result: Result, now_us: int) -> None:
        """Take in what became of a notice."""
        self._mark(self.staff.settle(result, now_us), from_us(now_us))

    def save_picture(self) -> None:
        """Let the next draft hold what has been heard so far."""
        self._pen.keep(NOTE, PICTURE, self.listening.picture())
        for device_id, states in self.listening.conditions.detector_states().items():
            self._pen.keep(DETECTOR, device_id, states)

    def take_turn(self, now_us: int) -> Turn:
        """Hand over everything that changed since the last time.

        Whoever must be told of a new alert at once is named in the turn that raises it: the first
        notice is on disk before anybody can have acknowledged.
        """
        self._follow(now_us)
        if self.book.moved:
            self._mark(self.staff.look_around(now_us), from_us(now_us))
            self._follow(now_us)
        notices = self.staff.to_send(now_us)
        if announced := self._reader.take_note():
            self._pen.keep(NOTE, SESSIONS, announced)
        lines, records = self._pen.take()
        conditions = self.listening.conditions
        changed, conditions.changed = conditions.changed, {}
        draft = Draft(lines, records, changed, self.requests.take_answers())
        self._followed = 0
        return Turn(draft, self.book.take_moved(), notices)

    def _note(self, findings: Iterable[Finding], now_us: int) -> None:
        """Put findings on the board, one by one: what one does surrounds the next."""
        explained = (self._surroundings.explain(each, now_us) for each in findings)
        known = self.book.note(
            explained, from_us(now_us), lambda began, name: self._around(began, name, now_us)
        )
        for each in known:
            self.listening.conditions.forget(each.subject.source, each.rule.rule_id)

    def _around(self, began: Began, alert_id: str, now_us: int) -> Circumstances:
        return self._surroundings.around(began, alert_id, now_us)

    def _follow(self, now_us: int) -> None:
        """Let everybody look at the alerts that have moved, each transition once, in order."""
        while self._followed < len(self.book.moved):
            alert = self.book.moved[self._followed]
            self._followed += 1
            opened = self.book.get(alert.alert_id)
            source = opened.source if opened else alert.device_id or ""
            if self._surroundings.follow(source, alert, now_us) and opened is not None:
                self.book.mark(alert.alert_id, Change.UPDATED, from_us(now_us), chattering=True)
            self.staff.follow(alert, now_us)

    def _mark(self, marks: Iterable[Mark], now: datetime) -> None:
        for alert_id, change, fields in marks:
            changes: dict[str, Any] = dict(fields)
            try:
                self.book.mark(alert_id, change, now, **changes)
            except Conflict:  # it has cleared in the meantime: nothing climbs any more
                continue

    def _hire(self, journal: Journal, channels: Channels, now_us: int) -> Staff:
        outlook = Outlook(
            alerts=lambda: [each.alert for each in self.book],
            windows=self._running_windows,
            shelves=lambda _now: [msgspec.to_builtins(each) for each in self._shelves],
            receipts=journal.receipts,
        )
        return Staff(self._pen, journal.records, channels, outlook, now_us=now_us)

    def _running_windows(self, now: datetime) -> list[dict[str, object]]:
        return [each for each in self._windows.shown(now) if each["active"]]

    def _make_rulebook(self, rules: Iterable[Rule]) -> Rulebook:
        return Rulebook(rules, self._lessons.norms)

    def _complaints(self, rulebook: Rulebook) -> Iterable[str]:
        return complaints(rulebook, self.registry.profiles.values())
