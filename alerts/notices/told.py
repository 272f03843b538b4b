"""Who has been told of which open alert: they hear of its end too, however late that is."""

from collections.abc import Mapping
from typing import Final

import msgspec

from alerts.board.document import Alert
from alerts.journal.pen import Pen
from alerts.notices.notice import Recipient

TOLD: Final = "told"
"""The kind of record that holds who was told of an alert."""


class Audience(msgspec.Struct, frozen=True, kw_only=True):
    """Those who were told of one alert; `ended` is the alert as it was when it ended."""

    recipients: tuple[Recipient, ...] = ()
    ended: Alert | None = None


_AUDIENCES: Final = msgspec.json.Decoder(Audience)
_NOBODY: Final = Audience()


class Told:
    """The audience of every alert somebody was told of, until all have heard of its end."""

    def __init__(self, pen: Pen, records: Mapping[str, bytes]) -> None:
        """Go on with the audiences as they were."""
        self._pen = pen
        self._audiences = {key: _AUDIENCES.decode(text) for key, text in records.items()}

    def recipients(self, alert_id: str) -> tuple[Recipient, ...]:
        """Return who was told of the alert."""
        return self._audiences.get(alert_id, _NOBODY).recipients

    def ended(self, alert_id: str) -> Alert | None:
        """Return the alert if it has ended while somebody was still being told that it began."""
        return self._audiences.get(alert_id, _NOBODY).ended

    def add(self, alert_id: str, recipient: Recipient) -> bool:
        """Note that somebody was told; say whether they are the first."""
        audience = self._audiences.get(alert_id, _NOBODY)
        if recipient not in audience.recipients:
            recipients = (*audience.recipients, recipient)
            self._keep(alert_id, msgspec.structs.replace(audience, recipients=recipients))
        return not audience.recipients

    def end(self, alert: Alert) -> None:
        """Keep the end of an alert for those who are only just being told of its beginning."""
        audience = self._audiences.get(alert.alert_id, _NOBODY)
        self._keep(alert.alert_id, msgspec.structs.replace(audience, ended=alert))

    def drop(self, alert_id: str) -> None:
        """Forget the audience: everybody has heard of the end."""
        if self._audiences.pop(alert_id, None) is not None:
            self._pen.drop(TOLD, alert_id)

    def _keep(self, alert_id: str, audience: Audience) -> None:
        self._audiences[alert_id] = audience
        self._pen.keep(TOLD, alert_id, audience)
