"""A notice: one message to one person by one way; and what became of it."""

from typing import Literal, NamedTuple

import msgspec

Language = Literal["zh", "en"]
Purpose = Literal[
    "raised",
    "escalated",
    "reminder",
    "returned",
    "cleared",
    "assigned",
    "check",
    "missed",
    "overdue",
    "summary",
]
Outcome = Literal["waiting", "sent", "again", "failed", "overtaken", "no_way"]


class Recipient(msgspec.Struct, frozen=True):
    """Who is told and by which channel; `to` is a person, or the channel itself if it is shared."""

    to: str
    channel: str


class Notice(msgspec.Struct, frozen=True, kw_only=True):
    """What is to be sent. The same telling has the same `notice_id`, however often it is sent.

    `alert_ids` are more than one in a summary, whose `subjects` are those it gathers; there are
    none in a duty check. It tells of the end of those in `ends`. `others` are reached by the same
    message. `attempt` counts from 1.
    """

    notice_id: str
    purpose: Purpose
    to: str
    channel: str
    language: Language
    subject: str
    body: str
    others: tuple[str, ...] = ()
    alert_ids: tuple[str, ...] = ()
    ends: tuple[str, ...] = ()
    subjects: tuple[str, ...] = ()
    step: int = 0
    priority: str = "medium"
    life_safety: bool = False
    drill: bool = False
    attempt: int = 1
    not_before_us: int = 0
    made_us: int = 0

    @property
    def recipient(self) -> Recipient:
        """Return whom it is for."""
        return Recipient(self.to, self.channel)


class Result(NamedTuple):
    """What became of one attempt; `sentence` says why, without any secret.

    `permanent`: trying again the same way is pointless.
    """

    notice_id: str
    sent: bool
    sentence: str
    permanent: bool = False


class Receipt(msgspec.Struct, frozen=True, kw_only=True):
    """Who was told what, when, by which way: a line of the journal.

    `gathered` counts the alerts that the message was about; more than one in a summary.
    """

    notice_id: str
    purpose: Purpose
    to: str
    others: tuple[str, ...]
    channel: str
    language: Language
    subject: str
    alert_id: str | None
    gathered: int
    step: int
    drill: bool
    attempt: int
    outcome: Outcome
    sentence: str
    at_us: int


def receipts(notice: Notice, outcome: Outcome, sentence: str, at_us: int) -> list[Receipt]:
    """Write down what became of a notice, once for every alert it was about."""
    return [
        Receipt(
            notice_id=notice.notice_id,
            purpose=notice.purpose,
            to=notice.to,
            others=notice.others,
            channel=notice.channel,
            language=notice.language,
            subject=notice.subject,
            alert_id=alert_id,
            gathered=len(notice.alert_ids),
            step=notice.step,
            drill=notice.drill,
            attempt=notice.attempt,
            outcome=outcome,
            sentence=sentence,
            at_us=at_us,
        )
        for alert_id in notice.alert_ids or (None,)
    ]
