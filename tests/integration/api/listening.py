"""Reading a live stream the way a browser does."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, NamedTuple

import httpx

from tests.integration.api.conftest import Api


class Event(NamedTuple):
    name: str
    data: Any
    id: int | None


class Listening:
    def __init__(self, response: httpx.Response) -> None:
        self._lines = response.aiter_lines()

    async def next(self, *names: str) -> Event:
        """Return the next event of one of these names; TimeoutError after ten seconds."""
        async with asyncio.timeout(10):
            return await self._next(names)

    async def _next(self, names: tuple[str, ...]) -> Event:
        fields: dict[str, str] = {}
        async for line in self._lines:
            if line:
                name, _, value = line.partition(": ")
                fields[name] = value
            elif fields.get("event") in names:
                number = int(fields["id"]) if "id" in fields else None
                return Event(fields["event"], json.loads(fields["data"]), number)
            else:
                fields = {}
        raise EOFError

    async def alerts(self, count: int) -> list[Event]:
        return [await self.next("alert") for _ in range(count)]


@asynccontextmanager
async def listening(api: Api, *, last: int | None = None) -> AsyncIterator[Listening]:
    headers = {} if last is None else {"Last-Event-ID": str(last)}
    async with api.client("viewer").stream("GET", "/stream", headers=headers) as response:
        assert response.status_code == 200
        stream = Listening(response)
        if last is None:
            await stream.next("city")
        yield stream
