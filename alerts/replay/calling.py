"""Long looks at history run in processes of their own, behind everything else on the machine."""

import asyncio
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import msgspec

from alerts.judging.rulebook import Rulebook
from alerts.rulemaking.wording import write_rule
from core.errors import Conflict

PROGRAM: Final = (sys.executable, "-m", "alerts.replay")

_CHECKOUT: Final = Path(__file__).parents[2]


async def call(
    arguments: Sequence[str], said: bytes, *, limit_s: float, program: Sequence[str] = PROGRAM
) -> bytes:
    """Run the program to its end and return what it printed; it never outlives this call.

    Conflict repeats its last sentence if it failed, or says that it took too long or could not
    be started: whatever happens there must not end the engine.
    """
    process = await _start((*program, *arguments))
    try:
        async with asyncio.timeout(limit_s):
            told, complaint = await process.communicate(said)
    except TimeoutError:
        raise Conflict(f"It took longer than {limit_s:g} s; ask for fewer days.") from None
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    if process.returncode != 0:
        last = complaint.decode(errors="replace").strip().rpartition("\n")[2]
        raise Conflict(last[:500] or f"It ended with code {process.returncode}.")
    return told.strip()


async def _start(command: Sequence[str]) -> asyncio.subprocess.Process:
    try:
        return await asyncio.create_subprocess_exec(
            *command,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
            cwd=_CHECKOUT,
        )
    except OSError as error:
        raise Conflict(f"It could not be started: {error.strerror}.") from error


def question(rulebook: Rulebook, change: bytes | None = None) -> bytes:
    """Return what such a process reads: the rules in force, and the one to be tried."""
    asked: dict[str, object] = {"rules": [write_rule(each) for each in rulebook.rules.values()]}
    if change is not None:
        asked["change"] = msgspec.Raw(change)
    return msgspec.json.encode(asked)
