import asyncio
import json
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any

import pytest

from alerts.judging.rulebook import Rulebook
from alerts.replay.commands import ReplayCommands
from alerts.replay.jobs import KEPT, WAITING_MOST, Job, Jobs
from alerts.requests import Requests
from alerts.rulemaking.wording import write_rule
from core.errors import Conflict, NotFound
from tests.unit.alerts.making import HOT, RULES

NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
HOTTER = bytes(write_rule(HOT))

ECHO = "import json, sys; q = json.load(sys.stdin); json.dump([sys.argv[1:], q], sys.stdout)"
REFUSE = "import sys; sys.exit('Too bad.')"
HANG = "import sys, time; time.sleep(60)"
"""Stand-ins for the program: what matters here is how it is called and how it ends."""


def jobs(script: str = ECHO, *, limit_s: float = 30) -> Jobs:
    program = (sys.executable, "-c", script)
    return Jobs(lambda: Rulebook(RULES), program=program, limit_s=limit_s, clock=lambda: NOW)


@asynccontextmanager
async def at_work(line: Jobs) -> AsyncIterator[Callable[[str], Awaitable[Job]]]:
    """Let the line be worked off, and wait for jobs to end."""
    working = asyncio.create_task(line.work_forever())

    async def ended(job_id: str) -> Job:
        async with asyncio.timeout(20):
            while line.job(job_id).ended_at is None:
                await asyncio.sleep(0.01)
        return line.job(job_id)

    yield ended
    working.cancel()
    with pytest.raises(asyncio.CancelledError):
        await working


async def test_a_replay_is_told_the_rules_in_force_and_the_one_to_try() -> None:
    line = jobs()
    async with at_work(line) as ended:
        job = await ended(line.replay("hot", HOTTER, 3, "wang"))

    assert job.state == "done"
    assert job.result is not None
    arguments, question = json.loads(bytes(job.result))
    assert arguments == ["replay", "--days=3", "--stdin", "--json", "--gently"]
    assert {each["rule_id"] for each in question["rules"]} == {each.rule_id for each in RULES}
    assert question["change"] == json.loads(HOTTER)


async def test_a_failed_replay_says_why() -> None:
    line = jobs(REFUSE)
    async with at_work(line) as ended:
        job = await ended(line.replay("hot", HOTTER, 3, "wang"))

    assert (job.state, job.reason) == ("failed", "Too bad.")


async def test_a_process_that_cannot_be_started_does_not_end_the_engine() -> None:
    line = Jobs(lambda: Rulebook(RULES), program=("/nowhere/python",), clock=lambda: NOW)
    async with at_work(line) as ended:
        job = await ended(line.replay("hot", HOTTER, 3, "wang"))

    assert job.reason == "It could not be started: No such file or directory."


async def test_a_replay_that_takes_too_long_is_given_up_and_the_next_has_its_turn() -> None:
    line = jobs(HANG, limit_s=0.3)
    async with at_work(line) as ended:
        first = line.replay("hot", HOTTER, 3, "wang")
        second = line.suggest("hot", 3, "li")
        assert (await ended(first)).state == "failed"
        job = await ended(second)

    assert job.reason == "It took longer than 0.3 s; ask for fewer days."


async def test_a_full_line_refuses_and_names_who_waits_first() -> None:
    line = jobs()
    for _ in range(WAITING_MOST):
        line.replay("hot", HOTTER, 3, "wang")

    with pytest.raises(Conflict, match="the first of wang since 2026-11-22 03:00:00 UTC"):
        line.replay("hot", HOTTER, 3, "li")


async def test_old_outcomes_are_forgotten() -> None:
    line = jobs()
    ids = []
    async with at_work(line) as ended:
        for _ in range(KEPT + 2):
            ids.append(line.replay("hot", HOTTER, 3, "wang"))
            await ended(ids[-1])

    with pytest.raises(NotFound):
        line.job(ids[0])
    assert line.job(ids[-1]).state == "done"


async def test_nothing_is_suggested_for_a_rule_that_is_not_in_force() -> None:
    with pytest.raises(NotFound):
        jobs().suggest("nothing", 3, "wang")


def ask(line: Jobs, do: str, **fields: Any) -> Any:
    requests = Requests(ReplayCommands(line).handlers(), lambda _request_id: None)
    document = {"do": do, "request_id": do, "officer": "wang", **fields}
    return json.loads(requests.answer(json.dumps(document).encode(), NOW))


async def test_a_rule_that_is_none_is_refused_before_it_stands_in_line() -> None:
    line = jobs()

    refused = ask(line, "replay_rule", rule={"rule_id": "hot"}, days=3)
    assert refused["error"]["code"] == "invalid"

    taken = ask(line, "replay_rule", rule=json.loads(HOTTER), days=3)
    status = ask(line, "job", job_id=taken["job_id"])
    assert (status["state"], status["rule_id"], status["result"]) == ("running", "hot", None)
    assert status["waiting"]
    assert ask(line, "suggest", rule_id="hot")["ok"]
