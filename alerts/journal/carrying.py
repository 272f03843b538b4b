"""Carries a journal of form 1 over: its transitions become the first lines of the chain."""

import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

import msgspec

from alerts.journal.chain import GENESIS, Head, linked
from alerts.journal.pages import QUERIES, last_line
from alerts.journal.pen import Line

_ACTIVE: Final = ("unacknowledged", "acknowledged")
_OLD_TABLES: Final = ("transitions", "open_alerts", "notes")


def carry_over(connection: sqlite3.Connection) -> None:
    """Move everything into the tables of today, within the caller's transaction.

    A transition keeps its number, which is its `no` as well: there were no other lines. An alert
    that is open gets one more, `updated`, which says what alerts did not say of themselves before.
    """
    (first,) = connection.execute("SELECT min(seq) FROM transitions").fetchone()
    if first is not None:
        _append(connection, Head(first - 1, GENESIS), _transitions(connection))
    opened = connection.execute("SELECT document, source, latching FROM open_alerts").fetchall()
    for document, source, latching in opened:
        _renew(connection, msgspec.json.decode(document), source, latching=bool(latching))
    connection.execute("INSERT INTO records SELECT 'note', name, value FROM notes")
    for table in _OLD_TABLES:
        connection.execute(f"DROP TABLE {table}")


def _transitions(connection: sqlite3.Connection) -> Iterator[Line]:
    rows = connection.execute(
        "SELECT 'alert', alert_id, at_us, document, actor, seq FROM transitions ORDER BY seq"
    )
    return (Line(*row) for row in rows)


def _renew(
    connection: sqlite3.Connection, alert: Mapping[str, Any], source: str, *, latching: bool
) -> None:
    """Put an open alert on the board of today; what latched in the fire domain was a fire."""
    head = last_line(connection) or Head(alert["seq"], GENESIS)
    renewed = {
        **alert,
        "seq": head.no + 1,
        "transition": "updated",
        "active": alert["state"] in _ACTIVE,
        "life_safety": latching and alert["domain"] == "fire",
    }
    (at_us,) = connection.execute("SELECT max(at_us) FROM lines").fetchone()
    alert_id, document = alert["alert_id"], msgspec.json.encode(renewed)
    _append(connection, head, [Line("alert", alert_id, at_us or 0, document, None, head.no + 1)])
    record = msgspec.json.encode((renewed, source, latching))
    connection.execute(QUERIES["put_record"], ("open", alert_id, record))


def _append(connection: sqlite3.Connection, head: Head, lines: Iterable[Line]) -> None:
    connection.executemany(
        QUERIES["append_line"],
        (
            (no, seq, at_us, kind, subject, actor, document, digest)
            for no, (kind, subject, at_us, document, actor, seq), digest in linked(head, lines)
        ),
    )
