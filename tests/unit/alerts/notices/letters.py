"""Channels and a post for the tests about notices."""

from alerts.notices.channels import Channel, Channels, Form, Person
from alerts.notices.notice import Language, Notice
from alerts.notices.post import Post
from tests.unit.alerts.making import NOW
from tests.unit.alerts.people.staffing import Memory


def channel(
    name: str,
    *,
    url: str = "json://localhost",
    language: Language = "zh",
    inside: bool = False,
    rate: int = 1000,
    form: Form = "short",
) -> Channel:
    return Channel(
        name=name,
        url=url,
        kind=url.partition(":")[0],
        language=language,
        audience="inside" if inside else "outside",
        rate_per_min=rate,
        form=form,
    )


def channels_of(*channels: Channel, **people: Person) -> Channels:
    return Channels({each.name: each for each in channels}, people)


CHANNELS = channels_of(
    channel("room", inside=True),
    channel("sms"),
    channel("mail", language="en", form="long"),
    channel("slow", rate=2),
    zhao=Person("赵", ("sms",), "mail"),
    sun=Person("孙", ("room", "mail")),
    wu=Person("吴", ("slow",)),
)


def notice(notice_id: str = "n1", **changes: object) -> Notice:
    known: dict[str, object] = {
        "notice_id": notice_id,
        "purpose": "raised",
        "to": "zhao",
        "channel": "sms",
        "language": "zh",
        "subject": f"告警 {notice_id}",
        "body": "温度过高",
        "alert_ids": ("a1",),
        "not_before_us": NOW,
        "made_us": NOW,
    }
    return Notice(**{**known, **changes})  # type: ignore[arg-type]


def post_of(memory: Memory, channels: Channels = CHANNELS) -> Post:
    return Post(channels, memory.pen, memory.records("notice"), memory.records("told"))
