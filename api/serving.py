"""The program: its parts, its background work, and the web server, in one block each."""

import asyncio
import contextlib
import secrets
import socket
from collections.abc import AsyncIterator, Coroutine, Generator
from contextlib import asynccontextmanager, suppress

import structlog
import uvicorn
from fastapi import FastAPI

from api import city, heartbeats
from api.admission import Admission
from api.app import build_app
from api.attempts import Attempts
from api.audit import Audit
from api.database import Database
from api.engine import Engine
from api.live import SUBSCRIPTIONS, Live
from api.parts import Parts
from api.passwords import Passwords
from api.registry import CurrentRegistry
from api.settings import Settings
from api.stream import Stream
from api.tokens import Tokens
from api.users import Users
from core.broker import BrokerClient
from core.clock import utc_now
from core.errors import Unavailable
from core.heartbeat import Pulse, beat_forever, last_will
from core.settings import parse_broker_url
from devices.topic import system_topic

log = structlog.get_logger()

_DRAIN_WITHIN_S = 3
_FLUSH_WITHIN_S = 2.0
_BACKLOG = 2048  # connections not accepted yet, as uvicorn has it


async def main(settings: Settings) -> None:
    """Serve until cancelled; what cannot be served without ends the program."""
    with _listening(settings.host, settings.port) as listener:
        async with running(settings) as parts:
            await serve(build_app(parts), parts, listener)


@asynccontextmanager
async def running(settings: Settings) -> AsyncIterator[Parts]:
    """Build the parts and keep them at work for as long as the block lasts."""
    settings.state_dir.mkdir(parents=True, exist_ok=True)
    parts = _build(settings)
    topic = system_topic("api", settings.instance)
    jobs = {
        "database": parts.database.watch_forever(),
        "registry": parts.registry.follow_forever(),
        "users": parts.users.follow_forever(),
        "audit": parts.audit.write_forever(),
        "live": parts.live.follow_forever(),
        "city": city.tell_forever(parts.live.picture, parts.stream, parts.links),
        "heartbeats": heartbeats.keep_forever(parts.live.picture, parts.database),
        "heartbeat": beat_forever(
            parts.broker, topic, "api", settings.instance, lambda: _pulse(parts)
        ),
    }
    async with parts.broker, _at_work(jobs):
        yield parts
        with suppress(Unavailable, TimeoutError):
            async with asyncio.timeout(_FLUSH_WITHIN_S):
                await parts.audit.flush()


async def serve(app: FastAPI, parts: Parts, listener: socket.socket) -> None:
    """Answer requests until cancelled, then close the streams at once and drain the rest."""
    server = _Server(
        uvicorn.Config(
            app,
            log_config=None,
            access_log=False,
            server_header=False,
            timeout_graceful_shutdown=_DRAIN_WITHIN_S,
        )
    )
    serving = asyncio.create_task(server.serve([listener]), name="serve")
    try:
        await asyncio.shield(serving)
    except asyncio.CancelledError:
        parts.stream.close()
        server.should_exit = True
        await serving
        raise


def _listening(host: str, port: int) -> socket.socket:
    """Take the address; Unavailable where it cannot be had (uvicorn itself would exit)."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, backlog=_BACKLOG)
    except OSError as error:
        reason = str(error.strerror).partition(" (while")[0]  # Python's addition: the address
        raise Unavailable(
            f"The api cannot listen on {host}:{port}: {reason}. End what is there, or set API_HOST "
            "and API_PORT to an address of this machine that is free."
        ) from None


class _Server(uvicorn.Server):
    """uvicorn, without its signal handlers: `core.process.run` owns the signals."""

    @contextlib.contextmanager
    def capture_signals(self) -> Generator[None]:
        """Leave the signals alone."""
        yield


def _build(settings: Settings) -> Parts:
    stream = Stream(at_most=settings.stream_listeners)
    live = Live(stream)
    client_id = f"yiwang-api-{secrets.token_hex(4)}"
    broker = BrokerClient(
        parse_broker_url(settings.broker_url.get_secret_value()),
        client_id=client_id,
        on_delivery=live.take,
        subscriptions=SUBSCRIPTIONS,
        will=last_will(system_topic("api", settings.instance), "api", settings.instance),
    )
    engine = Engine(broker, client_id)
    live.connect(broker, engine)
    database = Database(settings.database_url)
    admission = Admission(database, settings.broker_access_dir)
    return Parts(
        settings=settings,
        clock=utc_now,
        broker=broker,
        database=database,
        admission=admission,
        registry=CurrentRegistry(database, settings.state_dir / "registry.json", admission),
        users=Users(database, settings.state_dir / "users.json"),
        passwords=Passwords(),
        tokens=Tokens(settings.secret_key, valid_for=settings.session_for),
        attempts=Attempts(),
        audit=Audit(database),
        engine=engine,
        live=live,
        stream=stream,
    )


@asynccontextmanager
async def _at_work(jobs: dict[str, Coroutine[None, None, None]]) -> AsyncIterator[None]:
    """Run the jobs beside the block: one that fails ends everything, none outlives it."""
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(job, name=name) for name, job in jobs.items()]
        yield
        for task in tasks:
            task.cancel()


def _pulse(parts: Parts) -> Pulse:
    facts = {"listeners": parts.stream.count, "audit_waiting": parts.audit.waiting}
    if parts.database.up:
        return Pulse(facts=facts)
    return Pulse("degraded", "The database does not answer; history is not shown.", facts)
