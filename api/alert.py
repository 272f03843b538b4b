"""An alert as the engine publishes it: the few facts we act on, the document passed on whole."""

from datetime import datetime
from typing import Final, Literal, NamedTuple, get_args

import msgspec

Priority = Literal["critical", "high", "medium", "low"]
PRIORITIES: tuple[Priority, ...] = ("critical", "high", "medium", "low")
State = Literal[
    "normal",
    "unacknowledged",
    "acknowledged",
    "returned_unacknowledged",
    "shelved",
    "suppressed",
    "out_of_service",
]
STATES: tuple[State, ...] = get_args(State)
NORMAL: Final = "normal"
UNACKNOWLEDGED = ("unacknowledged", "returned_unacknowledged")
HELD = ("shelved", "suppressed", "out_of_service")
"""Open, but nobody is told: put aside by an officer, a window, or an alert it hides under."""


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
    domain: str = ""
    desk_id: str = ""
    active: bool = True
    drill: bool = False
    folded_under: str | None = None


class Alert(NamedTuple):
    """The facts, and the JSON they were read from (compact, one line)."""

    facts: AlertFacts
    document: bytes

    @property
    def is_open(self) -> bool:
        """Say whether it still belongs on the screen."""
        return self.facts.state != NORMAL

    @property
    def is_held(self) -> bool:
        """Say whether it is open and nobody is told."""
        return self.facts.state in HELD

    @property
    def newest_first(self) -> tuple[datetime, str]:
        """Return the key lists of alerts are sorted by, descending."""
        return self.facts.raised_at, self.facts.alert_id


_decoder = msgspec.json.Decoder(AlertFacts)


def read_alert(payload: bytes | msgspec.Raw) -> Alert:
    """Read one alert; msgspec.MsgspecError where it is none."""
    return Alert(_decoder.decode(payload), msgspec.json.format(bytes(payload), indent=-1))
