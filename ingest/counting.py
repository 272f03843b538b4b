"""What this process has done since it started: for its heartbeat and for Prometheus."""

import asyncio
import time
from collections import Counter as Counts
from collections.abc import Iterable

from prometheus_client import Counter, Gauge, Histogram

from ingest.outcome import Outcome

RECEIVED = Counter("ingest_messages_received", "Messages handed over by the broker")
ENDED = Counter("ingest_messages_ended", "Messages by the way they ended", ["outcome"])
SPOOLED = Gauge("ingest_spooled_messages", "Messages that wait on disk for the database")
IN_FLIGHT = Gauge("ingest_in_flight_messages", "Messages received and not yet acknowledged")
BATCH_SIZE = Histogram(
    "ingest_batch_messages", "Messages in a transaction", buckets=(1, 10, 100, 1000, 4000, 10000)
)
COMMIT_SECONDS = Histogram("ingest_commit_seconds", "Time of one batch's transaction")


class Figures:
    """Plain totals beside the Prometheus ones: the heartbeat wants numbers, not samples."""

    def __init__(self) -> None:
        """Start at nothing."""
        self.received = 0
        self.received_bytes = 0
        self.in_flight = 0
        self.nothing_in_flight = asyncio.Event()
        self.nothing_in_flight.set()
        self.ended: Counts[Outcome] = Counts()
        self.newest_observed_us: int | None = None
        self._started = time.monotonic()
        self._last = (self._started, 0)
        self.rate_per_s = 0.0

    def receive(self, size: int) -> None:
        """Count one message of `size` bytes in."""
        self.received += 1
        self.received_bytes += size
        self.in_flight += 1
        self.nothing_in_flight.clear()

    def let_go(self, number: int) -> None:
        """Count messages that are acknowledged."""
        self.in_flight -= number
        if not self.in_flight:
            self.nothing_in_flight.set()

    def end(self, outcomes: Iterable[Outcome]) -> None:
        """Count how a batch ended."""
        counts = Counts(outcomes)
        self.ended += counts
        for outcome, number in counts.items():
            ENDED.labels(outcome.name.lower()).inc(number)

    def see(self, observed_us: int) -> None:
        """Note the newest instant any device has spoken of."""
        if self.newest_observed_us is None or observed_us > self.newest_observed_us:
            self.newest_observed_us = observed_us

    def bytes_per_hour(self) -> float:
        """Return the average inflow since the start, to tell how long the spool can last."""
        return self.received_bytes / max(1.0, time.monotonic() - self._started) * 3600

    def tick(self) -> None:
        """Measure the rate since the last tick and bring Prometheus up to date."""
        now, (then, received) = time.monotonic(), self._last
        self.rate_per_s = (self.received - received) / max(0.001, now - then)
        RECEIVED.inc(self.received - received)
        IN_FLIGHT.set(self.in_flight)
        self._last = (now, self.received)
