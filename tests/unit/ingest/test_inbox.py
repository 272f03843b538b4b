"""A batch is full, or its time is up."""

import asyncio

from core.broker import Delivery
from ingest.inbox import Inbox


def delivery(number: int) -> Delivery:
    return Delivery("a/b", str(number).encode(), received_us=number)


def inbox_with(number: int) -> Inbox:
    inbox = Inbox()
    for index in range(number):
        inbox.put(delivery(index))
    return inbox


async def test_a_full_batch_does_not_wait() -> None:
    batch = await inbox_with(5).next_batch(size=3, wait_s=3600)

    assert [d.payload for d in batch] == [b"0", b"1", b"2"]


async def test_a_batch_goes_when_its_time_is_up() -> None:
    inbox = inbox_with(2)

    assert len(await inbox.next_batch(size=3, wait_s=0.001)) == 2
    assert len(inbox) == 0


async def test_a_batch_goes_as_soon_as_it_is_full() -> None:
    inbox = inbox_with(2)
    waiting = asyncio.create_task(inbox.next_batch(size=3, wait_s=3600))
    await asyncio.sleep(0)

    inbox.put(delivery(2))

    assert len(await waiting) == 3


async def test_an_empty_inbox_waits_for_the_first() -> None:
    inbox = Inbox()
    waiting = asyncio.create_task(inbox.next_batch(size=1, wait_s=3600))
    await asyncio.sleep(0)
    assert not waiting.done()

    inbox.put(delivery(7))

    assert [d.payload for d in await waiting] == [b"7"]


async def test_the_oldest_is_the_one_that_waits_longest() -> None:
    assert Inbox().oldest_us is None
    assert inbox_with(3).oldest_us == 0
