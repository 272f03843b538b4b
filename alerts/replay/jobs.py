"""Replays and suggestions for the api: in processes of their own, one after the other, in line."""

import asyncio
import secrets
from collections import deque
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Final, Literal

import msgspec
import structlog

from alerts.judging.rulebook import Rulebook
from alerts.replay.calling import PROGRAM, call, question
from core.clock import Clock, utc_now
from core.errors import Conflict, NotFound

log = structlog.get_logger()

Kind = Literal["replay", "suggest"]
State = Literal["waiting", "running", "done", "failed"]

KEPT: Final = 10
"""Jobs that can be asked about; the oldest finished ones are forgotten."""

WAITING_MOST: Final = 5
LIMIT_S: Final = 600.0
"""A replay that takes longer is given up; ask for fewer days or devices."""

_RESULT_BYTES: Final = 900_000  # an answer of the engine carries a million


class Job(msgspec.Struct, kw_only=True):
    """One thing asked for; `result` is what came of it, `reason` why nothing did."""

    job_id: str
    kind: Kind
    rule_id: str
    officer: str
    state: State = "waiting"
    asked_at: datetime
    started_at: datetime | None = None
    ended_at: datetime | None = None
    result: msgspec.Raw | None = None
    reason: str | None = None


class Asked(msgspec.Struct, frozen=True):
    """How the process is called, and what it reads on its standard input."""

    arguments: tuple[str, ...]
    said: bytes


class Jobs:
    """The line of jobs. Nothing here survives a restart: whoever still wants it asks again."""

    def __init__(
        self,
        in_force: Callable[[], Rulebook],
        *,
        program: Sequence[str] = PROGRAM,
        limit_s: float = LIMIT_S,
        clock: Clock = utc_now,
    ) -> None:
        """Compare with the rules `in_force` at the time of asking."""
        self._in_force = in_force
        self._program = tuple(program)
        self._limit_s = limit_s
        self._clock = clock
        self._jobs: dict[str, Job] = {}
        self._line: deque[tuple[Job, Asked]] = deque()
        self._called = asyncio.Event()

    def replay(self, rule_id: str, document: bytes, days: float, officer: str) -> str:
        """Put a replay of this rule in line and return its id; Conflict if the line is full."""
        asked = self._asked("replay", f"--days={days}", change=document)
        return self._put(self._new("replay", rule_id, officer), asked)

    def suggest(self, rule_id: str, days: float, officer: str) -> str:
        """Put a search for better delays and deadbands in line; NotFound without such a rule."""
        if rule_id not in self._in_force().rules:
            raise NotFound(f"There is no rule {rule_id[:64]!r} in force.")
        asked = self._asked("suggest", rule_id, f"--days={days}")
        return self._put(self._new("suggest", rule_id, officer), asked)

    def job(self, job_id: str) -> Job:
        """Return how far it is; NotFound if it is too long ago."""
        if (job := self._jobs.get(job_id)) is None:
            raise NotFound(f"There is no job {job_id[:64]!r}; it may be too long ago.")
        return job

    async def work_forever(self) -> None:
        """Work the line off, one job at a time."""
        while True:
            while self._line:
                await self._work(*self._line.popleft())
            self._called.clear()
            await self._called.wait()

    def _new(self, kind: Kind, rule_id: str, officer: str) -> Job:
        return Job(
            job_id=secrets.token_hex(8),
            kind=kind,
            rule_id=rule_id,
            officer=officer,
            asked_at=self._clock(),
        )

    def _asked(self, *arguments: str, change: bytes | None = None) -> Asked:
        options = ("--stdin", "--json", "--gently")
        return Asked((*arguments, *options), question(self._in_force(), change))

    def _put(self, job: Job, asked: Asked) -> str:
        if len(self._line) >= WAITING_MOST:
            first = self._line[0][0]
            raise Conflict(
                f"{len(self._line)} replays are waiting already, the first of {first.officer} "
                f"since {first.asked_at:%F %T} UTC; try again later."
            )
        self._jobs[job.job_id] = job
        self._forget()
        self._line.append((job, asked))
        self._called.set()
        return job.job_id

    def _forget(self) -> None:
        finished = [each.job_id for each in self._jobs.values() if each.ended_at is not None]
        for job_id in finished[: max(0, len(self._jobs) - KEPT)]:
            del self._jobs[job_id]

    async def _work(self, job: Job, asked: Asked) -> None:
        job.state, job.started_at = "running", self._clock()
        try:
            told = await call(
                asked.arguments, asked.said, limit_s=self._limit_s, program=self._program
            )
            job.result, job.state = _fitting(told), "done"
        except Conflict as failure:
            job.reason, job.state = failure.message, "failed"
            log.warning("replay failed", job=job.job_id, rule=job.rule_id, reason=job.reason)
        job.ended_at = self._clock()


def _fitting(told: bytes) -> msgspec.Raw:
    if len(told) > _RESULT_BYTES:
        raise Conflict("The outcome is too large to be handed on; ask for fewer days.")
    return msgspec.Raw(told)
