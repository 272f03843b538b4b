"""Many open consoles: each holds a live stream and asks now and then, as the page does."""

import asyncio
import re
import threading
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import NamedTuple
from urllib.parse import urlsplit

import httpx

from core.errors import Unavailable
from stack.deployment import Deployment

_ROOT = "/api/v1"
_WITHIN = 30.0  # seconds, for all of them to be connected
_RAISED = re.compile(
    rb'"device_id":"([^"]+)"[^\n]*"transition":"raised"|'
    rb'"transition":"raised"[^\n]*"device_id":"([^"]+)"'
)


class Question(NamedTuple):
    """What an open page asks again and again."""

    path: str
    every_s: float


class Audience:
    """When each console heard of each device's alarm (monotonic), and how its questions went."""

    def __init__(self) -> None:
        """Start with nothing heard."""
        self.answered = 0
        self.refused = 0
        self._heard: defaultdict[str, list[float]] = defaultdict(list)
        self._came = threading.Condition()

    def note(self, device_id: str, at: float) -> None:
        """Keep the instant at which one console heard of it."""
        with self._came:
            self._heard[device_id].append(at)
            self._came.notify_all()

    def wait_for(self, devices: Iterable[str], *, consoles: int, within_s: float) -> None:
        """Wait until every console has heard of all these devices; Unavailable if one has not."""
        wanted = list(devices)
        with self._came:
            complete = self._came.wait_for(
                lambda: all(len(self._heard[device]) >= consoles for device in wanted),
                timeout=within_s,
            )
        if not complete:
            missing = sum(max(0, consoles - len(self._heard[device])) for device in wanted)
            raise Unavailable(f"{missing} of {consoles * len(wanted)} deliveries never came.")

    def instants(self, device_id: str) -> list[float]:
        """Return when the consoles heard of a device's alarm, in no order."""
        with self._came:
            return list(self._heard[device_id])


@contextmanager
def audience(
    deployment: Deployment, consoles: int, questions: Iterable[Question]
) -> Iterator[Audience]:
    """Keep so many consoles open, signed in as viewers, for as long as the block lasts."""
    listeners = Audience()
    opened, over = threading.Event(), threading.Event()
    crowd = _Crowd(deployment.api_url, _sign_in(deployment), listeners, tuple(questions))
    thread = threading.Thread(
        target=lambda: asyncio.run(crowd.attend(consoles, opened, over)), name="audience"
    )
    thread.start()
    try:
        if not opened.wait(_WITHIN):
            raise Unavailable(f"{consoles} consoles did not open within {_WITHIN:.0f} s.")
        yield listeners
    finally:
        over.set()
        thread.join()


def _sign_in(deployment: Deployment) -> str:
    form = {"username": "viewer", "password": deployment.passwords["demo-viewer"]}
    answer = httpx.post(f"{deployment.api_url}{_ROOT}/token", data=form)
    return str(answer.raise_for_status().json()["access_token"])


class _Crowd:
    """The consoles of one audience, on one event loop; plain sockets, so that reading is cheap."""

    def __init__(
        self, url: str, token: str, listeners: Audience, questions: tuple[Question, ...]
    ) -> None:
        address = urlsplit(url)
        self._host, self._port = str(address.hostname), int(address.port or 80)
        self._head = f"Host: {address.netloc}\r\nAuthorization: Bearer {token}\r\n"
        self._url, self._token = url, token
        self._listeners = listeners
        self._questions = questions

    async def attend(self, consoles: int, opened: threading.Event, over: threading.Event) -> None:
        limits = httpx.Limits(max_connections=100)
        headers = {"Authorization": f"Bearer {self._token}"}
        async with (
            httpx.AsyncClient(base_url=self._url, headers=headers, limits=limits) as client,
            asyncio.TaskGroup() as group,
        ):
            streams = [await self._open() for _ in range(consoles)]
            tasks = [group.create_task(self._listen(reader)) for reader, _ in streams]
            for number in range(consoles):
                delay = number / consoles  # people do not open their pages in the same instant
                tasks += [
                    group.create_task(self._ask_forever(client, question, delay))
                    for question in self._questions
                ]
            opened.set()
            await asyncio.to_thread(over.wait)
            for task in tasks:
                task.cancel()
            for _, writer in streams:
                writer.close()

    async def _open(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        reader, writer = await asyncio.open_connection(self._host, self._port, limit=2**20)
        writer.write(f"GET {_ROOT}/stream HTTP/1.1\r\n{self._head}\r\n".encode())
        status = await reader.readline()
        if b" 200 " not in status:
            raise Unavailable(f"The stream was refused: {status.decode().strip()}.")
        return reader, writer

    async def _listen(self, reader: asyncio.StreamReader) -> None:
        while line := await reader.readline():
            at = time.monotonic()
            if found := _RAISED.search(line):
                self._listeners.note((found[1] or found[2]).decode(), at)

    async def _ask_forever(
        self, client: httpx.AsyncClient, question: Question, delay: float
    ) -> None:
        await asyncio.sleep(delay * question.every_s)
        while True:
            answer = await client.get(f"{_ROOT}{question.path}", timeout=_WITHIN)
            self._listeners.answered += 1
            self._listeners.refused += answer.is_error
            await asyncio.sleep(question.every_s)
