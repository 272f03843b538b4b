"""Start the system in order, each part when the one it needs is ready; all of it or nothing."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial

from core.errors import Unavailable
from stack import readiness
from stack.addresses import Ports
from stack.deployment import Deployment
from stack.environments import environment
from stack.folders import ROOT, Instance
from stack.handing import hand_over
from stack.interrupting import ended_by_interrupt
from stack.locking import locked
from stack.parts import ensure_parts
from stack.preparing import Names, prepare
from stack.programs import OURS, SERVERS, STAGES, START_ORDER
from stack.progress import say
from stack.stopping import end, end_leftovers
from stack.supervising import Supervisor
from stack.supervisord import launch

ALL: Names = frozenset(START_ORDER)


def up(instance: Instance, ports: Ports, only: Names = ALL) -> subprocess.Popen[bytes] | None:
    """Start an instance completely or not at all; None says that it was running already."""
    os.umask(0o022)  # servers that root starts must be able to read their configuration
    parts = ensure_parts()
    instance.logs.mkdir(parents=True, exist_ok=True)
    with locked(instance.folder / "start.lock"):
        if Supervisor(instance).answers():
            return None
        end_leftovers(instance)
        deployment = prepare(instance, ports, only, parts)
        with ended_by_interrupt(), _all_or_nothing(instance):
            supervisor = launch(instance)
            _start_in_order(deployment, only)
            hand_over(deployment, parts)
    return supervisor


def start(deployment: Deployment, *names: str) -> None:
    """Start programs together and wait until each is of use."""
    supervisor = Supervisor(deployment.instance)
    for name in names:
        supervisor.start(name)
    for name in names:
        readiness.wait_until(
            _is_ready(deployment, name),
            alive=partial(_is_alive, supervisor, name),
            what=f"{name} (see {deployment.instance.logs}/{name}.log)",
        )


def _is_alive(supervisor: Supervisor, name: str) -> bool:
    return supervisor.state(name).state in {"STARTING", "RUNNING"}


def _start_in_order(deployment: Deployment, only: Names) -> None:
    for stage in STAGES:
        if names := [name for name in stage if name in only]:
            say(f"Starting {', '.join(names)}")
            start(deployment, *names)
        if stage == SERVERS:
            _fill(deployment, only)
    _settle(deployment)


def _fill(deployment: Deployment, only: Names) -> None:
    """Give the programs what they expect to find in the database and at the broker."""
    if only & set(OURS):
        say("Migrating the database")
        _run_once(deployment, "migrate", "stack", "migrate")
    if "api" in only:
        say("Preparing the catalogue and the sign-ins")
        _run_once(deployment, "prepare", "api", "prepare")


def _settle(deployment: Deployment) -> None:
    """Wait until supervisor, too, trusts every program to stay."""
    supervisor = Supervisor(deployment.instance)
    readiness.wait_until(
        lambda: all(state.state == "RUNNING" for state in supervisor.states()),
        alive=supervisor.answers,
        what="One of the programs",
    )


def _is_ready(deployment: Deployment, name: str) -> Callable[[], bool]:
    """Return the question that tells whether a program is of use to the next one."""
    supervisor = Supervisor(deployment.instance)
    questions: dict[str, Callable[[], bool]] = {
        "database": partial(readiness.database_answers, deployment.superuser_url()),
        "broker": partial(readiness.broker_answers, deployment.broker_url("svc-ingest")),
        "ingest": partial(readiness.program_beats, deployment.broker_url("svc-api"), "ingest"),
        "alerts": partial(readiness.program_beats, deployment.broker_url("svc-api"), "alerts"),
        "api": partial(readiness.page_answers, f"{deployment.api_url}/api/v1/health"),
    }
    return questions.get(name, lambda: supervisor.state(name).state == "RUNNING")


def _run_once(deployment: Deployment, settings: str, *module_and_arguments: str) -> None:
    """Run one of our commands to its end; its log has the reason if it fails."""
    done = subprocess.run(
        [sys.executable, "-m", *module_and_arguments],
        cwd=ROOT,
        env={**os.environ, **environment(settings, deployment)},
        capture_output=True,
        text=True,
        check=False,
    )
    log = deployment.instance.logs / f"{'-'.join(module_and_arguments)}.log"
    log.write_text(done.stdout + done.stderr)
    if done.returncode:
        raise Unavailable(f"`python -m {' '.join(module_and_arguments)}` failed; see {log}.")


@contextmanager
def _all_or_nothing(instance: Instance) -> Iterator[None]:
    """Take everything down again if the start fails half-way, whatever the reason."""
    try:
        yield
    except BaseException:
        end(instance)
        raise
