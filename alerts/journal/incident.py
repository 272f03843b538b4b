"""Which lines of the journal belong to one alert, and the proof that they stand where they say."""

import sqlite3
from collections.abc import Callable, Iterator
from typing import Any, Final, NamedTuple

import msgspec

from alerts.journal.chain import GENESIS, Entry, digest
from alerts.journal.pages import entries_after
from core.errors import NotFound

_PAGE: Final = 1000
_TRANSITION: Final = "alert"
_OF_THE_DESK: Final = ("shift", "handover", "check", "flood")
_OF_EVERYBODY: Final = ("window",)
_SHIFT_US: Final = 86_400_000_000
"""Who was on duty was written down at most a day before."""


class Link(NamedTuple):
    """A line that is proved but not shown: its number and the digest of what it says."""

    no: int
    digest: bytes


class Incident(NamedTuple):
    """One alert from the rule it was judged by to the last word about it.

    `links` run without holes from the first of the lines to the last; `before` is the fingerprint
    of the line in front of them.
    """

    alert: dict[str, Any]
    lines: list[Entry]
    before: bytes
    links: list[Link]

    @property
    def transitions(self) -> list[Entry]:
        """Return the lines that moved the alert."""
        alert_id = self.alert["alert_id"]
        return [
            entry
            for entry in self.lines
            if entry.line.kind == _TRANSITION and entry.line.subject == alert_id
        ]


def gather(connection: sqlite3.Connection, alert_id: str) -> Incident:
    """Collect everything about one alert; NotFound if the journal knows no such alert."""
    moves = [
        entry
        for entry in _walk(connection, -1)
        if entry.line.kind == _TRANSITION and entry.line.subject == alert_id
    ]
    if not moves:
        raise NotFound(f"The journal knows no alert {alert_id[:64]!r}.")
    alert = msgspec.json.decode(moves[-1].line.document)
    concerns = _concern(alert, moves)
    lines = [entry for entry in _walk(connection, -1) if concerns(entry)]
    before, links = _links(connection, lines[0].no, lines[-1].no)
    return Incident(alert, lines, before, links)


def _walk(connection: sqlite3.Connection, no: int) -> Iterator[Entry]:
    while page := entries_after(connection, no, _PAGE):
        yield from page
        no = page[-1].no


def _concern(alert: dict[str, Any], moves: list[Entry]) -> Callable[[Entry], bool]:
    """Return the question whether a line belongs to this alert."""
    alert_id, rule_id = alert["alert_id"], alert["rule_id"]
    source = alert["device_id"] or f"site/{alert['site_id']}"
    named = msgspec.json.encode(alert_id)
    start_us, end_us = moves[0].line.at_us, moves[-1].line.at_us
    about = {("rule", rule_id), ("shelf", f"{source}|{rule_id}")}
    desk_id = alert.get("desk_id", "")

    def concerns(entry: Entry) -> bool:
        line = entry.line
        if line.subject == alert_id or (line.kind, line.subject) in about:
            return True
        since_us = start_us - (_SHIFT_US if line.kind == "shift" else 0)
        if since_us <= line.at_us <= end_us and (
            line.kind in _OF_EVERYBODY or (line.kind in _OF_THE_DESK and line.subject == desk_id)
        ):
            return True
        return line.kind != _TRANSITION and named in line.document

    return concerns


def _links(connection: sqlite3.Connection, first: int, last: int) -> tuple[bytes, list[Link]]:
    """Return the fingerprint in front of line `first`, and the digests from there to `last`."""
    before, links = GENESIS, []
    for entry in _walk(connection, first - 2):
        if entry.no < first:
            before = entry.hash
        elif entry.no <= last:
            links.append(Link(entry.no, digest(entry.no, entry.line)))
        else:
            break
    return before, links
