"""A running api on a real broker and a real database, beside a small engine."""

import asyncio
import functools
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

import httpx
import pytest
from argon2 import PasswordHasher
from pydantic import SecretStr

from api import app, passwords, preparing, serving
from api.settings import PrepareSettings
from stack.addresses import free_ports
from tests.fixtures.databases import RoleUrl
from tests.fixtures.servers import Servers
from tests.integration.api.fake_engine import FakeEngine

_ENDED_WITHIN_S = 30
_TRUSTED = ssl.create_default_context()  # reading all certificates takes time; nothing is encrypted

PASSWORDS = {role: f"{role}-password" for role in ("viewer", "officer", "supervisor", "admin")}


class Api:
    """One running api: clients by role, and its parts' settings."""

    def __init__(self, settings: PrepareSettings) -> None:
        self.settings = settings
        self.url = f"http://127.0.0.1:{settings.port}"
        self.program = asyncio.create_task(serving.main(settings))
        self._clients: dict[str, httpx.AsyncClient] = {}

    def client(self, username: str | None) -> httpx.AsyncClient:
        auth = (username, PASSWORDS[username]) if username else None
        key = username or ""
        if key not in self._clients:
            self._clients[key] = httpx.AsyncClient(
                base_url=f"{self.url}/api/v1",
                auth=auth,
                timeout=10,
                verify=_TRUSTED,
            )
        return self._clients[key]

    async def stop(self) -> None:
        """End the program as SIGTERM would; one that does not end says where everything stands."""
        self.program.cancel()
        await asyncio.wait([self.program], timeout=_ENDED_WITHIN_S)
        if not self.program.done():
            for task in asyncio.all_tasks():
                task.print_stack()
            pytest.fail(f"The api has not ended {_ENDED_WITHIN_S} s after it was told to.")
        with suppress(asyncio.CancelledError):
            await self.program

    async def close(self) -> None:
        for client in self._clients.values():
            await client.aclose()


async def eventually(
    question: Callable[[], Awaitable[Any]], *, within: float = 10, every: float = 0.02
) -> Any:
    """Ask until the answer is neither None nor False; return it."""
    async with asyncio.timeout(within):
        while (answer := await question()) is None or answer is False:
            await asyncio.sleep(every)
    return answer


@asynccontextmanager
async def running_api(settings: PrepareSettings) -> AsyncIterator[Api]:
    """Run the real main until the block ends."""
    api = Api(settings)

    async def ready() -> bool:
        if api.program.done():
            api.program.result()
        with suppress(httpx.TransportError):
            ready = (await api.client(None).get("/ready")).json()["parts"]
            known = await api.client("admin").get("/profiles")
            return ready["broker"]["state"] == "up" and known.is_success
        return False

    try:
        await eventually(ready)
        yield api
    finally:
        await api.close()
        await api.stop()


app_of_routes = functools.cache(app._app)


@pytest.fixture(autouse=True)
def cheap_start(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave out what would be most of the tests' time: real hashes, and preparing the same routes.

    Nobody guesses passwords here; FastAPI prepares a hundred routes at each app's first request.
    """
    monkeypatch.setattr(passwords, "_hasher", PasswordHasher(1, 8, 1))
    monkeypatch.setattr(app, "_app", app_of_routes)


@pytest.fixture
def access_dir(tmp_path: Path) -> Path:
    folder = tmp_path / "access"
    folder.mkdir()
    (folder / "services.passwd").write_text("")
    (folder / "services.acl").write_text("")
    return folder


@pytest.fixture
def settings(
    role_url: RoleUrl, broker: Servers, tmp_path: Path, access_dir: Path
) -> PrepareSettings:
    return PrepareSettings(
        broker_url=SecretStr(broker.broker_url("svc-api")),
        database_url=SecretStr(role_url("yiwang_api")),
        state_dir=tmp_path / "state",
        broker_access_dir=access_dir,
        port=free_ports().api,
        secret_key=SecretStr("k" * 40),
        demo_users={role: (role, SecretStr(password)) for role, password in PASSWORDS.items()},
    )


@pytest.fixture
async def engine(broker: Servers) -> AsyncIterator[FakeEngine]:
    async with FakeEngine(broker.broker_address("svc-alerts")) as engine:
        yield engine


@pytest.fixture
async def api(settings: PrepareSettings, engine: FakeEngine) -> AsyncIterator[Api]:
    await preparing.prepare(settings)
    async with running_api(settings) as api:
        await eventually(engine.was_asked_for_open_alerts)
        yield api
