"""Lines against a real broker: last will, redelivery after an outage, books that agree."""

import asyncio
import json
import os
import signal
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import aiomqtt
import pytest

from core.settings import BrokerAddress
from simulators.books import Books
from simulators.line import Line
from simulators.message import Message
from tests.fixtures.servers import PrivateStack, Servers

TOPIC = "yiwang/v1/620171/fire/line-test-{}/telemetry"
STATUS = "yiwang/v1/620171/fire/line-test-{}/status"
HEARTBEAT = "yiwang/v1/system/simulators/city"
PATIENCE_S = 30
SCENARIO = """
title_zh = "火"
title_en = "Fire"
duration_s = 4

[[happens]]
label = "fire"
what = "fire"
at_s = 0
for_s = 3
devices = { ids = ["unit-003-01-smoke-detector"] }
"""


class Listener:
    """Everything heard so far, and waiting until it is enough."""

    def __init__(self) -> None:
        self.heard: list[tuple[str, bytes]] = []
        self._news = asyncio.Event()

    def take(self, message: aiomqtt.Message) -> None:
        assert isinstance(message.payload, bytes)
        self.heard.append((str(message.topic), message.payload))
        self._news.set()

    async def until(self, enough: Callable[[list[tuple[str, bytes]]], bool]) -> None:
        async with asyncio.timeout(PATIENCE_S):
            while not enough(self.heard):
                self._news.clear()
                await self._news.wait()


def client(address: BrokerAddress, name: str) -> aiomqtt.Client:
    return aiomqtt.Client(
        address.host,
        address.port,
        username=address.username,
        password=address.password.get_secret_value(),
        identifier=name,
        protocol=aiomqtt.ProtocolVersion.V5,
    )


@asynccontextmanager
async def listening(address: BrokerAddress, topic: str) -> AsyncIterator[Listener]:
    listener = Listener()

    async def listen(ready: asyncio.Event) -> None:
        async with client(address, f"listener-{topic.split('/')[-2]}") as heard:
            await heard.subscribe(topic, qos=1)
            ready.set()
            async for message in heard.messages:
                listener.take(message)

    ready = asyncio.Event()
    task = asyncio.create_task(listen(ready))
    try:
        async with asyncio.timeout(PATIENCE_S):
            await ready.wait()
        yield listener
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


@asynccontextmanager
async def speaking(line: Line) -> AsyncIterator[None]:
    task = asyncio.create_task(line.speak_forever())
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def within_patience(waiting: Awaitable[None]) -> None:
    async with asyncio.timeout(PATIENCE_S):
        await waiting


async def start(broker: Servers, state: Path, *arguments: str) -> asyncio.subprocess.Process:
    """Start one of our commands as an operator would."""
    return await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "simulators", *arguments),
        env=os.environ
        | {
            "SIMULATORS_BROKER_URL": broker.broker_url("svc-simulators"),
            "SIMULATORS_API_URL": "http://127.0.0.1:9",
            "SIMULATORS_API_USERNAME": "admin",
            "SIMULATORS_API_PASSWORD": "unused",
            "SIMULATORS_STATE_DIR": str(state),
        },
        stdout=asyncio.subprocess.PIPE,
    )


async def test_everything_offered_is_heard_in_order_and_confirmed(broker: Servers) -> None:
    address, topic, books = broker.broker_address("svc-simulators"), TOPIC.format("order"), Books()
    line = Line(address, "order", books)

    async with listening(address, topic) as listener, speaking(line):
        for number in range(500):
            line.offer(Message(0, topic, str(number).encode()))
        await within_patience(line.drained())
        await listener.until(lambda heard: len(heard) == 500)

    assert [payload for _, payload in listener.heard] == [b"%d" % n for n in range(500)]
    assert books == Books(published=500, acknowledged=500)


async def test_a_line_greets_says_its_will_when_it_hangs_up_and_greets_again(
    broker: Servers,
) -> None:
    address, topic = broker.broker_address("svc-simulators"), STATUS.format("wave")
    line = Line(
        address,
        "wave",
        Books(),
        will=lambda: Message(0, topic, b"gone", retain=True),
        greeting=lambda: Message(0, topic, b"here", retain=True),
    )

    async with listening(address, topic) as listener, speaking(line):
        await listener.until(lambda heard: [p for _, p in heard] == [b"here"])
        line.hang_up()
        await listener.until(lambda heard: [p for _, p in heard] == [b"here", b"gone"])
        line.dial()
        await listener.until(lambda heard: [p for _, p in heard] == [b"here", b"gone", b"here"])


async def test_what_was_offered_before_hanging_up_is_still_said(broker: Servers) -> None:
    address, topic = broker.broker_address("svc-simulators"), TOPIC.format("last-words")
    line = Line(address, "last-words", Books())

    async with listening(address, topic) as listener, speaking(line):
        line.offer(Message(0, topic, b"main power lost"))
        line.hang_up()
        line.dial()
        await listener.until(lambda heard: len(heard) == 1)


