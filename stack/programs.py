"""Every program of the system, and how it is started and stopped."""

import shlex
import sys
from dataclasses import dataclass, field

from stack.deployment import Deployment
from stack.environments import Environment, environment
from stack.folders import ROOT, is_root
from stack.mosquitto import UNPRIVILEGED
from stack.parts import Parts
from stack.postgres import postgres_command

SERVERS = ("database", "broker")
OURS = ("ingest", "alerts", "api", "simulators")
STAGES = (SERVERS, ("ingest", "alerts", "api"), ("simulators",))
"""What starts together, once everything before it is ready."""

START_ORDER = (*SERVERS, *OURS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Program:
    """One process for supervisor to keep running."""

    name: str
    command: str
    user: str | None = None
    environment: Environment = field(default_factory=dict)
    stop_signal: str = "TERM"
    stop_within: int = 20  # seconds, then it is killed
    steady_after: int = 1  # seconds; a program that ends sooner has failed to start


def programs(deployment: Deployment, parts: Parts) -> dict[str, Program]:
    """Return all programs by name, in the order in which they start."""
    servers = [_database(deployment, parts), _broker(deployment, parts)]
    ours = [_our(name, deployment, parts) for name in OURS]
    return {program.name: program for program in [*servers, *ours]}


def _database(deployment: Deployment, parts: Parts) -> Program:
    return Program(
        name="database",
        command=shlex.join(postgres_command(deployment, parts)),
        user=UNPRIVILEGED if is_root() else None,
        stop_signal="INT",  # PostgreSQL's fast shutdown: sessions end, nothing is lost
        stop_within=60,
    )


def _broker(deployment: Deployment, parts: Parts) -> Program:
    configuration = deployment.instance.broker / "mosquitto.conf"
    words = [ROOT / "stack/broker.sh", deployment.instance.access, parts.mosquitto]
    command = shlex.join(["/bin/sh", *map(str, words), "-c", str(configuration)])
    return Program(name="broker", command=command, stop_within=60)


def _our(name: str, deployment: Deployment, parts: Parts) -> Program:
    arguments = ["city"] if name == "simulators" else []
    fonts = {"API_REPORT_FONT": str(parts.report_font)} if name == "api" else {}
    return Program(
        name=name,
        command=shlex.join([sys.executable, "-m", name, *arguments]),
        environment={**environment(name, deployment), **fonts},
        stop_within=60 if name == "ingest" else 20,
    )
