"""From bytes on a topic to a `Report`; nothing but `Invalid` ever escapes."""

from typing import Final

from core.errors import Invalid
from devices.payload.judging import check_size
from devices.payload.mapped import decode_mapped
from devices.payload.native import decode_native
from devices.payload.senml import decode_senml
from devices.payload.sparkplug import SparkplugSession, decode_sparkplug, parse_sparkplug_topic
from devices.reading import Report
from devices.registry import Registry, Speaker
from devices.topic import Topic

__all__ = ["SparkplugSession", "decode", "decode_sparkplug", "parse_sparkplug_topic"]

_MAPPED: Final = frozenset({"telemetry", "position", "event"})
"""The channels a vendor's own JSON may use; `status` and `reply` are always ours."""


def decode(topic: Topic, payload: bytes, speaker: Speaker, registry: Registry) -> Report:
    """Read one message in the wire form that its channel, profile and first byte tell."""
    check_size(payload)
    _check_topic(topic, speaker)
    mapping = speaker.profile.mapping
    if mapping is not None and topic.channel in _MAPPED:
        return decode_mapped(mapping, payload, speaker)
    if topic.channel == "telemetry" and payload.lstrip()[:1] == b"[":
        return decode_senml(payload, speaker, registry)
    return decode_native(topic.channel, payload, speaker)


def _check_topic(topic: Topic, speaker: Speaker) -> None:
    """Refuse a device that speaks under another's place in the city."""
    device = speaker.device
    registered = (device.district, speaker.profile.domain, device.device_id)
    if topic[:3] != registered:
        raise Invalid(
            f"The topic says {'/'.join(topic[:3])}, the registry {'/'.join(registered)}.",
            code="topic_mismatch",
        )
