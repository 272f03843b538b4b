"""What an officer is told when an alert stays as it is: who was first, and why."""

from datetime import datetime
from typing import Final

from alerts.board.document import Alert, Hold
from alerts.board.states import Reason

_WAYS: Final = {
    "shelved": "has been shelved",
    "suppressed": "is suppressed",
    "out_of_service": "has been taken out of service",
}
_HOLDERS: Final = {
    "officer": "by an officer",
    "window": "by a window",
    "parent": "while another alert explains it",
}
_PLAIN: Final = {
    Reason.ALREADY_RAISED: "has been raised already",
    Reason.ALREADY_ACKNOWLEDGED: "has already been acknowledged",
    Reason.ALREADY_RETURNED: "has returned to normal already",
    Reason.NOT_OPEN: "is not open",
    Reason.HELD: "is held already",
    Reason.NOT_HELD: "is not shelved, suppressed or out of service",
    Reason.LIFE_SAFETY: (
        "is about life safety: it is never shelved, suppressed, "
        "taken out of service, folded or lowered"
    ),
}


def why_refused(alert: Alert, reason: Reason) -> str:
    """Return the sentence; it names people and times, as conflicts must."""
    return f"Alert {alert.alert_id} {_predicate(alert, reason)}."


def moment(instant: datetime) -> str:
    """Write an instant for people."""
    return f"{instant:%F %T} UTC"


def _predicate(alert: Alert, reason: Reason) -> str:
    if reason is Reason.ALREADY_ACKNOWLEDGED:
        return f"has already been acknowledged{_taken(alert)}"
    if reason is Reason.HELD and alert.hold:
        return how_held(alert.hold)
    if reason is Reason.NOT_OPEN and alert.cleared_at:
        taken = _taken(alert)
        had = f"; it had been acknowledged{taken}" if taken else ""
        return f"was cleared at {moment(alert.cleared_at)}{had}"
    return _PLAIN[reason]


def how_held(hold: Hold) -> str:
    """Say how, by whom, until when and why something is held."""
    by = f"by {hold.officer}" if hold.officer else _HOLDERS[hold.by]
    until = f" until {moment(hold.until)}" if hold.until else ""
    return f"{_WAYS[hold.state]} {by}{until} ({hold.reason.rstrip('.')})"


def _taken(alert: Alert) -> str:
    if alert.acknowledged_by is None or alert.acknowledged_at is None:
        return ""
    return f" by {alert.acknowledged_by} at {moment(alert.acknowledged_at)}"
