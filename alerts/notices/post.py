"""From "somebody must be told" to notices, and from receipts to what the board should know."""

from collections.abc import Iterable, Iterator, Mapping
from hashlib import blake2b
from typing import Any, Final

from msgspec.structs import replace

from alerts.board.document import Alert
from alerts.journal.pen import Pen
from alerts.notices import alertmanager, templates
from alerts.notices.channels import Channel, Channels
from alerts.notices.notice import Language, Notice, Purpose, Recipient, Result, receipts
from alerts.notices.outbox import Outbox, Settled
from alerts.notices.templates import Text
from alerts.notices.told import Told

_URGENT_ATTEMPT: Final = 2
_FALLBACK: Final = "-fallback"
_ASIDE: Final = frozenset({"shelved", "suppressed", "removed_from_service", "folded"})
_OVER: Final = "The alert was over before this could be sent."
_PUT_ASIDE: Final = "The alert was put aside before this could be sent."
_NOBODY: Final = "Nobody is on duty at desk {0!r}, and it has no supervisors."
_NO_WAY: Final = "There is no channel to reach {0}; the alert stands on the console only."


class Post:
    """Puts notices into the outbox and reads the receipts. Without channels it does nothing."""

    def __init__(
        self, channels: Channels, pen: Pen, notices: Mapping[str, bytes], told: Mapping[str, bytes]
    ) -> None:
        """Go on with what was waiting."""
        self._channels = channels
        self.outbox = Outbox(pen, notices, channels)
        self.told = Told(pen, told)

    def tell(
        self,
        alert: Alert,
        targets: Iterable[str],
        *,
        step: int,
        reminder: bool,
        occasion: str,
        now_us: int,
    ) -> None:
        """Tell these people and channels of an alert; in a drill only what stays inside."""
        if not self._channels.channels:
            return
        begun: Purpose = "raised" if alert.active else "returned"
        purpose: Purpose = "reminder" if reminder else "escalated" if step else begun
        targets = tuple(targets)
        if not targets:
            self._note_no_way(alert, "", purpose, _NOBODY.format(alert.desk_id), now_us)
        for target in targets:
            if not self._channels.reach(target):
                self._note_no_way(alert, target, purpose, _NO_WAY.format(target), now_us)
        for recipient, others in self._ways(targets, drill=alert.drill):
            notice = self._notice(alert, purpose, recipient, occasion, now_us)
            self.outbox.put(replace(notice, step=step, others=others))

    def follow(self, alert: Alert, now_us: int) -> None:
        """Look at an alert that has moved: whoever was told that it began hears that it is over.

        Somebody it is assigned to hears of that too.
        """
        if alert.transition == "returned" and alert.hold is None:
            self._put_each(alert, "returned", self.told.recipients(alert.alert_id), now_us)
        elif alert.transition in _ASIDE:
            self.outbox.overtake(alert.alert_id, _PUT_ASIDE, now_us)
        elif alert.transition == "assigned" and alert.assigned_to:
            for recipient, _ in self._ways([alert.assigned_to], drill=alert.drill):
                self._put_each(alert, "assigned", [recipient], now_us)
        elif alert.transition == "cleared":
            remaining = self.outbox.overtake(alert.alert_id, _OVER, now_us)
            self._put_each(alert, "cleared", self.told.recipients(alert.alert_id), now_us)
            if remaining:
                self.told.end(alert)
            else:
                self.told.drop(alert.alert_id)

    def say(
        self,
        targets: Iterable[str],
        purpose: Purpose,
        texts: Mapping[Language, Text],
        *,
        occasion: str,
        now_us: int,
    ) -> None:
        """Tell people something that is no alert: a duty check, a missing hand-over."""
        for recipient, others in self._ways(targets, drill=False):
            channel = self._channels.channels[recipient.channel]
            if channel.form != "alertmanager":
                text = texts[channel.language]
                notice = _plain(recipient, channel, purpose, text, occasion, now_us)
                self.outbox.put(replace(notice, others=others))

    def due(self, now_us: int) -> list[Notice]:
        """Return what is to be sent once this turn is on disk."""
        return self.outbox.due(now_us)

    def settle(self, result: Result, now_us: int) -> list[str]:
        """Take in what became of a sending; return the alerts somebody was now first told of."""
        settled = self.outbox.settle(result, now_us)
        if settled is None:
            return []
        if falls_back(settled):
            self._fall_back(settled.notice, now_us)
        first = []
        for alert_id in settled.notice.alert_ids:
            if settled.outcome == "sent" and self._note_told(settled.notice, alert_id, now_us):
                first.append(alert_id)
            self._end_late(alert_id)
        return first

    def _note_told(self, notice: Notice, alert_id: str, now_us: int) -> bool:
        """Note who was told; if the alert is over by now they hear of that next."""
        if alert_id in notice.ends:
            return False
        first = self.told.add(alert_id, notice.recipient)
        if (ended := self.told.ended(alert_id)) is not None:
            self._put_each(ended, "cleared", [notice.recipient], now_us)
        return first

    def _end_late(self, alert_id: str) -> None:
        """Forget the audience of an alert that is over, once nothing about it is on its way."""
        if self.told.ended(alert_id) is not None and not self.outbox.is_telling(alert_id):
            self.told.drop(alert_id)

    def _put_each(
        self, alert: Alert, purpose: Purpose, recipients: Iterable[Recipient], now_us: int
    ) -> None:
        for recipient in recipients:
            if recipient.channel in self._channels.channels:
                notice = self._notice(alert, purpose, recipient, str(alert.seq), now_us)
                self.outbox.put(notice)

    def _fall_back(self, notice: Notice, now_us: int) -> None:
        for name in (notice.to, *notice.others):
            other = self._channels.fallback(Recipient(name, notice.channel))
            channel = self._channels.channels.get(other.channel) if other else None
            if channel is None or (notice.drill and channel.audience == "outside"):
                continue
            changes: dict[str, Any] = {
                "notice_id": f"{notice.notice_id}-{name}{_FALLBACK}",
                "to": name,
                "others": (),
                "channel": channel.name,
                "attempt": 1,
                "not_before_us": now_us,
                "made_us": now_us,
            }
            self.outbox.put(replace(notice, **changes))

    def _ways(
        self, targets: Iterable[str], *, drill: bool
    ) -> Iterator[tuple[Recipient, tuple[str, ...]]]:
        """Yield each channel once, with whom it reaches: the first by name, and the others."""
        reached: dict[str, list[str]] = {}
        for target in dict.fromkeys(targets):
            for recipient in self._channels.reach(target):
                channel = self._channels.channels[recipient.channel]
                if not drill or channel.audience == "inside":
                    reached.setdefault(channel.name, []).append(target)
        for channel_name, (first, *others) in reached.items():
            yield Recipient(first, channel_name), tuple(others)

    def _notice(
        self,
        alert: Alert,
        purpose: Purpose,
        recipient: Recipient,
        occasion: str,
        now_us: int,
    ) -> Notice:
        channel = self._channels.channels[recipient.channel]
        return Notice(
            notice_id=_identity(alert.alert_id, purpose, recipient, occasion),
            purpose=purpose,
            to=recipient.to,
            channel=recipient.channel,
            language=channel.language,
            alert_ids=(alert.alert_id,),
            ends=(alert.alert_id,) if purpose == "cleared" else (),
            priority=alert.priority,
            life_safety=alert.life_safety,
            drill=alert.drill,
            not_before_us=now_us,
            made_us=now_us,
            **_written(alert, purpose, channel)._asdict(),
        )

    def _note_no_way(
        self, alert: Alert, target: str, purpose: Purpose, sentence: str, now_us: int
    ) -> None:
        recipient = Recipient(target, "")
        notice = Notice(
            notice_id=_identity(alert.alert_id, purpose, recipient, str(now_us)),
            purpose=purpose,
            to=target,
            channel="",
            language="zh",
            subject=alert.title_zh,
            body="",
            alert_ids=(alert.alert_id,),
            drill=alert.drill,
        )
        self.outbox.write(receipts(notice, "no_way", sentence, now_us))


