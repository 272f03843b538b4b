"""What the broker says, what the engine answers, and what happens between the two."""

import asyncio
import json
from contextlib import suppress
from typing import Any, cast

import pytest

from api.alert import Alert, read_alert
from api.engine import Engine, Page
from api.live import Live
from api.stream import Listener, Stream
from core.broker import BrokerClient, Delivery


def document(seq: int, alert_id: str = "", **fields: Any) -> bytes:
    usual = {
        "alert_id": alert_id or f"a-{seq}",
        "seq": seq,
        "kind": "event",
        "priority": "high",
        "state": "unacknowledged",
        "device_id": None,
        "site_id": None,
        "raised_at": "2026-05-01T00:00:00Z",
    }
    return json.dumps(usual | fields).encode()


class Broker:
    """Only remembers who wants to know of a connect."""

    def on_connected(self, listener: Any) -> None:
        listener()


class Memory:
    """An engine that answers from two lists; `before_it_is_read` runs after the answer is made."""

    reply_topic = "yiwang/v1/system/reply/test"

    def __init__(self) -> None:
        self.journal: list[Alert] = []
        self.answered = asyncio.Event()
        self.before_it_is_read = lambda: None

    async def events_since(self, seq: int) -> Page:
        last = self.journal[-1].facts.seq if self.journal else 0
        events = [alert for alert in self.journal if alert.facts.seq > seq]
        self.before_it_is_read()
        return Page(events, min(1, last), last, max(last, seq))

    async def open_alerts(self) -> list[Alert]:
        self.answered.set()
        return [alert for alert in self.journal if alert.is_open]


def say(
    live: Live, payload: bytes, *, topic: str = "yiwang/v1/alerts/a", retain: bool = False
) -> None:
    live.take(Delivery(topic, payload, received_us=0, retain=retain))


async def caught_up(live: Live, memory: Memory) -> None:
    live.connect(cast("BrokerClient", Broker()), cast("Engine", memory))
    following = asyncio.create_task(live.follow_forever())
    async with asyncio.timeout(5):
        await memory.answered.wait()
    following.cancel()
    with suppress(asyncio.CancelledError):
        await following


def queued(listener: Listener) -> list[bytes]:
    frames = []
    while not listener._queue.empty():
        frame = listener._queue.get_nowait()
        assert frame is not None
        frames.append(frame.data.partition(b"\ndata")[0])
    return frames


@pytest.fixture
def live() -> Live:
    return Live(Stream(at_most=5))


async def test_what_happens_while_an_answer_travels_is_neither_lost_nor_a_reason_to_reset(
    live: Live,
) -> None:
    memory = Memory()
    live.journal.start(0)
    memory.before_it_is_read = lambda: say(live, document(1))

    with live.stream.listening() as listener:
        await caught_up(live, memory)

        assert queued(listener) == [b"id: 1\nevent: alert"]
    assert set(live.picture.open_alerts) == {"a-1"}


async def test_a_journal_that_began_anew_makes_everybody_reload(live: Live) -> None:
    memory = Memory()
    memory.journal = [read_alert(document(1))]
    live.journal.start(500)
    say(live, document(499, "old"), retain=True)

    with live.stream.listening() as listener:
        await caught_up(live, memory)

        assert queued(listener) == [b"id: 1\nevent: reset"]
    assert set(live.picture.open_alerts) == {"a-1"}


async def test_the_retained_past_is_a_picture_not_news(live: Live) -> None:
    live.journal.start(5)
    with live.stream.listening() as listener:
        say(live, document(5), retain=True)

        assert queued(listener) == []
    assert set(live.picture.open_alerts) == {"a-5"}


@pytest.mark.parametrize("payload", [b"{", b"[]", b"\xff", b'{"alert_id": 7}'])
async def test_nonsense_on_the_broker_is_dropped(live: Live, payload: bytes) -> None:
    say(live, payload)
    say(live, payload, topic="yiwang/v1/system/ingest/all")

    assert live.picture.open_alerts == {}


async def test_a_retained_heartbeat_is_as_old_as_it_says(live: Live) -> None:
    beat = {"program": "ingest", "instance": "all", "at": 1000, "state": "running"}

    say(live, json.dumps(beat).encode(), topic="yiwang/v1/system/ingest/all", retain=True)

    assert live.picture.heard_of("ingest")[0].at_us == 1_000_000
