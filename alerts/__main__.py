"""The alert engine: `python -m alerts` runs it, `python -m alerts COMMAND` looks at its work."""

import argparse
import asyncio
import sys
import time
from collections import deque
from importlib import import_module
from typing import TYPE_CHECKING, Final, NamedTuple

import structlog

from alerts.duty import Duty
from alerts.engine import SUBSCRIPTIONS, Engine, Mail
from alerts.history.projecting import Projector
from alerts.journal.journal import Journal
from alerts.judging.rulebook import load_rulebook
from alerts.notices.channels import load_channels
from alerts.notices.sending import Sender
from alerts.replay.commands import ReplayCommands
from alerts.replay.jobs import Jobs
from alerts.replay.teaching import Teacher
from alerts.settings import Settings
from alerts.vitals import Pulses
from core.broker import BrokerClient
from core.errors import Invalid, NotFound
from core.heartbeat import beat_forever, last_will
from core.metrics import serve_metrics
from core.process import read_settings, run
from core.settings import parse_broker_url
from devices import snapshot
from devices.topic import system_topic
from devices.watching import RegistryWatch

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from alerts.judging.rulebook import Rulebook
    from alerts.notices.notice import Result
    from devices.registry import Registry

log = structlog.get_logger()

CLIENT_ID: Final = "yiwang-alerts"
INSTANCE: Final = "engine"


class _Command(NamedTuple):
    """What a command is for, and the module that has its `add_arguments` and its `run`."""

    purpose: str
    module: str


_COMMANDS: Final = {
    "check": _Command("are the rules valid?", "alerts.judging.check_command"),
    "replay": _Command("what would a rule have done?", "alerts.replay.replay_command"),
    "learn": _Command("what is usual for each device?", "alerts.replay.learn_command"),
    "suggest": _Command("which deadband and delay fit?", "alerts.replay.suggest_command"),
    "kpis": _Command("how good are the alarms? (ISA-18.2)", "alerts.noise.kpis_command"),
    "verify": _Command("is the journal whole?", "alerts.journal.verify_command"),
    "evidence": _Command("pack up one incident", "alerts.journal.evidence_command"),
}


async def guard(settings: Settings) -> None:
    """Run the engine and what feeds it until stopped, or until one of them fails."""
    rulebook = load_rulebook(settings.rules_dir)
    channels = load_channels(settings.channels_file)
    now_us = time.time_ns() // 1000
    with Journal(settings.state_dir, now_us=now_us) as journal:
        journal.forget_answers(now_us)
        copy = settings.state_dir / "registry.json"
        watch = RegistryWatch(settings.database_url, program="alerts", start=_known(copy))
        projector = Projector(settings.database_url, journal.path)

        def in_force() -> "Rulebook":
            return duty.rules.rulebook()

        teacher = Teacher(settings.state_dir / "norms.npz", in_force)
        jobs = Jobs(in_force)
        duty = Duty(
            rulebook,
            journal,
            settings.limits,
            now_us=now_us,
            channels=channels,
            lessons=teacher,
            more=ReplayCommands(jobs).handlers(),
        )
        for sentence in duty.rules.unreadable:
            log.error("edited rule not in force, the shipped one is", reason=sentence)
        results: deque[Result] = deque()
        sender = Sender(channels, results.append)
        engine = Engine(duty, journal, watch, projector, Mail(sender.offer, results), copy)
        topic = system_topic("alerts", INSTANCE)
        client = BrokerClient(
            parse_broker_url(settings.broker_url.get_secret_value()),
            client_id=CLIENT_ID,
            on_delivery=engine.receive,
            subscriptions=SUBSCRIPTIONS,
            will=last_will(topic, "alerts", INSTANCE),
            persistent=True,
            receive_maximum=settings.window,
        )
        client.on_connected(engine.note_connected)
        pulses = Pulses(duty, engine, projector, journal)
        async with client, asyncio.TaskGroup() as tasks:
            tasks.create_task(engine.run_forever(client), name="engine")
            tasks.create_task(engine.meet_strangers_forever(), name="strangers")
            tasks.create_task(watch.watch_forever(), name="registry")
            tasks.create_task(projector.project_forever(), name="projector")
            tasks.create_task(sender.send_forever(), name="sender")
            tasks.create_task(jobs.work_forever(), name="jobs")
            tasks.create_task(teacher.teach_forever(), name="teacher")
            beating = beat_forever(client, topic, "alerts", INSTANCE, pulses.pulse)
            tasks.create_task(beating, name="heartbeat")


def _known(copy: "Path") -> "Registry | None":
    try:
        return snapshot.load(copy)
    except (NotFound, Invalid):
        return None


def main(arguments: "Sequence[str]") -> None:
    """Run the engine, or the command that is named."""
    lines = [f"  {name:<9} {each.purpose}" for name, each in _COMMANDS.items()]
    parser = argparse.ArgumentParser(
        prog="python -m alerts",
        description=__doc__,
        epilog="\n".join(["commands:", *lines]),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("command", nargs="?", choices=_COMMANDS, metavar="COMMAND")
    name = parser.parse_args(arguments[:1]).command
    if name is not None:
        sys.exit(_carry_out(name, arguments[1:]))
    settings = read_settings(Settings)
    serve_metrics(settings.metrics_port)
    run(lambda: guard(settings), log_level=settings.log_level)


def _carry_out(name: str, arguments: "Sequence[str]") -> int:
    """Import no more than the command needs: verifying a journal takes no broker."""
    module = import_module(_COMMANDS[name].module)
    parser = argparse.ArgumentParser(prog=f"python -m alerts {name}", description=module.__doc__)
    module.add_arguments(parser)
    return int(module.run(parser.parse_args(arguments)))


if __name__ == "__main__":
    main(sys.argv[1:])
