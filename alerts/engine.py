"""The loop: hear, judge, make durable, show, acknowledge; in this order, turn after turn."""

import asyncio
import time
from collections import Counter, deque
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import Final, NamedTuple

import structlog

from alerts import metrics, showing
from alerts.duty import Duty
from alerts.journal import Draft, Journal
from alerts.projecting import Projector
from alerts.strangers import Strangers
from core.broker import BrokerClient, Delivery
from core.clock import from_us
from core.errors import Invalid
from devices import snapshot
from devices.topic import ROOT
from devices.watching import RegistryWatch

log = structlog.get_logger()

REQUESTS: Final = f"{ROOT}/system/alerts/request"
SUBSCRIPTIONS: Final = (
    *(f"{ROOT}/+/+/+/{channel}" for channel in ("telemetry", "position", "event", "status")),
    f"{ROOT}/+/+/+/reply",
    "spBv1.0/#",
    f"{ROOT}/system/ingest/+",
    f"{showing.TOPICS}+",
    REQUESTS,
)

_INGESTERS: Final = f"{ROOT}/system/ingest/"
_TURN: Final = 1000  # messages between two commits at most
_LOOK_EVERY_S: Final = 0.1
_PICTURE_EVERY_S: Final = 10.0


class _Reply(NamedTuple):
    """An answer, and the request it belongs to."""

    request: Delivery
    text: bytes


