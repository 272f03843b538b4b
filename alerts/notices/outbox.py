"""Notices on their way out: on disk until somebody has taken them or they have failed for good.

A notice goes out after it is on disk and leaves the disk after its receipt. Killed in between, the
engine sends it again: at least once, with the same `notice_id`.
"""

from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from hashlib import blake2b
from itertools import groupby
from typing import Final, NamedTuple

import msgspec

from alerts.agenda import Agenda
from alerts.journal.pen import Pen
from alerts.notices import templates
from alerts.notices.channels import Channels
from alerts.notices.lanes import Lane
from alerts.notices.notice import Notice, Outcome, Receipt, Recipient, Result, receipts

NOTICE: Final = "notice"
"""The kind of record that holds a waiting notice, and of the line that tells what became of it."""

_S: Final = 1_000_000
_FIRST_RETRY_S: Final = 5
_LONGEST_S: Final = {True: 30, False: 300}  # by life_safety; ours
_ATTEMPTS: Final = {True: 60, False: 10}  # about half an hour, and 20 minutes
_RECENT: Final = 1000


class Settled(NamedTuple):
    """A notice after one attempt, and what became of it."""

    notice: Notice
    outcome: Outcome


_NOTICES: Final = msgspec.json.Decoder(Notice)


class Outbox:
    """The waiting notices by channel; `recent` are the latest receipts, newest last."""

    def __init__(self, pen: Pen, records: Mapping[str, bytes], channels: Channels) -> None:
        """Go on with everything that was waiting or on its way."""
        self._pen = pen
        self._channels = channels
        self._waiting: dict[str, Notice] = {}
        self._lanes: dict[str, Lane] = {}
        self._agenda: Agenda[str] = Agenda()
        self._about: dict[str, set[str]] = {}
        self.recent: deque[Receipt] = deque(maxlen=_RECENT)
        for text in records.values():
            self._schedule(_NOTICES.decode(text))

    def __len__(self) -> int:
        """Count what has no receipt yet."""
        return len(self._waiting)

    def __iter__(self) -> Iterator[Notice]:
        """Go through what has no receipt yet."""
        return iter(list(self._waiting.values()))

    def put(self, notice: Notice) -> None:
        """Take a notice to be sent; one that is waiting already is not taken twice."""
        if notice.notice_id not in self._waiting:
            self._keep(notice)

    def due(self, now_us: int) -> list[Notice]:
        """Return what is to be sent once this turn is on disk; each stays out until `settle`.

        What a channel may not send one by one is gathered into one message.
        """
        for notice_id in self._agenda.due(now_us):
            notice = self._waiting[notice_id]
            self._lane(notice.channel).ready[notice_id] = notice
        going: list[Notice] = []
        for lane in self._lanes.values():
            if lane.ready:
                self._gather(lane, now_us)
                going += lane.take(now_us)
        return going

    def settle(self, result: Result, now_us: int) -> Settled | None:
        """Write the receipt of one attempt; try again later, unless that is pointless.

        None for a notice that is not waiting: it had its receipt before.
        """
        notice = self._waiting.get(result.notice_id)
        if notice is None:
            return None
        self._lane(notice.channel).settle(notice.notice_id)
        outcome = _outcome(notice, result)
        self.write(receipts(notice, outcome, result.sentence, now_us))
        if outcome == "again":
            self._keep(_later(notice, now_us))
        else:
            self._forget(notice)
        return Settled(notice, outcome)

    def overtake(self, alert_id: str, sentence: str, now_us: int) -> bool:
        """Take out what nobody need be told any more; say if some of it is on its way.

        What is about lives is told even then, and so is what is on its way: that cannot be called
        back.
        """
        remaining = False
        for notice_id in sorted(self._about.get(alert_id, ())):
            notice = self._waiting[notice_id]
            out = notice.notice_id in self._lane(notice.channel).on_the_way
            if out or notice.life_safety or len(notice.alert_ids) > 1:
                remaining = True
                continue
            self.write(receipts(notice, "overtaken", sentence, now_us))
            self._forget(notice)
        return remaining

    def is_telling(self, alert_id: str) -> bool:
        """Say whether something about this alert has no receipt yet."""
        return alert_id in self._about

    def write(self, written: Iterable[Receipt]) -> None:
        """Put receipts into the journal, each under its alert, or under whom it went to."""
        for each in written:
            self.recent.append(each)
            subject = each.alert_id or each.to
            self._pen.write(NOTICE, subject, msgspec.json.encode(each), at_us=each.at_us)

    def _gather(self, lane: Lane, now_us: int) -> None:
        crowd = sorted(lane.crowd(now_us), key=_by_recipient)
        for recipient, group in groupby(crowd, key=_by_recipient):
            notices = list(group)
            if len(notices) > 1:
                gathered = _summary(notices, Recipient(*recipient), now_us)
                for notice in notices:
                    self._forget(notice)
                self._keep(gathered)
                self._agenda.drop(gathered.notice_id)
                lane.ready[gathered.notice_id] = gathered

    def _lane(self, name: str) -> Lane:
        if name not in self._lanes:
            channel = self._channels.channels.get(name)
            limited = channel is not None and channel.form != "alertmanager"
            self._lanes[name] = Lane(channel.rate_per_min if channel and limited else None)
        return self._lanes[name]

    def _keep(self, notice: Notice) -> None:
        self._pen.keep(NOTICE, notice.notice_id, notice)
        self._schedule(notice)

    def _schedule(self, notice: Notice) -> None:
        self._waiting[notice.notice_id] = notice
        for alert_id in notice.alert_ids:
            self._about.setdefault(alert_id, set()).add(notice.notice_id)
        self._agenda.set(notice.notice_id, notice.not_before_us)

    def _forget(self, notice: Notice) -> None:
        del self._waiting[notice.notice_id]
        for alert_id in notice.alert_ids:
            self._about[alert_id].discard(notice.notice_id)
            if not self._about[alert_id]:
                del self._about[alert_id]
        self._agenda.drop(notice.notice_id)
        self._lane(notice.channel).forget(notice.notice_id)
        self._pen.drop(NOTICE, notice.notice_id)


