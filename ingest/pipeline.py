"""The two halves that overlap: one reads the next batch while the other waits for the commit."""

import asyncio
from collections.abc import Sequence
from typing import NamedTuple

import psycopg
import structlog

from core.broker import Delivery
from core.errors import Invalid, Unavailable
from devices.registry import Registry
from devices.watching import RegistryWatch
from ingest import store
from ingest.announcing import announcements_in
from ingest.batch import (
    Batch,
    Message,
    Source,
    batch_of,
    has_strangers,
    is_for_us,
    read_message,
    source_of,
)
from ingest.counting import BATCH_SIZE, COMMIT_SECONDS, Figures
from ingest.inbox import Inbox
from ingest.linking import DatabaseLink
from ingest.outcome import Outcome
from ingest.settings import Settings
from ingest.spool import Spool
from ingest.timing import limits_of

log = structlog.get_logger()

_NO_ROOM_AGAIN = 1.0  # seconds between attempts while the disk is full
_CAREFUL_FOR = 16  # batches after a repeat
_SLICE = 100  # messages read in one go, about two milliseconds
_IDLE = 0.5  # seconds until the writer looks for a returned database without being woken


class Load(NamedTuple):
    """Deliveries on their way; `batch` is None while there is no registry to read them by."""

    deliveries: list[Delivery]
    sources: list[Source]
    batch: Batch | None


