"""Keeps what is usual up to date beside the engine: learned now and then, kept on its own disk."""

import asyncio
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

import structlog

from alerts.detectors.baseline import BaselineRule
from alerts.detectors.norms import NO_NORMS, Norms, load_norms
from alerts.judging.rulebook import Rulebook
from alerts.replay.calling import PROGRAM, call, question
from core.errors import Conflict, Invalid, NotFound

log = structlog.get_logger()

EVERY_S: Final = 6 * 3600.0
LIMIT_S: Final = 1800.0
SETTLE_S: Final = 60.0


class Teacher:
    """Has the norms learned anew every few hours; with the database away the last ones stay."""

    def __init__(
        self,
        path: Path,
        in_force: Callable[[], Rulebook],
        *,
        program: Sequence[str] = PROGRAM,
        every_s: float = EVERY_S,
    ) -> None:
        """Begin with what is on disk."""
        self._path = path
        self._in_force = in_force
        self._program = tuple(program)
        self._every_s = every_s
        self._is_new = False
        self.norms = self._load()

    def changed(self) -> Norms | None:
        """Return the norms to judge by from now on, once each time they were learned."""
        if not self._is_new:
            return None
        self._is_new = False
        return self.norms

    async def teach_forever(self) -> None:
        """Learn soon, and again and again; an engine that has just started has better to do."""
        await asyncio.sleep(SETTLE_S)
        while True:
            await self.teach()
            await asyncio.sleep(self._every_s)

    async def teach(self) -> None:
        """Learn once, if any rule asks for it; a failure leaves everything as it was."""
        rulebook = self._in_force()
        if not any(isinstance(each, BaselineRule) for each in rulebook.rules.values()):
            return
        arguments = ("learn", str(self._path), "--stdin", "--gently")
        try:
            await call(arguments, question(rulebook), limit_s=LIMIT_S, program=self._program)
        except Conflict as failure:
            log.warning("norms not learned", reason=failure.message)
            return
        self.norms = self._load()
        self._is_new = True
        log.info("norms learned", series=len(self.norms))

    def _load(self) -> Norms:
        try:
            return load_norms(self._path)
        except NotFound:
            return NO_NORMS
        except Invalid as error:
            log.warning("norms not read", reason=error.message)
            return NO_NORMS
