"""A past for reports to tell of, written as the engine and the ingester write it."""

import json
from datetime import datetime, timedelta
from typing import Any

import psycopg

from tests.integration.api.fake_engine import alert

_COLUMNS = (
    *("alert_id", "seq", "rule_id", "rule_version", "kind", "priority", "state", "device_id"),
    *("site_id", "district", "domain", "subject", "raised_at", "detected_at", "updated_at"),
    *("acknowledged_at", "cleared_at"),
)


class Past:
    """Writes what has happened, as the engine and the ingester do."""

    def __init__(self, conn: psycopg.AsyncConnection) -> None:
        self._conn = conn
        self._seq = 0

    async def alert(self, name: str, at: datetime, **fields: Any) -> None:
        """Note an alert raised and known at this instant; `…_s` say when what was done."""
        steps = {
            "acknowledged_at": fields.pop("ack_s", None),
            "cleared_at": fields.pop("clear_s", None),
        }
        known = {step: at + timedelta(seconds=s) for step, s in steps.items() if s is not None}
        self._seq += 1
        document = alert(
            name,
            self._seq,
            raised_at=at.isoformat(),
            detected_at=at.isoformat(),
            updated_at=at.isoformat(),
            **{step: instant.isoformat() for step, instant in known.items()},
            **fields,
        )
        columns = [name for name in _COLUMNS if name in document]
        values = ", ".join(f"%({column})s" for column in columns)
        row = document | {"document": json.dumps(document)}
        await self._conn.execute(
            f"INSERT INTO alerts ({', '.join(columns)}, document) VALUES ({values}, %(document)s)",  # type: ignore[arg-type] # noqa: S608
            row,
        )
        await self.step(name, at, document | {"state": "unacknowledged"})

    async def step(self, name: str, at: datetime, document: dict[str, Any]) -> None:
        """Note a transition."""
        self._seq += 1
        await self._conn.execute(
            "INSERT INTO alert_events (seq, alert_id, at, transition, document)"
            " VALUES (%s, %s, %s, %s, %s)",
            (self._seq, name, at, document["transition"], json.dumps(document)),
        )

    async def checked(self, at: datetime, *answered: bool) -> None:
        """Note a closed duty check with one officer for each answer."""
        answers = [
            {"name": f"officer-{n}", "answered_at": at.isoformat() if said else None}
            for n, said in enumerate(answered)
        ]
        document = {"event": "closed", "check": {"desk_id": "fire", "answers": answers}}
        await self._conn.execute(
            "INSERT INTO alert_journal (no, at, kind, subject, document, hash)"
            " VALUES (%s, %s, 'check', 'fire', %s, '\\xff')",
            (self._seq + 1000, at, json.dumps(document)),
        )

    async def booked(self, at: datetime) -> None:
        """Note that a message came."""
        await self._conn.execute("INSERT INTO ledger VALUES (0, %s, 1, 1, 0, 0)", (at,))