class Pipeline:
    """Receive, read, store, acknowledge: in this order, whatever fails in between."""

    def __init__(
        self, settings: Settings, link: DatabaseLink, watch: RegistryWatch, spool: Spool
    ) -> None:
        """Wire the parts; `receive` may be called from then on."""
        self.figures = Figures()
        self.spool = spool
        self.trouble: str | None = None
        self._batching = settings.batching
        self._spool_wait_s = settings.spooling.wait_s
        self._limits = limits_of(settings.time)
        self._link = link
        self._watch = watch
        self._announced = announcements_in(settings.state_dir)
        self._inbox = Inbox()
        self._ready: asyncio.Queue[Load] = asyncio.Queue(1)
        self._writing: Load | None = None
        self._repeats_expected = 0
        self._open = True

    def receive(self, delivery: Delivery) -> None:
        """Take one message from the broker; what is not a device's voice is let go at once."""
        if not self._open:
            return  # we are leaving: unacknowledged, it comes again
        if delivery.retain or not is_for_us(delivery.topic):
            delivery.acknowledge()
            return
        self.figures.receive(len(delivery.payload))
        self._inbox.put(delivery)

    async def drain(self) -> None:
        """Take nothing new, and wait until all that was taken is stored or spooled."""
        self._open = False
        await self.figures.nothing_in_flight.wait()

    @property
    def oldest_us(self) -> int | None:
        """Return when the oldest message that is neither stored nor spooled was received."""
        if self._writing is not None:
            return self._writing.sources[0].received_us
        return self._inbox.oldest_us

    async def read_forever(self) -> None:
        """Turn deliveries into batches of messages; runs ahead of the writer by one batch."""
        while True:
            up = self._link.conn is not None
            deliveries = await self._inbox.next_batch(
                size=self._batching.size,
                wait_s=self._batching.wait_s if up else self._spool_wait_s,
            )
            sources = [source_of(delivery) for delivery in deliveries]
            await self._ready.put(Load(deliveries, sources, await self._read(sources)))

    async def write_forever(self) -> None:
        """Store or spool each batch, then acknowledge it; drain the spool in between."""
        while True:
            self._writing = await self._next_load()
            if self._writing is not None:
                await self._keep(self._writing)
                self._let_go(self._writing)
                self._writing = None
            if self._link.conn is not None and len(self.spool):
                await self._drain_some()

    async def _next_load(self) -> Load | None:
        if self._link.conn is not None and len(self.spool):
            return self._ready.get_nowait() if not self._ready.empty() else None
        try:
            async with asyncio.timeout(_IDLE):
                return await self._ready.get()
        except TimeoutError:
            return None

    async def _read(self, sources: Sequence[Source]) -> Batch | None:
        registry = self._watch.registry
        if registry is None:
            return None
        batch = await self._read_by(registry, sources)
        if has_strangers(batch.messages):
            newer = await self._watch.refreshed()
            if newer is not None and newer is not registry:
                return await self._read_by(newer, sources)
        return batch

    async def _read_by(self, registry: Registry, sources: Sequence[Source]) -> Batch:
        batch = Batch()
        for number, source in enumerate(sources, 1):
            message = read_message(source, registry, self._announced.sessions, self._limits)
            batch.add(message, self._limits)
            if number % _SLICE == 0:
                await asyncio.sleep(0)  # the writer's next statement goes out in between
        self._announced.save_after(sources)
        return batch

    async def _keep(self, load: Load) -> None:
        """Return only when the messages are committed, or synced to disk."""
        while not (load.batch is not None and await self._store(load.batch)):
            if await self._spool(load.sources):
                return
            await asyncio.sleep(_NO_ROOM_AGAIN)

    async def _spool(self, sources: Sequence[Source]) -> bool:
        """Put the messages on disk; says whether they are safe there."""
        try:
            await asyncio.to_thread(self.spool.append, sources)
        except Unavailable as error:
            self.trouble = error.message
            log.error("cannot spool", reason=error.message)  # noqa: TRY400 - handled: we wait
            return False
        self.trouble = None
        return True

    def _let_go(self, load: Load) -> None:
        for delivery in load.deliveries:
            delivery.acknowledge()
        self.figures.let_go(len(load.deliveries))

    async def _store(self, batch: Batch) -> bool:
        """Commit the batch; says whether the database has it now."""
        if self._link.conn is None:
            return False
        try:
            with COMMIT_SECONDS.time():
                appended = await store.append(
                    self._link.conn,
                    batch,
                    self._link.sequences,
                    self._limits,
                    repeats_likely=self._repeats_expected > 0,
                )
        except (psycopg.DataError, psycopg.IntegrityError) as error:
            return await self._store_halves(batch.messages, error)
        except psycopg.Error as error:
            await self._link.give_up(error)
            return False
        self.trouble = None
        self._link.sequences |= appended.sequences
        self._expect(repeats=Outcome.DUPLICATE in appended.outcomes)
        self._count(batch.messages, appended.outcomes)
        return True

    def _expect(self, *, repeats: bool) -> None:
        """Go the careful way for a while after a repeat: they seldom come alone."""
        self._repeats_expected = _CAREFUL_FOR if repeats else max(0, self._repeats_expected - 1)

    async def _store_halves(self, messages: Sequence[Message], error: psycopg.Error) -> bool:
        """Find the one message the database refuses, so that it takes no other down with it.

        If it refuses that one's quarantine too, the fault is not the message's: as in an outage.
        """
        if len(messages) == 1 and messages[0].problem is not None:
            await self._link.give_up(error)
            return False
        middle = len(messages) // 2
        halves = (
            (messages[:middle], messages[middle:]) if middle else ([refused(messages[0], error)],)
        )
        return all([await self._store(batch_of(half, self._limits)) for half in halves])

    async def _drain_some(self) -> None:
        files, sources = await asyncio.to_thread(self.spool.oldest, self._batching.size)
        batch = await self._read(sources)
        if batch is not None and await self._store(batch):
            self.spool.remove(files)

    def _count(self, messages: Sequence[Message], outcomes: list[Outcome]) -> None:
        BATCH_SIZE.observe(len(messages))
        self.figures.end(outcomes)
        for message in messages:
            if message.report is not None:
                self.figures.see(message.report.observed_us)


def refused(message: Message, error: psycopg.Error) -> Message:
    """Return the message as one that cannot be read, with what the database said of it."""
    reason = f"The database refuses the message: {str(error).splitlines()[0]}."
    return message._replace(report=None, problem=Invalid(reason, code="refused"), redated=None)
