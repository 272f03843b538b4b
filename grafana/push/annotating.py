"""Annotations of alerts, for everybody's dashboards in that Grafana.

Our own dashboards mark alerts by their own queries. These marks are for the others: whoever looks
at the network or the servers sees that a power failure was one. They are read from
`dash.alert_history` as the role dashboards have: the same view our own panels ask, no further
rights, and it answers while the api does not.
"""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Final, LiteralString, NamedTuple

import psycopg
from psycopg.rows import class_row

from core.errors import Unavailable
from core.queries import load_queries
from grafana.push.comparing import Outcome, Step, holds
from grafana.push.reaching import Grafana
from grafana.push.wanted import Object
from grafana.words import Language

_QUERIES: Final = load_queries(Path(__file__).with_name("annotating.sql"))
_TAG: Final = "yiwang-alert"
_MOST: Final = 1000


class Told(NamedTuple):
    """What an annotation says of an alert."""

    alert_id: str
    title: str
    site_name: str | None
    priority: str
    domain: str
    raised_at: datetime
    cleared_at: datetime | None


def read_alerts(url: str, since: datetime, language: Language) -> list[Told]:
    """Return the alerts that were critical or high since then, the latest first."""
    query: LiteralString = _QUERIES[f"alerts_{language}"]
    try:
        with (
            psycopg.connect(url, autocommit=True, connect_timeout=5) as conn,
            conn.cursor(row_factory=class_row(Told)) as cursor,
        ):
            return cursor.execute(query, {"since": since, "at_most": _MOST}).fetchall()
    except psycopg.OperationalError as error:
        raise Unavailable("The database of GRAFANA_ALERTS_FROM does not answer.") from error


def annotation(told: Told, console_url: str) -> Object:
    """Return Grafana's form of it; one that goes on has no end yet and is a line, not a region."""
    place = f" · {told.site_name}" if told.site_name else ""
    link = f'<a href="{console_url}/alerts/{told.alert_id}">{told.alert_id}</a>'
    mark: Object = {
        "time": _ms(told.raised_at),
        "tags": [_TAG, told.priority, told.domain, told.alert_id],
        "text": f"{told.title}{place} {link}",
    }
    return mark | ({"timeEnd": _ms(told.cleared_at)} if told.cleared_at else {})


async def annotate(
    grafana: Grafana, marks: Sequence[Object], since: datetime, *, dry: bool
) -> Step:
    """Add what is missing and end what has ended; each alert has one mark, known by its tag."""
    path = f"/annotations?type=annotation&tags={_TAG}&limit={2 * _MOST}&from={_ms(since)}"
    there = {each["tags"][-1]: each for each in await grafana.get(path) or []}
    added = changed = 0
    for mark in marks:
        known = there.get(mark["tags"][-1])
        if known is None:
            added += 1
        elif not holds(known, mark):
            changed += 1
        else:
            continue
        if not dry:
            await _put(grafana, known, mark)
    outcome = Outcome.CHANGED if added or changed else Outcome.UNCHANGED
    return Step("annotations", f"{len(marks)} alerts", outcome, f"{added} new, {changed} changed")


async def _put(grafana: Grafana, known: Object | None, mark: Object) -> None:
    if known is None:
        await grafana.send("POST", "/annotations", mark)
    else:
        await grafana.send("PATCH", f"/annotations/{known['id']}", mark)


def _ms(at: datetime) -> int:
    return round(at.timestamp() * 1000)
