"""The loop: hear, judge, make durable, show, acknowledge; in this order, turn after turn."""

import asyncio
import time
from collections import Counter, deque
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path
from typing import Final, NamedTuple

import structlog

from alerts import metrics
from alerts.board import showing
from alerts.board.alert import Alert
from alerts.duty import Duty
from alerts.history.projecting import Projector
from alerts.journal.journal import Journal
from alerts.notices.notice import Notice, Result
from alerts.recording import Recorder
from alerts.registry_copy import RegistryCopy
from alerts.replying import Replies
from alerts.strangers import Strangers
from core.broker import BrokerClient, Delivery
from core.clock import from_us
from core.errors import Invalid
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


class Mail(NamedTuple):
    """How notices go out, and where it is written what became of them."""

    offer: Callable[[Iterable[Notice]], None]
    results: deque[Result]


class Engine:
    """Moves messages between broker, mind and disk; nothing is shown that is not durable.

    But for one thing: while the disk takes nothing, what lives depend on is shown at once and
    written later (docs/adr/0012).
    """

    def __init__(
        self,
        duty: Duty,
        journal: Journal,
        watch: RegistryWatch,
        projector: Projector,
        mail: Mail,
        registry_copy: Path,
    ) -> None:
        """Put the parts together; a newer registry is copied to `registry_copy`."""
        self._duty = duty
        self._journal = journal
        self._watch = watch
        self._projector = projector
        self._mail = mail
        self._registry_copy = RegistryCopy(registry_copy)
        self._recorder = Recorder(journal)
        self._backlog = self._recorder.backlog
        self._moved: list[Alert] = []
        self._notices: list[Notice] = []
        self._warned_of = 0
        self._inbox: deque[Delivery] = deque()
        self._strangers = Strangers()
        self._replies = Replies()
        self._ghosts: list[Delivery] = []
        self._outcomes: Counter[str] = Counter()
        self._wake = asyncio.Event()
        self._somebody_unknown = asyncio.Event()
        self._reconnected = False
        self._look_at = 0.0
        self._picture_at = 0.0
        self.received = 0

    @property
    def trouble(self) -> str | None:
        """Say what is wrong with listening or remembering, None if all is well."""
        if self._watch.registry is None:
            return "It is not known yet which devices there are; their messages wait in the broker."
        return self._recorder.trouble or self._registry_copy.trouble

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
            while self._watch.registry is None:
                await self._watch.refresh()
                await asyncio.sleep(_LOOK_EVERY_S)
            while True:
                with suppress(TimeoutError):
                    async with asyncio.timeout(_LOOK_EVERY_S):
                        await self._wake.wait()
                self._wake.clear()
                await self._take_turn(client)
        finally:
            self._recorder.close()

    async def meet_strangers_forever(self) -> None:
        """Read the registry when somebody unknown speaks, without waiting for the next poll."""
        while True:
            await self._somebody_unknown.wait()
            self._somebody_unknown.clear()
            await self._watch.refresh()
            await asyncio.sleep(_LOOK_EVERY_S)

    async def _take_turn(self, client: BrokerClient) -> None:
        if not self._backlog.is_full:
            self._listen(client)
        if not await self._recorder.write():
            self._warn(client)
        else:
            self._speak(client)
            for delivery in self._backlog.take_written():
                delivery.acknowledge()
        await asyncio.sleep(0)

    def _listen(self, client: BrokerClient) -> None:
        """Hear and judge; what it comes to waits in the backlog to become durable."""
        now_us = time.time_ns() // 1000
        done = self._follow_registry(now_us)
        if self._reconnected:
            self._reconnected = False
            self._duty.regain_hearing(now_us)
            self._show_board(client)
        while self._mail.results:
            self._duty.settle(self._mail.results.popleft(), now_us)
        done += [each for each in self._next_deliveries() if self._deal_with(each, now_us)]
        done += self._look_around(client, now_us)
        draft, moved, notices = self._duty.take_turn(now_us)
        self._moved += moved
        self._notices += notices
        self._backlog.add(draft, done)
        if self._recorder.is_stuck:
            for delivery in self._backlog.let_go(draft, done):
                delivery.acknowledge()

    def _show_board(self, client: BrokerClient) -> None:
        """Show everything again, except what has moved and is not durable."""
        waiting = {each.alert_id for each in self._moved if not each.life_safety}
        for each in self._duty.book:
            if each.alert.alert_id not in waiting:
                showing.show(client, each.alert)

    def _follow_registry(self, now_us: int) -> list[Delivery]:
        """Adopt a newer registry, and listen again to those who were unknown until now."""
        registry = self._watch.registry
        self._registry_copy.write()
        if registry is None or registry is self._duty.registry:
            return []
        self._duty.adopt(registry, now_us)
        self._registry_copy.renew(registry)
        return [each for each in self._strangers.take_all() if self._deal_with(each, now_us)]

    def _next_deliveries(self) -> list[Delivery]:
        # With the disk full one at a time: each alone says whether it must be held.
        count = min(len(self._inbox), 1 if self._recorder.is_stuck else _TURN)
        deliveries = [self._inbox.popleft() for _ in range(count)]
        if self._inbox:
            self._wake.set()
        self.received += count
        return deliveries

    def _deal_with(self, delivery: Delivery, now_us: int) -> bool:
        """Judge or answer one message; False if it must be kept for later."""
        topic = delivery.topic
        if topic == REQUESTS:
            if self._recorder.is_stuck:
                self._replies.refuse(delivery)
            else:
                text = self._duty.requests.answer(delivery.payload, from_us(now_us))
                self._replies.answer(delivery, text)
        elif topic.startswith(showing.TOPICS):
            if showing.is_ghost(delivery, self._duty.book):
                self._ghosts.append(delivery)
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

    def _warn(self, client: BrokerClient) -> None:
        """Show what lives depend on though it is not durable, and refuse what nobody can keep."""
        news, self._warned_of = self._moved[self._warned_of :], len(self._moved)
        showing.show_all(client, (each for each in news if each.life_safety))
        self._mail.offer(each for each in self._notices if each.life_safety)
        self._notices = [each for each in self._notices if not each.life_safety]
        self._replies.send_refusals(client)

    def _tell_log(self, moved: Iterable[Alert]) -> None:
        for alert in moved:
            metrics.TRANSITIONS.labels(alert.transition, alert.priority).inc()
            log.info(
                "alert moved",
                transition=alert.transition,
                alert_id=alert.alert_id,
                rule=alert.rule_id,
                device=alert.device_id,
                priority=alert.priority,
            )

    def _speak(self, client: BrokerClient) -> None:
        """Tell everybody what is durable now, and nothing twice."""
        self._tell_log(self._moved)
        for ghost in self._ghosts:
            if showing.is_ghost(ghost, self._duty.book):
                showing.take_down(client, ghost.topic)
        known = (each for each in self._moved[: self._warned_of] if not each.life_safety)
        showing.show_all(client, (*known, *self._moved[self._warned_of :]))
        self._replies.send(client)
        self._mail.offer(self._notices)
        self._notices.clear()
        self._projector.tell(self._journal.head.no)
        self._ghosts.clear()
        self._moved.clear()
        self._warned_of = 0

    def _count(self) -> None:
        """Keep the figures for Prometheus off the hot path."""
        metrics.WAITING.set(len(self._inbox))
        metrics.JUDGED.set(self._duty.listening.conditions.judged)
        metrics.UNJUDGED.set(self._duty.listening.conditions.unjudged)
        for outcome, count in self._outcomes.items():
            metrics.DELIVERIES.labels(outcome).inc(count)
        self._outcomes.clear()
