"""How a program lives: reads its settings, runs, stops on SIGTERM, dies loudly."""

import asyncio
import gc
import os
import signal
import sys
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

import structlog
import uvloop
from pydantic import ValidationError
from pydantic_settings import BaseSettings

from core.demo import settings_file
from core.errors import YiwangError
from core.logging import configure

log = structlog.get_logger()

USAGE_ERROR = 2
"""Exit code for what the caller got wrong: settings, arguments, input."""

SettingsT = TypeVar("SettingsT", bound=BaseSettings)


def read_settings(settings: type[SettingsT]) -> SettingsT:
    """Build the settings from the environment, or end the program naming each wrong variable.

    Where the environment says nothing at all, those of the running demo are taken.
    """
    prefix = settings.model_config.get("env_prefix", "")
    demo = settings_file(prefix.rstrip("_").lower())
    silent = not any(name.startswith(prefix) for name in os.environ)
    try:
        return settings(_env_file=demo) if silent and demo.exists() else settings()
    except ValidationError as error:
        for problem in error.errors(include_input=False, include_url=False):
            name = prefix + "__".join(str(part) for part in problem["loc"]).upper()
            sys.stderr.write(f"{name}: {problem['msg']}.\n")
        sys.exit(USAGE_ERROR)


_COLLECT_AFTER = (200_000, 50, 100)
"""Objects, then collections, until Python looks for reference cycles again.

With its own setting (700, 10, 10) the collector walks tens of thousands of messages in flight over
and over, which hold no cycles: a third of the ingester's processor time.
"""


def run(main: Callable[[], Coroutine[Any, Any, None]], *, log_level: str = "INFO") -> None:
    """Run `main` until it ends or SIGTERM/SIGINT cancels it; its `finally` blocks are the drain."""
    configure(log_level)
    gc.set_threshold(*_COLLECT_AFTER)
    try:
        uvloop.run(_until_stopped(main))
    except YiwangError as error:
        log.error("program refused to run", reason=error.message)  # noqa: TRY400 - no stack trace for a user
        sys.exit(USAGE_ERROR)
    except Exception:
        log.exception("program ended by an error")
        sys.exit(1)


async def _until_stopped(main: Callable[[], Coroutine[Any, Any, None]]) -> None:
    loop = asyncio.get_running_loop()
    task = loop.create_task(main(), name="main")
    stopping = False

    def stop() -> None:
        nonlocal stopping
        stopping = True
        task.cancel()

    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop)
    try:
        await task
    except asyncio.CancelledError:
        if not stopping:
            raise
