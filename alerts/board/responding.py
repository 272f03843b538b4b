"""What people find out about an alert and do about it: verdict, 119, sending help, arriving."""

from datetime import datetime
from typing import Annotated, Final, Literal

from msgspec import Meta

from alerts.board.alert import Alert, FireBrigade
from alerts.board.book import Book
from alerts.board.refusing import moment
from alerts.board.states import Change
from alerts.requests import Command, Handlers, Name
from core.errors import Conflict, Invalid

Remark = Annotated[str, Meta(max_length=2000)]
"""What an officer may write, or leave out."""


class Verify(Command, frozen=True, tag="verify"):
    """An officer has found out what a fire alarm is: 真警 real, 误报 false, 测试 test."""

    alert_id: Name
    verdict: Literal["real", "false", "test"]
    text: Remark = ""


class HandOver119(Command, frozen=True, tag="hand_over_119"):
    """An officer has handed a real fire over to 119, who gave the call a number."""

    alert_id: Name
    reference: Name
    text: Remark = ""


class Dispatch(Command, frozen=True, tag="dispatch"):
    """An officer has sent somebody."""

    alert_id: Name
    to: Name
    text: Remark = ""


class Arrive(Command, frozen=True, tag="arrive"):
    """Somebody is on site."""

    alert_id: Name
    text: Remark = ""


_VERDICTS: Final = {"real": "real", "false": "a false alarm", "test": "a test"}


class ResponseCommands:
    """Notes on alerts what people found out and did; also after the alert has cleared."""

    def __init__(self, book: Book) -> None:
        """Note it in this book."""
        self._book = book

    def handlers(self) -> Handlers:
        """Return what is done for each kind of request."""
        return {
            Verify: self.verify,
            HandOver119: self.hand_over_119,
            Dispatch: self.dispatch,
            Arrive: self.arrive,
        }

    def verify(self, asked: Verify, now: datetime) -> dict[str, object]:
        """Note what a fire alarm turned out to be; it clears nothing, a later word corrects it.

        What is real is no drill any more: whoever is told from now on is told of a fire.
        """
        alert = self._book.recall(asked.alert_id)
        if not alert.life_safety:
            raise Invalid(
                f"Alert {alert.alert_id} is not about lives; only such alerts are verified."
            )
        if alert.verdict == asked.verdict and alert.verified_at:
            raise Conflict(
                f"Alert {alert.alert_id} has already been verified as {_VERDICTS[asked.verdict]} "
                f"by {alert.verified_by} at {moment(alert.verified_at)}."
            )
        found = {"verdict": asked.verdict, "verified_by": asked.officer, "verified_at": now}
        drill = alert.drill and asked.verdict != "real"
        return self._note(asked, Change.VERIFIED, now, {**found, "drill": drill})

    def hand_over_119(self, asked: HandOver119, now: datetime) -> dict[str, object]:
        """Record the hand-over to 119, once, of a fire somebody has verified as real."""
        alert = self._book.recall(asked.alert_id)
        if before := alert.fire_brigade:
            raise Conflict(
                f"Alert {alert.alert_id} was handed over to 119 by {before.officer} "
                f"at {moment(before.at)} under the number {before.reference}."
            )
        if alert.verdict != "real":
            raise Conflict(_not_real(alert))
        call = FireBrigade(now, asked.officer, asked.reference, asked.text)
        return self._note(asked, Change.HANDED_OVER, now, {"fire_brigade": call})

    def dispatch(self, asked: Dispatch, now: datetime) -> dict[str, object]:
        """Note who was sent; the clock counts from the first."""
        alert = self._book.recall(asked.alert_id)
        if alert.dispatched_at and alert.dispatched_to == asked.to:
            raise Conflict(
                f"{asked.to} has already been sent to alert {alert.alert_id}; "
                f"help has been on its way since {moment(alert.dispatched_at)}."
            )
        sent = {"dispatched_to": asked.to, "dispatched_at": alert.dispatched_at or now}
        return self._note(asked, Change.DISPATCHED, now, sent)

    def arrive(self, asked: Arrive, now: datetime) -> dict[str, object]:
        """Note that somebody is on site, once."""
        alert = self._book.recall(asked.alert_id)
        if alert.on_site_at:
            who = f"{alert.dispatched_to} has" if alert.dispatched_to else "Help has"
            raise Conflict(
                f"{who} been on site of alert {alert.alert_id} since {moment(alert.on_site_at)}."
            )
        return self._note(asked, Change.ARRIVED, now, {"on_site_at": now})

    def _note(
        self,
        asked: Verify | HandOver119 | Dispatch | Arrive,
        change: Change,
        now: datetime,
        fields: dict[str, object],
    ) -> dict[str, object]:
        note = asked.text or None
        marked = self._book.mark(
            asked.alert_id, change, now, actor=asked.officer, note=note, **fields
        )
        return {"alert": marked}


def _not_real(alert: Alert) -> str:
    if alert.verdict is None or alert.verified_at is None:
        return (
            f"Alert {alert.alert_id} has not been verified as real; "
            "a fire is handed over to 119 once somebody has confirmed it."
        )
    return (
        f"Alert {alert.alert_id} was verified as {_VERDICTS[alert.verdict]} by "
        f"{alert.verified_by} at {moment(alert.verified_at)}; it is not handed over to 119."
    )
