"""What people have put aside: shelves, timed, and what is out of service, until it is put back.

A shelf belongs to a source and a rule, not to one alert: when the alert clears, the shelf goes on
to its end, and what is raised meanwhile is born held (ISA-18.2: shelved, out of service).
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import Final, Literal, NamedTuple

import msgspec

from alerts.agenda import Agenda
from alerts.board.alert import Alert, Hold
from alerts.journal.pen import Pen
from core.clock import from_us, to_us
from core.errors import Invalid

SHELF: Final = "shelf"
"""The kind of record that holds a shelf, and of the lines that tell of its beginning and end."""

LONGEST: Final = timedelta(hours=12)
"""How long a shelf lasts at most, if nothing else is set: longer than a shift. Ours."""

OVER: Final = "The time of the shelf is over."
"""Why a shelf ended that nobody ended."""


class Key(NamedTuple):
    """Whose alerts are put aside, under which rule."""

    source: str
    rule_id: str

    def __str__(self) -> str:
        """Write the key as one name; no rule id holds the stroke."""
        return f"{self.source}|{self.rule_id}"


class Shelf(msgspec.Struct, frozen=True, kw_only=True):
    """One thing put aside: by whom, why, since when, until when; `alert_id` led to it."""

    source: str
    rule_id: str
    state: Literal["shelved", "out_of_service"]
    officer: str
    reason: str
    since: datetime
    until: datetime | None
    alert_id: str
    device_id: str | None
    title_zh: str
    title_en: str

    @property
    def key(self) -> Key:
        """Return whose alerts it is about."""
        return Key(self.source, self.rule_id)

    @property
    def hold(self) -> Hold:
        """Return what its alerts show."""
        return Hold(self.state, "officer", str(self.key), self.reason, self.until, self.officer)


class Ending(msgspec.Struct, frozen=True, kw_only=True, tag_field="what", tag="ended"):
    """The line that tells of the end of a shelf; `officer` is None where its time was over."""

    shelf: Shelf
    officer: str | None
    reason: str


class Beginning(msgspec.Struct, frozen=True, kw_only=True, tag_field="what", tag="begun"):
    """The line that tells of a new shelf."""

    shelf: Shelf


_SHELVES: Final = msgspec.json.Decoder(Shelf)


class Shelves:
    """Everything put aside by people. No alert is touched here, only remembered about."""

    def __init__(
        self, pen: Pen, records: Mapping[str, bytes], *, longest: timedelta = LONGEST
    ) -> None:
        """Take over what the journal kept under SHELF; no shelf may last over `longest`."""
        self._pen = pen
        self.longest = longest
        self._shelves: dict[Key, Shelf] = {}
        self._ends: Agenda[Key] = Agenda()
        for document in records.values():
            self._remember(_SHELVES.decode(document))

    def __iter__(self) -> Iterator[Shelf]:
        """Go through everything put aside, the oldest first."""
        return iter(sorted(self._shelves.values(), key=lambda shelf: shelf.since))

    def __len__(self) -> int:
        """Count what is put aside."""
        return len(self._shelves)

    def next_us(self) -> int | None:
        """Return when the next shelf ends, None if none does."""
        return self._ends.next_us()

    def get(self, source: str, rule_id: str) -> Shelf | None:
        """Return what was put aside for this source under this rule."""
        return self._shelves.get(Key(source, rule_id))

    def about(self, alert: Alert) -> Shelf | None:
        """Return the shelf an alert belongs to that may have cleared since."""
        same_rule = (each for each in self if each.rule_id == alert.rule_id)
        ours = (alert.device_id, alert.alert_id)
        return next(
            (it for it in same_rule if it.source == ours[0] or it.alert_id == ours[1]), None
        )

    def held(self, source: str, rule_id: str, now_us: int) -> Hold | None:
        """Return how a new alert of this source under this rule is held, None if it is told."""
        shelf = self._shelves.get(Key(source, rule_id))
        if shelf is None or (shelf.until is not None and to_us(shelf.until) <= now_us):
            return None
        return shelf.hold

    def end_of(self, now: datetime, minutes: int) -> datetime:
        """Return when a shelf of so many minutes ends; Invalid beyond the maximum."""
        lasting = timedelta(minutes=minutes)
        if lasting > self.longest:
            most = self.longest // timedelta(minutes=1)
            raise Invalid(f"An alert may be shelved for {most} minutes at most, not {minutes}.")
        return now + lasting

    def put(self, shelf: Shelf) -> None:
        """Put something aside; what was put aside for the same key before is replaced."""
        self._remember(shelf)
        self._pen.keep(SHELF, str(shelf.key), shelf)
        self._write(shelf, Beginning(shelf=shelf), to_us(shelf.since), shelf.officer)

    def end(self, shelf: Shelf, now: datetime, *, officer: str | None, reason: str) -> None:
        """Forget a shelf, before its time or at its end."""
        del self._shelves[shelf.key]
        self._ends.drop(shelf.key)
        self._pen.drop(SHELF, str(shelf.key))
        ending = Ending(shelf=shelf, officer=officer, reason=reason)
        self._write(shelf, ending, to_us(now), officer)

    def due(self, now_us: int) -> Iterator[Shelf]:
        """End the shelves whose time is over and yield them, the earliest first."""
        for key in self._ends.due(now_us):
            shelf = self._shelves[key]
            self.end(shelf, from_us(now_us), officer=None, reason=OVER)
            yield shelf

    def _remember(self, shelf: Shelf) -> None:
        self._shelves[shelf.key] = shelf
        if shelf.until is None:
            self._ends.drop(shelf.key)
        else:
            self._ends.set(shelf.key, to_us(shelf.until))

    def _write(
        self, shelf: Shelf, document: Beginning | Ending, at_us: int, officer: str | None
    ) -> None:
        self._pen.write(SHELF, str(shelf.key), document, at_us=at_us, actor=officer)


def listed(shelves: Iterable[Shelf]) -> list[Shelf]:
    """Return what is shown to people: what ends first on top, what has no end below."""
    return sorted(shelves, key=lambda shelf: (shelf.until is None, shelf.until or shelf.since))