async def test_a_broker_restart_loses_nothing_that_was_offered(
    private_stack: PrivateStack,
) -> None:
    servers = private_stack(only={"broker"})
    address, topic, books = servers.broker_address("svc-simulators"), TOPIC.format("cut"), Books()
    line = Line(address, "cut", books, window=8)

    async with speaking(line):
        for number in range(200):
            line.offer(Message(0, topic, str(number).encode()))
        await within_patience(line.drained())
        await asyncio.to_thread(servers.stop, "broker")
        for number in range(200, 400):
            line.offer(Message(0, topic, str(number).encode()))
        await asyncio.to_thread(servers.start, "broker")
        async with listening(address, topic) as listener:
            line.offer(Message(0, topic, b"400"))
            await within_patience(line.drained())
            await listener.until(lambda heard: (topic, b"400") in heard)

    assert books.acknowledged == books.published == 401
    assert books.discarded == 0


@pytest.mark.parametrize("turns", range(12))
async def test_a_line_stopped_while_the_broker_confirms_stops(broker: Servers, turns: int) -> None:
    """`asyncio.wait_for` of Python 3.11 loses every third such cancellation."""
    address, topic, books = broker.broker_address("svc-simulators"), TOPIC.format("stop"), Books()
    line = Line(address, f"stop-{turns}", books, window=8)
    for number in range(3000):
        line.offer(Message(0, topic, str(number).encode()))

    speaking = asyncio.create_task(line.speak_forever())
    while books.acknowledged < 20:
        await asyncio.sleep(0)
    for _ in range(turns):  # of the event loop, between a confirmation and its hearing
        await asyncio.sleep(0)
    speaking.cancel()
    await asyncio.wait([speaking], timeout=PATIENCE_S)

    assert speaking.cancelled()


async def test_a_wrong_password_is_a_reason_to_come_back_later(broker: Servers) -> None:
    stranger = broker.broker_address("svc-simulators").model_copy(update={"username": "nobody"})

    reason = await Line(stranger, "stranger", Books())._talk()

    assert "not authorized" in reason.lower()


async def test_a_killed_city_is_reported_lost_by_the_broker(
    broker: Servers, tmp_path: Path
) -> None:
    address = broker.broker_address("svc-simulators")
    gateway = "yiwang/v1/620171/fire/unit-001-gateway/status"

    def says(heard: list[tuple[str, bytes]], topic: str, **facts: object) -> bool:
        return any(t == topic and facts.items() <= json.loads(p).items() for t, p in heard)

    async with listening(address, "yiwang/v1/#") as listener:
        city = await start(broker, tmp_path, "city", "--unregistered", "--scale", "0.02")
        await listener.until(lambda heard: says(heard, HEARTBEAT, state="running"))
        await listener.until(lambda heard: says(heard, gateway, online=True))
        city.send_signal(signal.SIGKILL)
        await city.wait()
        await listener.until(lambda heard: says(heard, HEARTBEAT, state="lost"))
        await listener.until(lambda heard: says(heard, gateway, online=False))


async def test_a_stopped_city_leaves_balanced_books(broker: Servers, tmp_path: Path) -> None:
    address = broker.broker_address("svc-simulators")
    async with listening(address, "yiwang/v1/620171/#") as listener:
        city = await start(broker, tmp_path, "city", "--unregistered", "--scale", "0.02")
        await listener.until(lambda heard: len(heard) > 20)
        city.send_signal(signal.SIGTERM)
        assert await city.wait() == 0
        books = json.loads((tmp_path / "books.json").read_text(encoding="utf-8"))
        await listener.until(lambda heard: len(heard) >= books["published"])

    assert books["published"] == books["acknowledged"]
    assert books["discarded"] == 0


async def test_a_load_of_known_size_is_confirmed_whole(broker: Servers, tmp_path: Path) -> None:
    load = await start(
        broker, tmp_path, "load", "--rate", "500", "--seconds", "2", "--devices", "100"
    )
    told, _ = await load.communicate()

    result = json.loads(told)
    assert result["published"] == result["acknowledged"] == 1000


async def test_a_running_city_performs_the_scenario_it_is_asked_for(
    broker: Servers, tmp_path: Path
) -> None:
    own = tmp_path / "own.toml"
    own.write_text(SCENARIO, encoding="utf-8")
    topic = "yiwang/v1/620171/fire/unit-003-01-smoke-detector/event"

    address = broker.broker_address("svc-simulators")
    async with listening(address, topic) as listener, listening(address, HEARTBEAT) as beating:
        city = await start(broker, tmp_path, "city", "--unregistered", "--scale", "0.03")
        await beating.until(lambda heard: len(heard) > 1)
        asked = await start(broker, tmp_path, "city", "--scale", "0.03", "--scenario", str(own))
        await listener.until(lambda heard: len(heard) == 2)
        city.send_signal(signal.SIGTERM)
        assert await asked.wait() == 0
        await city.wait()

    assert [json.loads(payload)["active"] for _, payload in listener.heard] == [True, False]
    assert (tmp_path / "truth-own.json").exists()
