"""The alert engine: `python -m alerts` runs it, `python -m alerts check` reads the rules only."""

import argparse
import asyncio
import time
from pathlib import Path

from alerts.checking import complaints, summary
from alerts.duty import Duty
from alerts.engine import SUBSCRIPTIONS, Engine
from alerts.journal import Journal
from alerts.projecting import Projector
from alerts.rulebook import SHIPPED, load_rulebook
from alerts.settings import Settings
from alerts.vitals import Pulses
from core.broker import BrokerClient
from core.errors import Invalid, NotFound
from core.heartbeat import beat_forever, last_will
from core.metrics import serve_metrics
from core.process import read_settings, run
from core.settings import parse_broker_url
from devices import snapshot
from devices.catalogue import load_catalogue
from devices.registry import Registry
from devices.topic import system_topic
from devices.watching import RegistryWatch

CLIENT_ID = "yiwang-alerts"
INSTANCE = "engine"


async def guard(settings: Settings) -> None:
    """Run the engine and what feeds it until stopped, or until one of them fails."""
    rulebook = load_rulebook(settings.rules_dir)
    now_us = time.time_ns() // 1000
    with Journal(settings.state_dir, now_us=now_us) as journal:
        journal.forget_answers(now_us)
        copy = settings.state_dir / "registry.json"
        watch = RegistryWatch(settings.database_url, program="alerts", start=_known(copy))
        projector = Projector(settings.database_url, journal.path)
        duty = Duty(rulebook, journal, settings.limits, now_us=now_us)
        engine = Engine(duty, journal, watch, projector, copy)
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
        pulses = Pulses(duty, engine, projector)
        async with client, asyncio.TaskGroup() as tasks:
            tasks.create_task(engine.run_forever(client), name="engine")
            tasks.create_task(engine.meet_strangers_forever(), name="strangers")
            tasks.create_task(watch.watch_forever(), name="registry")
            tasks.create_task(projector.project_forever(), name="projector")
            beating = beat_forever(client, topic, "alerts", INSTANCE, pulses.pulse)
            tasks.create_task(beating, name="heartbeat")


def check(folder: Path) -> None:
    """Say whether the rules are valid and fit the catalogue; exit code 1 and why, if not."""
    try:
        rulebook = load_rulebook(folder)
        unfit = list(complaints(rulebook, load_catalogue().profiles))
    except Invalid as error:
        unfit = [error.message]
    if unfit:
        raise SystemExit("\n".join(unfit))
    print(summary(rulebook))  # noqa: T201 - it talks to a terminal


def _known(copy: Path) -> Registry | None:
    try:
        return snapshot.load(copy)
    except (NotFound, Invalid):
        return None


def main() -> None:
    """Read the command line and run."""
    parser = argparse.ArgumentParser(prog="python -m alerts", description=__doc__)
    commands = parser.add_subparsers(dest="command")
    checking = commands.add_parser("check", help="read the rules and say whether they are valid")
    checking.add_argument("folder", nargs="?", type=Path, default=SHIPPED)
    arguments = parser.parse_args()
    if arguments.command == "check":
        check(arguments.folder)
        return
    settings = read_settings(Settings)
    serve_metrics(settings.metrics_port)
    run(lambda: guard(settings), log_level=settings.log_level)


if __name__ == "__main__":
    main()
