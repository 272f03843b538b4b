"""Questions to the alert engine over the broker: it alone changes an alert."""

import asyncio
import uuid
from collections.abc import Mapping
from typing import TypeVar

import msgspec

from api.alert import Alert, read_alert
from api.errors import ours
from core.broker import BrokerClient, Delivery
from core.errors import Unavailable
from devices.topic import ROOT

REQUEST_TOPIC = f"{ROOT}/system/alerts/request"
ANSWER_WITHIN = 5.0  # seconds

SILENT = (
    "The alert engine did not answer within 5 seconds. "
    "Look again before repeating it without its key: the request may still arrive."
)
UNREADABLE = "The alert engine's answer cannot be read."
CUT_OFF = "The api is not connected to the broker; nothing was sent."

AnswerT = TypeVar("AnswerT")

Content = dict[str, msgspec.Raw]
"""What an answer says beside `ok`, by name."""


class _Error(msgspec.Struct):
    code: str
    message: str


class _Answer(msgspec.Struct):
    ok: bool
    error: _Error | None = None


class _Moved(msgspec.Struct):
    alert: msgspec.Raw


class _Events(msgspec.Struct):
    events: list[msgspec.Raw] = []
    oldest_seq: int | None = None  # None: nothing has ever happened
    last_seq: int | None = None


class _OpenAlerts(msgspec.Struct):
    alerts: list[msgspec.Raw] = []
    left_out: int = 0  # those that did not fit into one message, and stand in the next page


class Page(msgspec.Struct, frozen=True):
    """A stretch of the engine's journal; it goes on if `up_to` is below `last_seq`."""

    events: list[Alert]
    oldest_seq: int
    last_seq: int
    up_to: int


class Engine:
    """The engine's end of the line; each question waits for its own answer, 5 seconds at most."""

    def __init__(self, broker: BrokerClient, client_id: str) -> None:
        """Use `broker`; answers come to this client's own topic."""
        self._broker = broker
        self.reply_topic = f"{ROOT}/system/reply/{client_id}"
        self._waiting: dict[bytes, asyncio.Future[bytes]] = {}

    def take_answer(self, delivery: Delivery) -> None:
        """Hand an answer to whoever waits for it; one that comes too late is dropped."""
        waiting = self._waiting.get(delivery.correlation or b"")
        if waiting is not None and not waiting.done():
            waiting.set_result(delivery.payload)

    async def ask(self, do: str, **fields: object) -> Content:
        """Ask or order something; NotFound, Conflict (it says who and why) or Invalid if not."""
        content = await self._ask({"do": do, **fields}, Content)
        content.pop("ok")
        return content

    async def ask_for(self, what: str, **fields: object) -> list[msgspec.Raw]:
        """Ask for a list, which has the same name in the answer."""
        content = await self.ask(what, **fields)
        if what not in content:
            raise Unavailable(UNREADABLE)
        return msgspec.json.decode(content[what], type=list[msgspec.Raw])

    async def order(self, do: str, **fields: object) -> Alert:
        """Have an alert moved and return it as it is then; refusals as in `ask`."""
        return read_alert((await self._ask({"do": do, **fields}, _Moved)).alert)

    async def events_since(self, seq: int, *, limit: int = 1000) -> Page:
        """Return up to `limit` transitions after `seq`, and how far they reach."""
        question = {"do": "events_since", "seq": seq, "limit": limit}
        found = await self._ask(question, _Events)
        events = [read_alert(event) for event in found.events]
        oldest, last = found.oldest_seq or 0, found.last_seq or 0
        up_to = events[-1].facts.seq if events else max(last, seq)
        return Page(events, oldest, last, up_to)

    async def open_alerts(self) -> list[Alert]:
        """Return every open alert as the engine has it."""
        alerts: list[Alert] = []
        while True:
            after = alerts[-1].facts.alert_id if alerts else ""
            found = await self._ask({"do": "open_alerts", "after": after}, _OpenAlerts)
            alerts += [read_alert(alert) for alert in found.alerts]
            if not found.left_out:
                return alerts

    async def _ask(self, question: Mapping[str, object], kind: type[AnswerT]) -> AnswerT:
        payload = await self._exchange(msgspec.json.encode(question))
        try:
            answer = msgspec.json.decode(payload, type=_Answer)
            if answer.ok:
                return msgspec.json.decode(payload, type=kind)
        except msgspec.MsgspecError as error:
            raise Unavailable(UNREADABLE) from error
        refused = answer.error or _Error("unavailable", "The alert engine refused.")
        raise ours(refused.code, refused.message)

    async def _exchange(self, question: bytes) -> bytes:
        if not self._broker.connected:
            raise Unavailable(CUT_OFF)
        correlation = uuid.uuid4().bytes
        waiting: asyncio.Future[bytes] = asyncio.get_running_loop().create_future()
        self._waiting[correlation] = waiting
        try:
            self._broker.publish(
                REQUEST_TOPIC, question, response_topic=self.reply_topic, correlation=correlation
            )
            async with asyncio.timeout(ANSWER_WITHIN):  # `wait_for` of 3.11 can lose a cancellation
                return await waiting
        except TimeoutError as error:
            raise Unavailable(SILENT) from error
        finally:
            del self._waiting[correlation]
