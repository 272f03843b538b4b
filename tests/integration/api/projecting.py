"""Writing into the history as the engine does."""

import json
from typing import Any

import psycopg


async def project(conn: psycopg.AsyncConnection, document: dict[str, Any]) -> None:
    """Write an alert and its transition as the engine does."""
    columns = (
        "alert_id, seq, rule_id, rule_version, kind, priority, state, device_id, site_id, "
        "district, domain, subject, raised_at, detected_at, updated_at"
    )
    names = ", ".join(f"%({name.strip()})s" for name in columns.split(","))
    values = document | {"document": json.dumps(document)}
    await conn.execute(
        f"INSERT INTO alerts ({columns}, document) VALUES ({names}, %(document)s)",  # noqa: S608
        values,
    )
    await conn.execute(
        "INSERT INTO alert_events (seq, alert_id, at, transition, document)"
        " VALUES (%(seq)s, %(alert_id)s, %(raised_at)s, %(transition)s, %(document)s)",
        values,
    )
