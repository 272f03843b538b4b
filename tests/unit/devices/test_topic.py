"""Topics: six levels, of which four say something."""

import pytest

from core.errors import Invalid
from devices.topic import build_topic, parse_topic


def test_a_topic_reads_back_as_it_was_built() -> None:
    topic = build_topic("620171", "fire", "smoke-1", "event")

    assert topic == "yiwang/v1/620171/fire/smoke-1/event"
    assert parse_topic(topic) == ("620171", "fire", "smoke-1", "event")


@pytest.mark.parametrize(
    "topic",
    [
        pytest.param("", id="empty"),
        pytest.param("yiwang/v2/620171/fire/a/event", id="another-version"),
        pytest.param("yiwang/v1/62017/fire/a/event", id="five-digit-district"),
        pytest.param("yiwang/v1/６20171/fire/a/event", id="a-wide-digit"),
        pytest.param("yiwang/v1/620171/fi re/a/event", id="a-space"),
        pytest.param("yiwang/v1/620171/fire/" + "a" * 65 + "/event", id="65-characters"),
        pytest.param("yiwang/v1/620171/fire//event", id="no-device"),
        pytest.param("yiwang/v1/620171/fire/.a/event", id="a-dot-first"),
        pytest.param("yiwang/v1/620171/fire/a\n/event", id="a-line-break"),
        pytest.param("yiwang/v1/620171/fire/a/command", id="not-from-a-device"),
        pytest.param("yiwang/v1/620171/fire/a/event/x", id="seven-levels"),
    ],
)
def test_what_a_device_cannot_have_written_is_refused(topic: str) -> None:
    with pytest.raises(Invalid) as refusal:
        parse_topic(topic)

    assert refusal.value.code == "bad_topic"
