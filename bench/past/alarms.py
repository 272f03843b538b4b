"""The alerts of the month in the database: their lines, chained, and every alert as it is now."""

from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

import msgspec
import psycopg

from alerts.board.alert import Alert, Circumstances, Hold, alert_id, encode
from alerts.board.holding import SHELF, Beginning, Ending, Shelf
from alerts.board.states import Change
from alerts.history.store import QUERIES
from alerts.journal.chain import GENESIS, Entry, Head, linked
from alerts.journal.pen import Line
from alerts.noise.floods import FLOOD
from bench.past.causes import Cause, Causes
from bench.past.checks import checks
from bench.past.extent import Extent
from bench.past.lives import live, numbered
from bench.past.people import answer
from bench.past.registering import Town
from bench.past.story import drill
from core.clock import from_us
from simulators.episodes import Episode
from simulators.parts import generator

_DESKS: Final = {"fire": "fire", "lighting": "city", "truck": "city", "environment": "city"}
_IN_WINDOWS: Final = 0.02  # of what is not about lives
_PERIOD_US: Final = 600_000_000
_FLOOD, _OVER = 10, 5  # ISA-18.2-2016: it begins over ten in ten minutes and ends below five
_AT_ONCE: Final = 1000
_COPY_EVENTS: Final = (
    "COPY alert_events (seq, alert_id, at, transition, actor, document, no, hash) FROM STDIN"
)
_MAINTENANCE: Final = Hold("suppressed", "window", "monthly-test", "月度联动测试")


def alarm(
    conn: psycopg.Connection, town: Town, episodes: Sequence[Episode], extent: Extent
) -> dict[str, int]:
    """Write the history of all alerts; returns how many rows each table has."""
    causes = list(_occurrences(Causes(town).of(episodes, extent.until_us)))
    circumstances = Surroundings(town, extent)
    rng = generator(extent.seed, 92)
    lives: list[tuple[int, Alert]] = []
    for cause in causes:
        around = circumstances.of(cause, held=rng.random() < _IN_WINDOWS)
        doing = answer(cause.rule, around.desk_id, cause.known_us, rng)
        lives += live(cause, doing, around, extent.until_us)
    told = numbered(lives)
    lines = [*map(_line, told), *_shelves(told), *circumstances.floods, *checks(extent)]
    ordered = sorted(lines, key=lambda line: line.at_us)
    return _store(conn, list(linked(Head(0, GENESIS), ordered)), [alert for _, alert in told])


def _occurrences(causes: Iterable[Cause]) -> Iterator[Cause]:
    """Leave out what is raised while the same condition is still there."""
    over: dict[tuple[str, str], int] = {}
    for cause in causes:
        key = (cause.rule.rule_id, cause.began.subject.source)
        if over.get(key, 0) < cause.known_us:
            over[key] = cause.ended_us
            yield cause


class Surroundings:
    """What surrounds an alert when it is raised: its desk, a drill, a window, a flood."""

    def __init__(self, town: Town, extent: Extent) -> None:
        """Begin with quiet desks."""
        self._drill = drill(town.city, extent)
        self._shown: dict[str, deque[int]] = {}
        self._under: dict[str, tuple[str, int, int, int]] = {}
        self.floods: list[Line] = []

    def of(self, cause: Cause, *, held: bool) -> Circumstances:
        """Return them; causes come in the order of time."""
        desk_id = _DESKS.get(cause.began.subject.domain, "duty_room")
        site_id, begin_us, end_us = self._drill
        device = cause.began.subject.device
        around = Circumstances(desk_id=desk_id)
        if device and device.site_id == site_id and begin_us <= cause.known_us < end_us:
            return around._replace(drill=True)
        if held and not cause.rule.life_safety:
            return around._replace(hold=_MAINTENANCE)
        return around._replace(folded_under=self._fold(desk_id, cause))

    def _fold(self, desk_id: str, cause: Cause) -> str | None:
        """Fold what comes in a flood under what it began with, unless it is urgent."""
        now_us = cause.known_us
        shown = self._shown.setdefault(desk_id, deque())
        while shown and shown[0] <= now_us - _PERIOD_US:
            shown.popleft()
        shown.append(now_us)
        if desk_id in self._under:
            first, began_us, count, folded = self._under.pop(desk_id)
            if len(shown) < _OVER:
                self.floods.append(_flood("ended", desk_id, now_us, (began_us, count, folded)))
                return None
            fold = cause.rule.priority in ("low", "medium") and not cause.rule.life_safety
            self._under[desk_id] = (first, began_us, count + (not fold), folded + fold)
            return first if fold else None
        if len(shown) > _FLOOD:
            self._under[desk_id] = (alert_id(cause.began), now_us, len(shown), 0)
            self.floods.append(_flood("began", desk_id, now_us, (now_us, len(shown), 0)))
        return None


