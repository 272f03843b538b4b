"""A duty room on paper: alerts, desks and a journal's memory, for the tests about people."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import msgspec

from alerts.board.document import Alert
from alerts.board.states import Change, State
from alerts.journal.pen import Line, Pen
from alerts.people.desks import Chain, Desk, Scope, Step
from core.clock import from_us
from tests.unit.alerts.making import NOW, S

T0 = from_us(NOW)

CLIMB: Chain = (
    Step(after_s=0, repeat_every_s=60),
    Step(after_s=180, to="supervisors"),
)
ROOM = Desk(
    desk_id="room",
    name_zh="值班室",
    name_en="Duty room",
    members=("zhao", "qian"),
    supervisors=("sun",),
    chains={"critical": CLIMB, "high": CLIMB, "low": (Step(after_s=60),)},
)
FIRE = Desk(
    desk_id="fire",
    name_zh="消防",
    name_en="Fire",
    scope=Scope(domains=("fire",)),
    members=("li", "wang"),
    supervisors=("chen",),
    at_least=2,
    chains={
        "critical": (
            Step(after_s=0, repeat_every_s=60),
            Step(after_s=60, to="supervisors"),
            Step(after_s=300, to="supervisors", until="verified"),
        )
    },
)


class Memory:
    """What the journal would hold: commit a pen's page, read the records back."""

    def __init__(self) -> None:
        self.pen = Pen()
        self.lines: list[Line] = []
        self._records: dict[tuple[str, str], bytes] = {}

    def commit(self) -> None:
        lines, records = self.pen.take()
        self.lines += lines
        for key, text in records.items():
            if text is None:
                self._records.pop(key, None)
            else:
                self._records[key] = text

    def records(self, kind: str) -> Mapping[str, bytes]:
        return {key: text for (each, key), text in self._records.items() if each == kind}

    def said(self, kind: str) -> list[dict[str, Any]]:
        """The documents of all lines of a kind, committed."""
        return [msgspec.json.decode(line.document) for line in self.lines if line.kind == kind]


def at(seconds: float) -> datetime:
    return T0 + timedelta(seconds=seconds)


def at_us(seconds: float) -> int:
    return NOW + round(seconds * S)


def alert(alert_id: str = "a1", **changes: Any) -> Alert:
    known: dict[str, Any] = {
        "alert_id": alert_id,
        "seq": 1,
        "rule_id": "hot",
        "rule_version": 1,
        "kind": "threshold",
        "priority": "critical",
        "state": State.UNACKNOWLEDGED,
        "transition": Change.RAISED,
        "active": True,
        "device_id": "d1",
        "site_id": "unit",
        "district": "620171",
        "domain": "fire",
        "desk_id": "room",
        "subject": "temperature_c",
        "value": 61.5,
        "limit": 50.0,
        "unit": "°C",
        "cause": None,
        "count": 1,
        "title_zh": "温度过高",
        "title_en": "Too hot",
        "guidance_zh": "派人查看",
        "guidance_en": "Send somebody",
        "raised_at": T0,
        "detected_at": T0,
        "updated_at": T0,
    }
    return Alert(**{**known, **changes})


def moved(alert: Alert, transition: Change, seconds: float, **changes: Any) -> Alert:
    """The alert after its next transition, that many seconds after T0."""
    return msgspec.structs.replace(
        alert, seq=alert.seq + 1, transition=transition, updated_at=at(seconds), **changes
    )


def acknowledged(alert: Alert, seconds: float, officer: str = "zhao") -> Alert:
    taken: dict[str, Any] = {"acknowledged_by": officer, "acknowledged_at": at(seconds)}
    return moved(alert, Change.ACKNOWLEDGED, seconds, state=State.ACKNOWLEDGED, **taken)


def cleared(alert: Alert, seconds: float) -> Alert:
    changes: dict[str, Any] = {"state": State.NORMAL, "active": False, "cleared_at": at(seconds)}
    return moved(alert, Change.CLEARED, seconds, **changes)
