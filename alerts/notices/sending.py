"""The only place where something leaves the house. Slow, failing, hanging: it is all out there."""

import asyncio
import logging
import threading
from collections.abc import Callable, Iterable
from contextlib import suppress
from typing import Any, Final
from urllib.parse import unquote, urlsplit

import httpx
import structlog

from alerts.notices.bots import Verdict, judge_answer, judge_status, post_of
from alerts.notices.channels import Channel, Channels
from alerts.notices.logs import LastWords
from alerts.notices.notice import Notice, Result

log = structlog.get_logger()

AT_ONCE: Final = 16
TIMEOUT_S: Final = 15.0

_REQUEST_S: Final = 10.0
_SECRET: Final = 8  # characters from which a part of an address may be a token

_READING: Final = threading.Lock()  # apprise loads its services with the first address it reads


class Sender:
    """Sends what it is offered, several at a time, and reports each; it never gives up itself."""

    def __init__(
        self,
        channels: Channels,
        report: Callable[[Result], None],
        *,
        at_once: int = AT_ONCE,
        timeout_s: float = TIMEOUT_S,
    ) -> None:
        """Report to `report`, in the event loop; a sending longer than `timeout_s` has failed."""
        self._channels = channels.channels
        self._report = report
        self._at_once = at_once
        self._timeout_s = timeout_s
        self._inbox: asyncio.Queue[Notice] = asyncio.Queue()
        self._words = LastWords("apprise")
        for name in (
            "httpx",
            "httpcore",
            "urllib3",
        ):  # they would log addresses, and those are secret
            logging.getLogger(name).setLevel(logging.WARNING)

    def offer(self, notices: Iterable[Notice]) -> None:
        """Take notices that are on disk already."""
        for notice in notices:
            self._inbox.put_nowait(notice)

    async def send_forever(self) -> None:
        """Send until cancelled; what is on its way then is sent again after the restart."""
        if not self._channels:
            log.info("no channels: alerts are shown on the console only")
        async with asyncio.TaskGroup() as tasks:
            for number in range(self._at_once):
                tasks.create_task(self._work_forever(), name=f"sender-{number}")

    async def _work_forever(self) -> None:
        while True:
            notice = await self._inbox.get()
            verdict = await self._send(notice)
            self._report(
                Result(notice.notice_id, verdict.sent, verdict.sentence, verdict.permanent)
            )

    async def _send(self, notice: Notice) -> Verdict:
        channel = self._channels.get(notice.channel)
        if channel is None:
            return Verdict(
                sent=False, sentence=f"There is no channel {notice.channel!r}.", permanent=True
            )
        try:
            async with asyncio.timeout(self._timeout_s):
                return await _in_thread(lambda: self._deliver(channel, notice))
        except TimeoutError:
            return Verdict(sent=False, sentence=f"No answer within {self._timeout_s:g} s.")

    def _deliver(self, channel: Channel, notice: Notice) -> Verdict:
        """Send one notice; whatever goes wrong out there is a verdict, not our end."""
        try:
            if channel.form == "alertmanager":
                return _post_alertmanager(channel, notice)
            return self._by_apprise(channel, notice)
        except httpx.HTTPError as error:
            return Verdict(sent=False, sentence=f"The provider was not reached: {_kind(error)}.")
        except Exception as error:  # noqa: BLE001 - around one send, as our rules allow
            return Verdict(sent=False, sentence=f"The sending failed: {_kind(error)}.")

    def _by_apprise(self, channel: Channel, notice: Notice) -> Verdict:
        plugin = _plugin(channel)
        if plugin is None:
            said = f"The address of channel {channel.name!r} is none that apprise knows."
            return Verdict(sent=False, sentence=said, permanent=True)
        post = post_of(plugin, f"{notice.subject}\n{notice.body}")
        if post is not None:
            answer = httpx.post(
                post.url, json=post.document, params=post.params or None, timeout=_REQUEST_S
            )
            verdict = judge_answer(answer.status_code, answer.content)
            return verdict._replace(sentence=harmless(verdict.sentence, channel.url))
        with self._words.listen() as words:
            sent = plugin.notify(title=notice.subject, body=notice.body)
        return words.verdict(sent=bool(sent))


def harmless(text: str, url: str) -> str:
    """Return the text without any part of the address that might be a secret."""
    parts = unquote(url).replace("?", "/").replace("&", "/").replace("=", "/")
    for part in parts.replace("@", "/").replace(":", "/").split("/"):
        if len(part) >= _SECRET:
            text = text.replace(part, "…")
    return text


def _post_alertmanager(channel: Channel, notice: Notice) -> Verdict:
    """Post the payload as it is, as Alertmanager would to a webhook."""
    url = channel.url.partition("+")[2]
    parts = urlsplit(url)
    auth = (unquote(parts.username), unquote(parts.password or "")) if parts.username else None
    answer = httpx.post(
        url,
        content=notice.body.encode(),
        headers={"Content-Type": "application/json", "Idempotency-Key": notice.notice_id},
        auth=auth,
        timeout=_REQUEST_S,
    )
    return judge_status(answer.status_code)


def _plugin(channel: Channel) -> Any:  # noqa: ANN401 - apprise's plugins are known by name only
    """Make a fresh one for every sending: one that is kept would wait between two of them."""
    import apprise  # a fifth of a second, which a start without channels need not spend

    with _READING:
        return apprise.Apprise.instantiate(channel.url, suppress_exceptions=True)


async def _in_thread(work: Callable[[], Verdict]) -> Verdict:
    """Do the work in a thread that nobody waits for when the program ends."""
    loop = asyncio.get_running_loop()
    done: asyncio.Future[Verdict] = loop.create_future()

    def finish(verdict: Verdict) -> None:
        if not done.done():
            done.set_result(verdict)

    def run() -> None:
        verdict = work()
        with suppress(RuntimeError):  # the loop has ended meanwhile
            loop.call_soon_threadsafe(finish, verdict)

    threading.Thread(target=run, name="notice", daemon=True).start()
    return await done


def _kind(error: Exception) -> str:
    """Name the error without its text, which may hold an address."""
    return type(error).__name__
