"""An alert as the engine publishes it: the few facts we act on, the document passed on whole."""

from datetime import datetime
from typing import Literal, NamedTuple

import msgspec

Priority = Literal["critical", "high", "medium", "low"]
PRIORITIES: tuple[Priority, ...] = ("critical", "high", "medium", "low")
NORMAL = "normal"
UNACKNOWLEDGED = ("unacknowledged", "returned_unacknowledged")


class AlertFacts(msgspec.Struct, frozen=True, kw_only=True):
    """What the api itself needs to know of an alert."""

    alert_id: str
    seq: int
    kind: str
    priority: Priority
    state: str
    device_id: str | None
    site_id: str | None
    raised_at: datetime
    acknowledged_by: str | None = None


class Alert(NamedTuple):
    """The facts, and the JSON they were read from (compact, one line)."""

    facts: AlertFacts
    document: bytes

    @property
    def is_open(self) -> bool:
        """Say whether it still belongs on the screen."""
        return self.facts.state != NORMAL

    @property
    def newest_first(self) -> tuple[datetime, str]:
        """Return the key lists of alerts are sorted by, descending."""
        return self.facts.raised_at, self.facts.alert_id


_decoder = msgspec.json.Decoder(AlertFacts)


def read_alert(payload: bytes | msgspec.Raw) -> Alert:
    """Read one alert; msgspec.MsgspecError where it is none."""
    return Alert(_decoder.decode(payload), msgspec.json.format(bytes(payload), indent=-1))
