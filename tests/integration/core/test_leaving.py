"""Who leaves the broker in the middle of a stream is not sent again what it has acknowledged."""

import asyncio
from collections.abc import Callable

from core.broker import BrokerClient, Delivery
from tests.fixtures.servers import Servers

TOPIC = "yiwang/v1/620171/fire/leaving-1/telemetry"
QUEUED, TAKEN = 3000, 700
WITHIN_S = 20


def reader(broker: Servers, take: Callable[[Delivery], None]) -> BrokerClient:
    return BrokerClient(
        broker.broker_address("svc-ingest"),
        client_id="leaving",
        on_delivery=take,
        subscriptions=[TOPIC],
        persistent=True,
        retained="none",
    )


async def queue_for(broker: Servers) -> None:
    """Let the broker queue messages for the reader, who is away."""
    subscribed = asyncio.Event()
    away = reader(broker, lambda _: None)
    away.on_connected(subscribed.set)
    async with away, asyncio.timeout(WITHIN_S):
        await subscribed.wait()
    address = broker.broker_address("svc-simulators")
    async with BrokerClient(
        address, client_id="leaving-field", on_delivery=lambda _: None, subscriptions=[]
    ) as field:
        for number in range(QUEUED):
            field.publish(TOPIC, b"%d" % number + b" " * 2000)
        async with asyncio.timeout(WITHIN_S):
            while field.unsent:
                await asyncio.sleep(0.01)


async def test_what_was_acknowledged_before_leaving_never_comes_again(broker: Servers) -> None:
    await queue_for(broker)
    acknowledged: set[bytes] = set()
    again: set[bytes] = set()
    enough, everything = asyncio.Event(), asyncio.Event()

    def take(delivery: Delivery) -> None:
        acknowledged.add(delivery.payload)
        delivery.acknowledge()
        if len(acknowledged) >= TAKEN:
            enough.set()

    def take_the_rest(delivery: Delivery) -> None:
        if delivery.payload in acknowledged:
            again.add(delivery.payload)
        delivery.acknowledge()
        if delivery.payload.startswith(b"%d " % (QUEUED - 1)):
            everything.set()

    async with reader(broker, take), asyncio.timeout(WITHIN_S):
        await enough.wait()
    async with reader(broker, take_the_rest), asyncio.timeout(WITHIN_S):
        await everything.wait()

    assert len(again) == 0
