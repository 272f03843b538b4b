"""What `core.broker` promises, on a real broker that is stopped and started."""

import asyncio
from collections.abc import Callable

import pytest

from core.broker import BrokerClient, Delivery
from core.settings import BrokerAddress
from tests.fixtures.servers import PrivateStack, Servers

TOPIC = "yiwang/v1/620171/fire/one/telemetry"
WITHIN = 30  # seconds


class Listener:
    """A client that keeps what it hears, and acknowledges when it is told to."""

    def __init__(self, address: BrokerAddress, client_id: str = "test-listener") -> None:
        self.heard: list[Delivery] = []
        self.client = BrokerClient(
            address,
            client_id=client_id,
            on_delivery=self.heard.append,
            subscriptions=[TOPIC],
            persistent=True,
            retained="none",
        )

    @property
    def payloads(self) -> list[bytes]:
        return [delivery.payload for delivery in self.heard]

    def acknowledge_all(self) -> list[Delivery]:
        for delivery in self.heard:
            delivery.acknowledge()
        return self.heard


async def until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(WITHIN):
        while not condition():
            await asyncio.sleep(0.01)


def speaker(address: BrokerAddress) -> BrokerClient:
    return BrokerClient(
        address, client_id="test-speaker", on_delivery=lambda _: None, subscriptions=[]
    )


@pytest.fixture
def own_broker(private_stack: PrivateStack) -> Servers:
    return private_stack({"broker"})


@pytest.fixture
def heard_by(own_broker: Servers) -> BrokerAddress:
    return own_broker.broker_address("svc-ingest")


@pytest.fixture
def said_by(own_broker: Servers) -> BrokerAddress:
    return own_broker.broker_address("svc-simulators")


async def test_what_was_not_acknowledged_comes_again(
    heard_by: BrokerAddress, said_by: BrokerAddress
) -> None:
    first, second = Listener(heard_by), Listener(heard_by)
    async with first.client, speaker(said_by) as mouth:
        await until(lambda: first.client.connected)
        for payload in (b"kept", b"let go"):
            mouth.publish(TOPIC, payload)
        await until(lambda: len(first.heard) == 2)
        first.heard[1].acknowledge()
        await until(lambda: mouth.unsent == 0)

    async with second.client:
        await until(lambda: len(second.heard) == 1)

    assert second.payloads == [b"kept"]


async def test_an_acknowledgement_of_a_lost_connection_reaches_nobody(
    own_broker: Servers, heard_by: BrokerAddress, said_by: BrokerAddress
) -> None:
    listener = Listener(heard_by)
    async with listener.client, speaker(said_by) as mouth:
        await until(lambda: listener.client.connected)
        mouth.publish(TOPIC, b"before")
        await until(lambda: len(listener.heard) == 1)
        await asyncio.to_thread(own_broker.stop, "broker")
        await until(lambda: not listener.client.connected)
        await asyncio.to_thread(own_broker.start, "broker")
        await until(lambda: len(listener.heard) == 2)

        listener.heard[0].acknowledge()  # of the first life: must not stand for the second

    again = Listener(heard_by)
    async with again.client:
        await until(lambda: len(again.heard) == 1)
    assert again.payloads == [b"before"]


async def test_what_is_published_while_the_broker_is_away_goes_out_later(
    own_broker: Servers, heard_by: BrokerAddress, said_by: BrokerAddress
) -> None:
    listener = Listener(heard_by)
    async with listener.client, speaker(said_by) as mouth:
        await until(lambda: listener.client.connected and mouth.connected)
        await asyncio.to_thread(own_broker.stop, "broker")
        await until(lambda: not mouth.connected)

        mouth.publish(TOPIC, b"patient")
        assert mouth.unsent == 1
        await asyncio.to_thread(own_broker.start, "broker")

        await until(lambda: b"patient" in listener.payloads)
        await until(lambda: mouth.unsent == 0)


async def test_more_publications_than_the_window_all_arrive(
    heard_by: BrokerAddress, said_by: BrokerAddress
) -> None:
    listener = Listener(heard_by)
    async with listener.client, speaker(said_by) as mouth:
        await until(lambda: listener.client.connected and mouth.connected)
        numbers = [str(number).encode() for number in range(3000)]

        for number in numbers:
            mouth.publish(TOPIC, number)
        await until(lambda: len(listener.acknowledge_all()) == len(numbers))

    assert listener.payloads == numbers


async def test_a_wrong_password_is_retried_not_fatal(heard_by: BrokerAddress) -> None:
    stranger = Listener(heard_by.model_copy(update={"username": "nobody"}))
    async with stranger.client:
        done, _ = await asyncio.wait(
            [asyncio.create_task(until(lambda: stranger.client.connected))], timeout=2
        )

    assert not done
