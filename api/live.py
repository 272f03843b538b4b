"""The api's own line to the broker: keeps the live picture, and notices what it has missed."""

import asyncio

import msgspec
import structlog

from api.alert import Alert, read_alert
from api.engine import REQUEST_TOPIC, Engine, Page
from api.journal import Journal
from api.metrics import CATCH_UPS, TRANSITIONS
from api.picture import Picture, Pulse
from api.stream import Stream, alert_frame, reset_frame
from core.broker import BrokerClient, Delivery
from core.errors import Unavailable, YiwangError
from devices.topic import ROOT

log = structlog.get_logger()

ALERTS = f"{ROOT}/alerts/"
SYSTEM = f"{ROOT}/system/"
SUBSCRIPTIONS = (f"{ALERTS}+", f"{SYSTEM}+/+")
_ENGINE = ("alerts", "engine")
_RETRY_AFTER = 1.0  # seconds

_pulse = msgspec.json.Decoder(Pulse)


class Live:
    """Picture, journal and stream, fed by one connection."""

    def __init__(self, stream: Stream, journal: Journal | None = None) -> None:
        """Start empty; `connect` gives it the line it listens on."""
        self.picture = Picture()
        self.journal = journal or Journal()
        self.stream = stream
        self._behind = asyncio.Event()
        self._engine: Engine | None = None

    def connect(self, broker: BrokerClient, engine: Engine) -> None:
        """Catch up with `engine` after each connect: what was said meanwhile is not repeated."""
        self._engine = engine
        broker.on_connected(self._behind.set)

    def take(self, delivery: Delivery) -> None:
        """Sort one message from the broker; unreadable ones are noted and dropped."""
        delivery.acknowledge()
        try:
            if delivery.topic.startswith(ALERTS):
                self._take_alert(delivery)
            elif self._engine is not None and delivery.topic == self._engine.reply_topic:
                self._engine.take_answer(delivery)
            elif delivery.topic != REQUEST_TOPIC:
                self._take_pulse(delivery)
        except msgspec.MsgspecError as error:
            log.warning("message not readable", topic=delivery.topic, reason=str(error))

    def _take_alert(self, delivery: Delivery) -> None:
        if not delivery.payload:
            self.picture.forget(delivery.topic.removeprefix(ALERTS))
            return
        alert = read_alert(delivery.payload)
        if delivery.retain:
            self.picture.apply(alert)
        elif not self.journal.knows(alert.facts.seq):
            self._happened(alert)

    def _happened(self, alert: Alert) -> None:
        TRANSITIONS.inc()
        self.picture.apply(alert)
        settled = self.journal.add(alert)
        if not settled:  # something before it is missing: tell at once, number it later
            self.stream.send(alert_frame(alert, in_order=False))
            self._behind.set()
        for known in settled:
            self.stream.send(alert_frame(known))

    def _take_pulse(self, delivery: Delivery) -> None:
        if delivery.topic.startswith(f"{SYSTEM}reply/") or not delivery.payload:
            return
        pulse = _pulse.decode(delivery.payload)
        at_us = pulse.at * 1000 if delivery.retain else delivery.received_us
        self.picture.hear(pulse, at_us=at_us)
        if (pulse.program, pulse.instance) == _ENGINE and pulse.journal_seq is not None:
            self._compare(pulse.journal_seq)

    def _compare(self, journal_seq: int) -> None:
        if self.journal.cursor != journal_seq:
            self._behind.set()

    async def follow_forever(self) -> None:
        """Ask the engine for whatever is missing, until nothing is."""
        while True:
            await self._behind.wait()
            self._behind.clear()
            try:
                await self._catch_up()
            except YiwangError as error:
                log.info("engine not asked", reason=error.message)
                self._behind.set()
                await asyncio.sleep(_RETRY_AFTER)

    async def _catch_up(self) -> None:
        CATCH_UPS.inc()
        if self._engine is None:
            raise Unavailable("There is no line to the engine yet.")
        as_of = self.journal.cursor or 0
        lost = await self._fill(self._engine)
        self.picture.replace(await self._engine.open_alerts(), as_of=as_of)
        if lost:
            self.stream.send(reset_frame(self.journal.cursor or 0))

    async def _fill(self, engine: Engine) -> bool:
        """Take in what the engine remembers; True where that does not reach back to us."""
        lost = False
        while True:
            asked = self.journal.cursor  # more may happen before the answer is read
            page = await engine.events_since(asked or 0)
            if not lost and not _follows(page, asked):
                lost = True
                self.journal.start(max(page.oldest_seq - 1, page.last_seq - self.journal.size, 0))
                continue
            for alert in self.journal.fill(page.events, up_to=page.up_to):
                self.picture.apply(alert)
                if not lost:
                    self.stream.send(alert_frame(alert))
            if page.up_to >= page.last_seq:
                return lost


def _follows(page: Page, cursor: int | None) -> bool:
    """Say whether nothing is missing between what was known and the page."""
    return cursor is not None and page.oldest_seq - 1 <= cursor <= page.last_seq