def _flood(what: str, desk_id: str, at_us: int, seen: tuple[int, int, int]) -> Line:
    began_us, shown, folded = seen
    document = {
        "what": what,
        "desk_id": desk_id,
        "began_at": from_us(began_us),
        "shown": shown,
        "folded": folded,
    }
    return Line(FLOOD, desk_id, at_us, msgspec.json.encode(document))


def _line(told: tuple[int, Alert]) -> Line:
    at_us, alert = told
    return Line("alert", alert.alert_id, at_us, encode(alert), alert.actor, alert.seq)


def _shelves(told: Sequence[tuple[int, Alert]]) -> Iterator[Line]:
    """Tell of every shelf, and of its end where the alert went before its time was over."""
    shelves: dict[str, Shelf] = {}
    for at_us, alert in told:
        if alert.transition is Change.SHELVED and alert.hold and alert.hold.officer:
            shelf = shelves[alert.alert_id] = _shelf(alert, alert.hold, at_us)
            line = msgspec.json.encode(Beginning(shelf=shelf))
            yield Line(SHELF, str(shelf.key), at_us, line, shelf.officer)
        elif alert.cleared_at and (ended := shelves.pop(alert.alert_id, None)):
            line = msgspec.json.encode(Ending(shelf=ended, officer=None, reason="告警已消除"))
            yield Line(SHELF, str(ended.key), at_us, line)


def _shelf(alert: Alert, hold: Hold, at_us: int) -> Shelf:
    return Shelf(
        source=alert.device_id or "",
        rule_id=alert.rule_id,
        state="shelved",
        officer=hold.officer or "",
        reason=hold.reason,
        since=from_us(at_us),
        until=hold.until,
        alert_id=alert.alert_id,
        device_id=alert.device_id,
        title_zh=alert.title_zh,
        title_en=alert.title_en,
    )


def _store(
    conn: psycopg.Connection, entries: Sequence[Entry], alerts: Sequence[Alert]
) -> dict[str, int]:
    told = {alert.seq: alert for alert in alerts}
    moved = [entry for entry in entries if entry.line.seq is not None]
    others = [entry for entry in entries if entry.line.seq is None]
    with conn.cursor().copy(_COPY_EVENTS) as copy:
        for no, line, digest in moved:
            alert = told[line.seq or 0]
            row = (alert.transition, alert.actor, line.document.decode(), no, digest)
            copy.write_row((line.seq, alert.alert_id, alert.updated_at, *row))
    ends = {alert.alert_id: alert for alert in alerts}.values()
    latest = [encode(alert).decode() for alert in ends]
    for first in range(0, len(latest), _AT_ONCE):
        conn.execute(QUERIES["put_alerts"], {"documents": latest[first : first + _AT_ONCE]})
    conn.execute(QUERIES["append_lines"], _columns(others))
    return {"alerts": len(latest), "alert_events": len(moved), "alert_journal": len(others)}


def _columns(entries: Sequence[Entry]) -> Mapping[str, list[Any]]:
    return {
        "nos": [entry.no for entry in entries],
        "ats": [from_us(entry.line.at_us) for entry in entries],
        "kinds": [entry.line.kind for entry in entries],
        "subjects": [entry.line.subject for entry in entries],
        "actors": [entry.line.actor for entry in entries],
        "documents": [entry.line.document.decode() for entry in entries],
        "hashes": [entry.hash for entry in entries],
    }