class Engine:
    """Moves messages between broker, mind and disk; nothing is shown that is not durable."""

    def __init__(
        self,
        duty: Duty,
        journal: Journal,
        watch: RegistryWatch,
        projector: Projector,
        registry_copy: Path,
    ) -> None:
        """Put the parts together; a newer registry is copied to `registry_copy`."""
        self._duty = duty
        self._journal = journal
        self._watch = watch
        self._projector = projector
        self._registry_copy = registry_copy
        self._inbox: deque[Delivery] = deque()
        self._strangers = Strangers()
        self._replies: list[_Reply] = []
        self._ghosts: list[str] = []
        self._outcomes: Counter[str] = Counter()
        self._wake = asyncio.Event()
        self._somebody_unknown = asyncio.Event()
        self._disk = ThreadPoolExecutor(1, thread_name_prefix="journal")
        self._reconnected = False
        self._look_at = 0.0
        self._picture_at = 0.0
        self.received = 0

    @property
    def trouble(self) -> str | None:
        """Say why nobody is listened to, None if everybody is."""
        if self._watch.registry is None:
            return "It is not known yet which devices there are; their messages wait in the broker."
        return None

    def receive(self, delivery: Delivery) -> None:
        """Take a message from the broker; it is acknowledged when it is dealt with."""
        self._inbox.append(delivery)
        self._wake.set()

    def note_connected(self) -> None:
        """Let the next turn show the whole board: the broker may have forgotten it."""
        self._reconnected = True
        self._wake.set()

    async def run_forever(self, client: BrokerClient) -> None:
        """Take a turn as soon as there is something to hear, and every tenth of a second."""
        try:
            while self.trouble:
                await self._watch.refresh()
                await asyncio.sleep(_LOOK_EVERY_S)
            while True:
                with suppress(TimeoutError):
                    async with asyncio.timeout(_LOOK_EVERY_S):
                        await self._wake.wait()
                self._wake.clear()
                await self._take_turn(client)
        finally:
            self._disk.shutdown()  # what has begun is finished before the journal closes

    async def meet_strangers_forever(self) -> None:
        """Read the registry when somebody unknown speaks, without waiting for the next poll."""
        while True:
            await self._somebody_unknown.wait()
            self._somebody_unknown.clear()
            await self._watch.refresh()
            await asyncio.sleep(_LOOK_EVERY_S)

    async def _take_turn(self, client: BrokerClient) -> None:
        now_us = time.time_ns() // 1000
        done = self._follow_registry(now_us)
        if self._reconnected:
            self._reconnected = False
            self._duty.regain_hearing(now_us)
            for each in self._duty.book:
                showing.show(client, each.alert)
        done += [each for each in self._next_deliveries() if self._deal_with(each, now_us)]
        done += self._look_around(client, now_us)
        draft = self._duty.take_draft()
        if any(draft):
            await self._make_durable(draft)
        self._speak(client, draft)
        for delivery in done:
            delivery.acknowledge()
        await asyncio.sleep(0)

    def _follow_registry(self, now_us: int) -> list[Delivery]:
        """Adopt a newer registry, and listen again to those who were unknown until now."""
        registry = self._watch.registry
        if registry is None or registry is self._duty.registry:
            return []
        self._duty.adopt(registry, now_us)
        snapshot.save(registry, self._registry_copy)
        return [each for each in self._strangers.take_all() if self._deal_with(each, now_us)]

    def _next_deliveries(self) -> list[Delivery]:
        count = min(len(self._inbox), _TURN)
        deliveries = [self._inbox.popleft() for _ in range(count)]
        if self._inbox:
            self._wake.set()
        self.received += count
        return deliveries

    def _deal_with(self, delivery: Delivery, now_us: int) -> bool:
        """Judge or answer one message; False if it must be kept for later."""
        topic = delivery.topic
        if topic == REQUESTS:
            text = self._duty.requests.answer(delivery.payload, from_us(now_us))
            self._replies.append(_Reply(delivery, text))
        elif topic.startswith(showing.TOPICS):
            if showing.is_ghost(delivery, self._duty.book):
                self._ghosts.append(topic)
        elif topic.startswith(_INGESTERS):
            self._duty.hear_ingester(delivery, now_us)
        else:
            return self._hear(delivery, now_us)
        return True

    def _hear(self, delivery: Delivery, now_us: int) -> bool:
        try:
            self._duty.hear(delivery, now_us)
        except Invalid as error:
            if error.code == "unknown_device" and self._strangers.keep(delivery, now_us):
                self._somebody_unknown.set()
                return False
            self._outcomes[error.code] += 1  # ingest quarantines it; here it is only counted
        else:
            self._outcomes["judged"] += 1
        return True

    def _look_around(self, client: BrokerClient, now_us: int) -> Iterable[Delivery]:
        """Notice silence, now and then; return the messages that nobody will explain any more."""
        now = time.monotonic()
        if now < self._look_at:
            return ()
        self._look_at = now + _LOOK_EVERY_S
        self._duty.look_around(now_us, connected=client.connected)
        if now >= self._picture_at:
            self._picture_at = now + _PICTURE_EVERY_S
            self._duty.save_picture()
        self._count()
        # As long as nobody can be looked up, nobody remains unknown for good.
        expired = list(self._strangers.take_expired(now_us)) if self._watch.reachable else []
        self._outcomes["unknown_device"] += len(expired)
        return expired

    async def _make_durable(self, draft: Draft) -> None:
        loop = asyncio.get_running_loop()
        with metrics.COMMIT_SECONDS.time():
            await loop.run_in_executor(self._disk, self._journal.commit, draft)
        for alert, *_ in draft.entries:
            metrics.TRANSITIONS.labels(alert.transition, alert.priority).inc()
            log.info(
                "alert moved",
                transition=alert.transition,
                alert_id=alert.alert_id,
                rule=alert.rule_id,
                device=alert.device_id,
                priority=alert.priority,
            )

    def _speak(self, client: BrokerClient, draft: Draft) -> None:
        """Tell everybody what is durable now."""
        showing.show_all(client, draft.entries)
        for topic in self._ghosts:
            showing.take_down(client, topic)
        for request, text in self._replies:
            if request.response_topic:
                client.publish(request.response_topic, text, correlation=request.correlation)
        self._ghosts.clear()
        self._replies.clear()
        if draft.entries:
            self._projector.tell(self._duty.book.last_seq)

    def _count(self) -> None:
        """Keep the figures for Prometheus off the hot path."""
        metrics.WAITING.set(len(self._inbox))
        metrics.JUDGED.set(self._duty.conditions.judged)
        metrics.UNJUDGED.set(self._duty.conditions.unjudged)
        for outcome, count in self._outcomes.items():
            metrics.DELIVERIES.labels(outcome).inc(count)
        self._outcomes.clear()
