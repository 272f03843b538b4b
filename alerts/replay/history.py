"""Stored history, read in stretches: what was said, and what officers were told."""

import heapq
from collections.abc import Callable, Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final, NamedTuple

import psycopg
from psycopg import Connection
from pydantic import SecretStr

from alerts.judging.conditions import is_replay
from alerts.replay.replaying import Bounds, Needs, Said
from core.clock import to_us
from core.database import DatabaseDown, options
from core.errors import Unavailable
from core.queries import load_queries
from devices.reading import Event, Position, Reading, Report
from devices.registry import Registry

QUERIES: Final = load_queries(Path(__file__).with_name("queries.sql"))

STRETCH: Final = timedelta(minutes=15)
_AT_A_TIME: Final = 5_000
_TIMEOUT_S: Final = 300

Row = tuple[Any, ...]
_Group = dict[str, list[Any]]


class Span(NamedTuple):
    """From when to when, by the clock of the devices."""

    start: datetime
    end: datetime

    def stretches(self, length: timedelta = STRETCH) -> Iterator["Span"]:
        """Cut it into pieces."""
        start = self.start
        while start < self.end:
            yield Span(start, min(start + length, self.end))
            start += length


@contextmanager
def open_history(url: SecretStr) -> Iterator["History"]:
    """Connect for reading; Unavailable while the database is away."""
    wanted = options("alerts-replay", statement_timeout_s=_TIMEOUT_S)
    try:
        with psycopg.connect(url.get_secret_value(), **wanted) as connection:
            connection.read_only = True
            yield History(connection)
    except DatabaseDown as error:
        raise Unavailable("The database, which holds the history, does not answer.") from error


class History:
    """Reads what ingest and the engine have stored; never more than a stretch at a time."""

    def __init__(self, connection: Connection[Row]) -> None:
        """Read through this connection; `counted` says how many rows of each kind have been."""
        self._connection = connection
        self.counted = {"readings": 0, "positions": 0, "events": 0}

    def said(self, span: Span, needs: Needs, registry: Registry, bounds: Bounds) -> Iterator[Said]:
        """Yield what was said about this span, in the order in which it was received.

        What reached us after its stretch waits for the next; the end of the span is no exception.
        """
        waiting: list[Said] = []
        for stretch in span.stretches():
            end_us = to_us(stretch.end)
            later: list[Said] = []
            with self._connection.transaction():
                news = self._sources(stretch, needs, registry, bounds)
                for said in heapq.merge(waiting, *news, key=_received):
                    if said.received_us < end_us:
                        yield said
                    else:
                        later.append(said)
            waiting = later
        yield from waiting

    def announced_us(self, span: Span, besides: AbstractSet[str]) -> list[int]:
        """Return when officers were told of alerts, besides those of the rules named."""
        asked = {"start": span.start, "end": span.end, "rule_ids": sorted(besides)}
        with self._connection.transaction():
            return [each for (each,) in self._connection.execute(QUERIES["announced"], asked)]

    def hourly(self, span: Span, devices: Iterable[int], metrics: Iterable[int]) -> Iterator[Row]:
        """Yield device, metric, hour since 1970, average, minimum, maximum; by series."""
        asked: dict[str, Any] = {"start": span.start, "end": span.end}
        asked |= {"devices": list(devices), "metrics": list(metrics)}
        with self._connection.transaction():
            yield from self._rows("hourly", asked)

    def values(self, span: Span, device: int, metrics: Iterable[int]) -> list[Row]:
        """Return instant (microseconds) and good value of one device's metric, in order."""
        asked = {"start": span.start, "end": span.end, "device": device, "metrics": list(metrics)}
        with self._connection.transaction():
            return list(self._rows("values", asked))

    def _sources(
        self, stretch: Span, needs: Needs, registry: Registry, bounds: Bounds
    ) -> Iterator[Iterator[Said]]:
        recorded = (each.number for each in registry.speakers.values() if is_replay(each))
        asked = {
            "start": stretch.start,
            "end": stretch.end,
            "devices": sorted(needs.devices),
            "metrics": sorted(needs.metrics),
            "recorded": sorted(recorded),
            "late": timedelta(microseconds=bounds.late_us),
        }
        if needs.metrics:
            yield _reports(self._counting("readings", asked))
        if needs.positions:
            yield _reports(self._counting("positions", asked))
        if needs.events:
            yield _reports(self._counting("events", asked))

    def _counting(self, kind: str, asked: Mapping[str, Any]) -> Iterator[tuple[int, int, str, Any]]:
        make = _MAKERS[kind]
        for received_us, device, *rest in self._rows(kind, asked):
            self.counted[kind] += 1
            yield received_us, device, kind, make(*rest)

    def _rows(self, query: str, asked: Mapping[str, Any]) -> Iterator[Row]:
        with self._connection.cursor(name=query, binary=True) as cursor:
            cursor.itersize = _AT_A_TIME
            cursor.execute(QUERIES[query], asked)
            yield from cursor


def _reports(things: Iterable[tuple[int, int, str, Any]]) -> Iterator[Said]:
    """Put what was received together, from one device, back into one report."""
    group: _Group = {}
    last: tuple[int, int] | None = None
    for received_us, device, kind, thing in things:
        if last is not None and last != (received_us, device):
            yield _said(last, group)
            group = {}
        last = (received_us, device)
        group.setdefault(kind, []).append(thing)
    if last is not None:
        yield _said(last, group)


def _said(whose: tuple[int, int], group: _Group) -> Said:
    received_us, device = whose
    observed_us = max(each.observed_us for things in group.values() for each in things)
    report = Report(
        device,
        observed_us,
        None,
        readings=group.get("readings", ()),
        positions=tuple(group.get("positions", ())),
        events=tuple(group.get("events", ())),
    )
    return Said(received_us, report)


def _reading(observed_us: int, metric: int, value: float, quality: int) -> Reading:
    return Reading(metric, observed_us, value, quality)


_MAKERS: Final[dict[str, Callable[..., Any]]] = {
    "readings": _reading,
    "positions": Position,
    "events": Event,
}


def _received(said: Said) -> int:
    return said.received_us
