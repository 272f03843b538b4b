"""What is asked about notices: who was told what, and by which ways people can be reached."""

from collections.abc import Callable, Iterable
from datetime import datetime
from itertools import islice
from typing import Annotated, Final

import msgspec
from msgspec import Meta

from alerts.notices.channels import Channels
from alerts.notices.notice import Notice, Receipt, receipts
from alerts.notices.outbox import Outbox
from alerts.requests import Handlers, Query, fitting

Receipts = Callable[[str | None, int], Iterable[bytes]]
"""Finds the latest receipts (JSON) in the journal, newest first: of one alert or of all."""

_WAITING: Final = 200  # of those on their way are shown at most


class NoticesQuery(Query, frozen=True, tag="notices"):
    """Somebody wants to know who was told."""

    alert_id: str | None = None
    limit: Annotated[int, Meta(ge=1, le=1000)] = 200


class PeopleQuery(Query, frozen=True, tag="people"):
    """Somebody wants to know who can be reached how."""


class NoticeCommands:
    """Answers from the outbox and the receipts; no address of a channel is ever in them."""

    def __init__(
        self, outbox: Outbox, channels: Channels, receipts: Receipts | None = None
    ) -> None:
        """Answer from these; without `receipts` only those since the start are known."""
        self._outbox = outbox
        self._channels = channels
        self._receipts = receipts or self._recent

    def handlers(self) -> Handlers:
        """Return what is done for each kind of request."""
        return {NoticesQuery: self.notices, PeopleQuery: self.people}

    def notices(self, asked: NoticesQuery, _now: datetime) -> dict[str, object]:
        """Answer with what is on its way, and the latest receipts, newest first."""
        about = asked.alert_id
        waiting = (each for each in self._outbox if about is None or about in each.alert_ids)
        found = self._receipts(about, asked.limit)
        return {
            "waiting": [_shown(each) for each in islice(waiting, _WAITING)],
            "receipts": fitting(islice(found, asked.limit)),
        }

    def people(self, _asked: PeopleQuery, _now: datetime) -> dict[str, object]:
        """Answer with names: people, their channels, and what kind each channel is."""
        people = [
            {"username": username, **msgspec.structs.asdict(person)}
            for username, person in sorted(self._channels.people.items())
        ]
        channels = [
            {
                "name": each.name,
                "kind": each.kind,
                "language": each.language,
                "audience": each.audience,
                "rate_per_min": each.rate_per_min,
            }
            for each in self._channels.channels.values()
        ]
        return {"people": people, "channels": channels}

    def _recent(self, alert_id: str | None, limit: int) -> Iterable[bytes]:
        latest = reversed(self._outbox.recent)
        found = (each for each in latest if alert_id in (None, each.alert_id))
        return map(msgspec.json.encode, islice(found, limit))


def _shown(notice: Notice) -> Receipt:
    """Show what is on its way as if it had a receipt; its body is none of the answer's."""
    return receipts(notice, "waiting", "", notice.not_before_us)[0]
