"""The history of alerts, as the engine projects it."""

from datetime import datetime
from pathlib import Path

import msgspec

from api.alert import STATES, Alert, State, read_alert
from core.database import Connection
from core.queries import load_queries

QUERIES = load_queries(Path(__file__).with_name("alerts.sql"))


class AlertFilter(msgspec.Struct, frozen=True, kw_only=True):
    """Which alerts; None means any."""

    states: tuple[State, ...] = STATES
    start: datetime | None = None
    end: datetime | None = None
    device_id: str | None = None
    site_id: str | None = None
    priority: str | None = None
    desk_id: str | None = None
    domain: str | None = None
    drill: bool | None = None
    folded: bool | None = None
    limit: int = 100
    before: tuple[datetime, str] | None = None  # the last one of the page before

    def covers(self, alert: Alert) -> bool:
        """Say whether a live alert is one of these; the page's limit aside."""
        facts = alert.facts
        return (
            facts.state in self.states
            and self.domain in {None, facts.domain}
            and self.desk_id in {None, facts.desk_id}
            and self.drill in {None, facts.drill}
            and self.folded in {None, facts.folded_under is not None}
            and self._covers_place_and_time(alert)
        )

    def _covers_place_and_time(self, alert: Alert) -> bool:
        facts = alert.facts
        return (
            (self.start is None or facts.raised_at >= self.start)
            and (self.end is None or facts.raised_at < self.end)
            and self.device_id in {None, facts.device_id}
            and self.site_id in {None, facts.site_id}
            and self.priority in {None, facts.priority}
            and (self.before is None or alert.newest_first < self.before)
        )


async def find_alerts(conn: Connection, wanted: AlertFilter) -> list[Alert]:
    """Return alerts, newest first: one more than the limit where more follow."""
    before_at, before_id = wanted.before or (None, None)
    values = {
        **msgspec.structs.asdict(wanted),
        "states": list(wanted.states),
        "before": before_at,
        "before_id": before_id,
        "limit": wanted.limit + 1,
    }
    cursor = await conn.execute(QUERIES["find_alerts"], values)
    return [read_alert(document.encode()) for (document,) in await cursor.fetchall()]


async def find_alert(conn: Connection, alert_id: str) -> Alert | None:
    """Return one alert, open or not."""
    cursor = await conn.execute(QUERIES["find_alert"], {"alert_id": alert_id})
    row = await cursor.fetchone()
    return None if row is None else read_alert(row[0].encode())


async def list_transitions(conn: Connection, alert_id: str) -> list[Alert]:
    """Return what happened to an alert, first things first."""
    cursor = await conn.execute(QUERIES["list_transitions"], {"alert_id": alert_id})
    return [read_alert(document.encode()) for (document,) in await cursor.fetchall()]