def retry_after_s(attempt: int, *, life_safety: bool) -> int:
    """Return the pause after this attempt: twice as long each time, up to a limit."""
    return min(_FIRST_RETRY_S << min(attempt - 1, 20), _LONGEST_S[life_safety])


def _outcome(notice: Notice, result: Result) -> Outcome:
    if result.sent:
        return "sent"
    last = notice.attempt >= _ATTEMPTS[notice.life_safety]
    return "failed" if result.permanent or last else "again"


def _later(notice: Notice, now_us: int) -> Notice:
    pause_us = retry_after_s(notice.attempt, life_safety=notice.life_safety) * _S
    return msgspec.structs.replace(
        notice, attempt=notice.attempt + 1, not_before_us=now_us + pause_us
    )


def _by_recipient(notice: Notice) -> tuple[str, str]:
    return notice.to, notice.channel


def _summary(notices: list[Notice], recipient: Recipient, now_us: int) -> Notice:
    """Make one message of many; it stands for all their alerts, in the order they were made."""
    ordered = sorted(notices, key=lambda each: (each.made_us, each.notice_id))
    subjects = [subject for each in ordered for subject in each.subjects or (each.subject,)]
    language = ordered[0].language
    drill = all(each.drill for each in ordered)
    text = templates.summary(subjects, language, drill=drill)
    names = "|".join(each.notice_id for each in ordered)
    return Notice(
        notice_id=f"summary-{blake2b(names.encode(), digest_size=8).hexdigest()}",
        purpose="summary",
        to=recipient.to,
        channel=recipient.channel,
        language=language,
        subject=text.subject,
        body=text.body,
        others=_once(name for each in ordered for name in each.others),
        alert_ids=_once(alert_id for each in ordered for alert_id in each.alert_ids),
        ends=_once(alert_id for each in ordered for alert_id in each.ends),
        subjects=tuple(subjects),
        priority=ordered[0].priority,
        drill=drill,
        made_us=now_us,
    )


def _once(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(names))
