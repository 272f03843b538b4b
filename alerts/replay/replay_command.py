"""`python -m alerts replay`: what a rule would have done, before it is switched on."""

import argparse
import asyncio
import os
import signal
import sys
import tomllib
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated, Final, TypeVar

import msgspec
from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings

from alerts.judging.rulebook import SHIPPED, Rulebook, as_rule, load_rulebook
from alerts.judging.rules import Rule
from alerts.replay import showing
from alerts.replay.history import Span, open_history
from alerts.replay.outcome import Outcome
from alerts.replay.replaying import Bounds, differing
from alerts.replay.running import Selection, Task, compare_rules
from alerts.rulemaking.looking import in_force
from alerts.rulemaking.wording import read_rule
from alerts.settings import Limits
from core.database import DatabaseDown, connect
from core.errors import Invalid, Unavailable, YiwangError
from core.process import read_settings
from core.settings import DatabaseUrl, config
from devices.registry import Registry
from devices.store import load_registry

FoundT = TypeVar("FoundT")

_DAYS: Final = 7
_GENTLE: Final = 10
_ORPHANED_S: Final = 1800


class HistorySettings(BaseSettings):
    """`ALERTS_*`, of which only what history needs."""

    model_config = config("ALERTS_")

    database_url: DatabaseUrl
    limits: Annotated[Limits, Field(description="what counts as late")] = Limits()


class Question(msgspec.Struct, frozen=True):
    """What the engine hands to a replay of its own: the rules in force, and one to be tried."""

    rules: tuple[msgspec.Raw, ...]
    change: msgspec.Raw = msgspec.Raw()


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe what the command understands."""
    add_base(parser)
    tried = parser.add_mutually_exclusive_group()
    tried.add_argument("--rules", type=Path, help="folder of the rules to try (*.toml)")
    tried.add_argument("--rule", type=Path, help="file of the rules to try, TOML or one in JSON")
    parser.add_argument("--all", action="store_true", help="judge all rules, not the changed ones")


def add_base(parser: argparse.ArgumentParser) -> None:
    """Describe where the present rules come from, which history counts, and what comes out."""
    base = parser.add_mutually_exclusive_group()
    base.add_argument("--base", type=Path, help="folder of the present rules; default: shipped")
    base.add_argument("--state-dir", type=Path, help="take the rules in force of this engine")
    base.add_argument("--stdin", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("--days", type=float, default=_DAYS, help="how far back (default: 7)")
    parser.add_argument("--from", dest="start", type=_instant, help="instead: first instant")
    parser.add_argument("--to", dest="end", type=_instant, help="last instant, default now")
    parser.add_argument("--devices", type=_names, default=(), help="only these: a,b,c")
    parser.add_argument("--domain", dest="domains", type=_names, default=(), help="only these")
    parser.add_argument("--json", action="store_true", help="print the whole outcome as JSON")
    parser.add_argument("--gently", action="store_true", help="let everybody else go first")


def run(options: argparse.Namespace) -> int:
    """Replay and print; where it cannot, a sentence and exit code 1."""
    return telling(lambda: _replay(options), showing.table, as_json=options.json)


def telling(work: Callable[[], FoundT], table: Callable[[FoundT], str], *, as_json: bool) -> int:
    """Do the work and print what came of it; return the exit code."""
    try:
        found = work()
    except YiwangError as error:
        sys.stderr.write(f"{error.message}\n")
        return 1
    text = msgspec.json.encode(found).decode() if as_json else table(found)
    sys.stdout.write(f"{text}\n")
    return 0


def _replay(arguments: argparse.Namespace) -> Outcome:
    prepare(arguments)
    question = read_question() if arguments.stdin else None
    before = base_rules(arguments, question)
    after = tried_rules(arguments, before, question)
    settings = read_settings(HistorySettings)
    task = Task(
        differing(before, after, everything=arguments.all),
        span_of(arguments),
        Selection(arguments.devices, arguments.domains),
        bounds_of(settings),
        everything=arguments.all,
    )
    registry = read_registry(settings.database_url)
    with open_history(settings.database_url) as history:
        return compare_rules(task, history, registry)


def prepare(arguments: argparse.Namespace) -> None:
    """Step back behind everybody else where that is asked, and end in any case.

    Whoever asked may be killed meanwhile; nobody waits for the answer then.
    """
    if arguments.gently:
        os.nice(_GENTLE)
        signal.alarm(_ORPHANED_S)


def read_question() -> Question:
    """Read what the engine asks from standard input."""
    try:
        return msgspec.json.decode(sys.stdin.buffer.read(), type=Question)
    except msgspec.DecodeError as error:
        raise Invalid(f"What was asked cannot be read: {error}.") from None


def base_rules(arguments: argparse.Namespace, question: Question | None) -> Rulebook:
    """Return the present rules."""
    if question is not None:
        return Rulebook(read_rule(bytes(each)) for each in question.rules)
    if arguments.state_dir is not None:
        return in_force(arguments.state_dir, load_rulebook(SHIPPED))
    return load_rulebook(arguments.base or SHIPPED)


def tried_rules(
    arguments: argparse.Namespace, before: Rulebook, question: Question | None
) -> Rulebook:
    """Return the rules to try; Invalid if none are named."""
    if arguments.rules is not None:
        return load_rulebook(arguments.rules)
    if question is not None and bytes(question.change):
        return with_rules(before, [read_rule(bytes(question.change), version=1)])
    if arguments.rule is not None:
        return with_rules(before, read_rules(arguments.rule))
    raise Invalid("Say what to try: --rules FOLDER or --rule FILE.")


def with_rules(before: Rulebook, changes: list[Rule]) -> Rulebook:
    """Return the rules with some of them changed or added; what is tried counts as active."""
    tried = {each.rule_id: msgspec.structs.replace(each, status="active") for each in changes}
    return Rulebook((before.rules | tried).values())


def read_rules(path: Path) -> list[Rule]:
    """Read one rule in JSON, or the `[[rules]]` of a TOML file; Invalid names the fault."""
    try:
        content = path.read_bytes()
        if path.suffix == ".json":
            return [read_rule(content)]
        entries = tomllib.loads(content.decode()).get("rules", [])
        return [as_rule(each) for each in entries]
    except OSError as error:
        raise Invalid(f"{path} cannot be read: {error.strerror}.") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, AttributeError) as error:
        raise Invalid(f"{path}: {error}.") from None


def span_of(arguments: argparse.Namespace) -> Span:
    """Return the stretch of history that is meant; Invalid if it is none."""
    end = arguments.end or datetime.now(UTC)
    start = arguments.start or end - timedelta(days=arguments.days)
    if start >= end:
        raise Invalid("The first instant must lie before the last.")
    return Span(start, end)


def bounds_of(settings: HistorySettings) -> Bounds:
    """Return what counts as late, as the engine has it."""
    limits = settings.limits
    return Bounds(round(limits.late_s * 1_000_000), round(limits.ahead_s * 1_000_000))


def read_registry(url: SecretStr) -> Registry:
    """Read the devices as they are now; Unavailable while the database is away."""

    async def read() -> Registry:
        async with await connect(url, program="alerts-replay") as conn:
            return await load_registry(conn)

    try:
        return asyncio.run(read())
    except DatabaseDown as error:
        raise Unavailable("The database, which holds the history, does not answer.") from error


def _names(text: str) -> tuple[str, ...]:
    return tuple(each for each in text.split(",") if each)


def _instant(text: str) -> datetime:
    instant = datetime.fromisoformat(text)
    return instant if instant.tzinfo else instant.replace(tzinfo=UTC)