def falls_back(settled: Settled) -> bool:
    """Say whether the person's other channel is tried now.

    What is about lives takes it after the second failure, while the first way is tried further.
    """
    notice, outcome = settled
    if outcome not in ("again", "failed") or notice.notice_id.endswith(_FALLBACK):
        return False
    if notice.life_safety and notice.attempt >= _URGENT_ATTEMPT:
        return notice.attempt == _URGENT_ATTEMPT
    return outcome == "failed"


def _written(alert: Alert, purpose: Purpose, channel: Channel) -> Text:
    if channel.form == "alertmanager":
        resolved = purpose == "cleared"
        subject = templates.about_alert(alert, purpose, "en", "short").subject
        return Text(subject, alertmanager.body(alert, channel.name, resolved=resolved))
    return templates.about_alert(alert, purpose, channel.language, channel.form)


def _plain(
    recipient: Recipient, channel: Channel, purpose: Purpose, text: Text, occasion: str, now_us: int
) -> Notice:
    return Notice(
        notice_id=_identity("", purpose, recipient, occasion),
        purpose=purpose,
        to=recipient.to,
        channel=recipient.channel,
        language=channel.language,
        not_before_us=now_us,
        made_us=now_us,
        **text._asdict(),
    )


def _identity(alert_id: str, purpose: Purpose, recipient: Recipient, occasion: str) -> str:
    """Name a telling; making it again gives the same name."""
    parts = f"{alert_id}|{purpose}|{recipient.to}|{recipient.channel}|{occasion}"
    return blake2b(parts.encode(), digest_size=9).hexdigest()
