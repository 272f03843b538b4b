"""Topics of the MQTT contract: `yiwang/v1/{district}/{domain}/{device}/{channel}`."""

import re
from functools import lru_cache
from typing import Literal, NamedTuple

from core.errors import Invalid

Channel = Literal["telemetry", "position", "event", "status", "command", "reply"]

ROOT = "yiwang/v1"
FROM_DEVICE: tuple[Channel, ...] = ("telemetry", "position", "event", "status", "reply")
NAMESPACES = ("alerts", "system")
"""First levels below the root that are ours, not a district's."""

_SEGMENT = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
_DISTRICT = re.compile(r"[0-9]{6}")


class Topic(NamedTuple):
    """Who speaks (`device`, its id) and about what (`channel`)."""

    district: str
    domain: str
    device: str
    channel: str


def is_identifier(text: str) -> bool:
    """Say whether `text` can be one level of a topic: letters, digits, `._-`, at most 64."""
    return _SEGMENT.fullmatch(text) is not None


@lru_cache(maxsize=65536)
def parse_topic(topic: str) -> Topic:
    """Read a topic of the contract; Invalid (`bad_topic`) says which level is wrong."""
    levels = topic.split("/")
    if len(levels) != 6 or levels[:2] != ["yiwang", "v1"]:
        raise Invalid(
            f"The topic {topic[:200]!r} does not read {ROOT}/district/domain/device/channel.",
            code="bad_topic",
        )
    district, domain, device, channel = levels[2:]
    if not _DISTRICT.fullmatch(district):
        raise Invalid(f"The district {district[:64]!r} is not six digits.", code="bad_topic")
    for name, level in (("domain", domain), ("device", device)):
        if not is_identifier(level):
            raise Invalid(f"The {name} {level[:64]!r} is not an identifier.", code="bad_topic")
    if channel not in FROM_DEVICE:
        raise Invalid(
            f"The channel {channel[:64]!r} is none of {', '.join(FROM_DEVICE)}.", code="bad_topic"
        )
    return Topic(district, domain, device, channel)


def build_topic(district: str, domain: str, device: str, channel: Channel) -> str:
    """Write a topic of the contract."""
    return f"{ROOT}/{district}/{domain}/{device}/{channel}"


def alert_topic(alert_id: str) -> str:
    """Return the topic that holds the alert as long as it is open."""
    return f"{ROOT}/alerts/{alert_id}"


def system_topic(program: str, instance: str) -> str:
    """Return the topic of a program's heartbeat."""
    return f"{ROOT}/system/{program}/{instance}"
