"""A bare subscriber: the services' own client library and nothing behind it.

The yardstick for ingest: no ingester can be quicker than receiving and acknowledging alone. Runs
as a process of its own; says `ready` when it listens and, at the end, when the last message came.
"""

import argparse
import asyncio
import json
import sys
import time

from core.broker import BrokerClient, Delivery
from core.process import run
from core.settings import BrokerAddress, parse_broker_url
from devices.topic import system_topic

RECEIVE_MAXIMUM = 18_000
"""The ingester's own by default: three batches of 6,000."""

_WITHIN = 600.0  # seconds, for everything
_PROBE = system_topic("ingest", "bench")
_MESSAGES = "yiwang/v1/+/+/+/telemetry"


class Counter:
    """Acknowledges everything, and knows when all has come."""

    def __init__(self, count: int) -> None:
        """Expect `count` messages, and before them the probe."""
        self._missing = count
        self.listening, self.done = asyncio.Event(), asyncio.Event()
        if not count:
            self.done.set()

    def take(self, delivery: Delivery) -> None:
        """Count one message."""
        delivery.acknowledge()
        if delivery.topic == _PROBE:
            self.listening.set()
            return
        self._missing -= 1
        if not self._missing:
            self.done.set()


async def subscribe(address: BrokerAddress, count: int, *, persistent: bool) -> None:
    """Receive `count` messages; a probe to ourselves tells that the subscription stands."""
    counter = Counter(count)
    client = BrokerClient(
        address,
        client_id="bench-subscriber",
        on_delivery=counter.take,
        subscriptions=[_MESSAGES, _PROBE],
        persistent=persistent,
        receive_maximum=RECEIVE_MAXIMUM,
    )
    async with client, asyncio.timeout(_WITHIN):
        client.publish(_PROBE, b"probe")
        await counter.listening.wait()
        print("ready", flush=True)
        await counter.done.wait()
        print(json.dumps({"ended": time.monotonic(), "cpu_s": time.process_time()}))


def main() -> None:
    """Subscribe from the command line; the broker's address comes on standard input."""
    parser = argparse.ArgumentParser(prog="python -m bench.subscribing", description=__doc__)
    parser.add_argument("--count", type=int, required=True)
    parser.add_argument("--persistent", type=int, default=0, help="1 = come back to a session")
    options = parser.parse_args()
    address = parse_broker_url(sys.stdin.readline().strip())
    persistent = bool(options.persistent)
    run(lambda: subscribe(address, options.count, persistent=persistent), log_level="ERROR")


if __name__ == "__main__":
    main()
