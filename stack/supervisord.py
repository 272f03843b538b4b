"""Supervisor keeps the programs running; this writes what it reads, and starts it."""

import subprocess
import sys
import time
from collections.abc import Iterable

from core.errors import Unavailable
from devices.files import replace_file
from stack.folders import ROOT, Instance
from stack.programs import Program
from stack.supervising import Supervisor

_SERVER = """\
[supervisord]
nodaemon = true
silent = true
directory = {root}
logfile = {logs}/supervisor.log
logfile_maxbytes = 10MB
logfile_backups = 2
pidfile = {folder}/supervisord.pid
childlogdir = {logs}
environment = YIWANG_INSTANCE="{folder}",PYTHONUNBUFFERED="1"

[unix_http_server]
file = {socket}
chmod = 0700

[rpcinterface:supervisor]
supervisor.rpcinterface_factory = supervisor.rpcinterface:make_main_rpcinterface
"""

_PROGRAM = """
[program:{name}]
command = {command}
environment = {environment}
autostart = false
autorestart = true
startsecs = {steady_after}
startretries = 100
stopsignal = {stop_signal}
stopwaitsecs = {stop_within}
redirect_stderr = true
stdout_logfile = {logs}/{name}.log
stdout_logfile_maxbytes = 10MB
stdout_logfile_backups = 3
"""

_ANSWERS_WITHIN = 10.0  # seconds, after being started


def write_configuration(instance: Instance, programs: Iterable[Program]) -> None:
    """Write what supervisor runs; it holds passwords, so only its owner can read it."""
    server = _SERVER.format(
        root=ROOT, logs=instance.logs, folder=instance.folder, socket=instance.socket
    )
    sections = (_section(program, instance) for program in programs)
    text = _escaped(server) + "".join(sections)
    replace_file(instance.configuration, text.encode())


def launch(instance: Instance) -> subprocess.Popen[bytes]:
    """Start supervisor, apart from the terminal so that Ctrl-C reaches only us; wait for it."""
    errors = instance.logs / "supervisor.err"
    with errors.open("wb") as file:
        process = subprocess.Popen(
            [sys.executable, "-m", "supervisor.supervisord", "-n", "-c", instance.configuration],
            start_new_session=True,
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=file,
        )
    deadline = time.monotonic() + _ANSWERS_WITHIN
    while not Supervisor(instance).answers():
        if process.poll() is not None or time.monotonic() > deadline:
            raise Unavailable(f"Supervisor does not start; see {errors}.")
        time.sleep(0.05)
    return process


def _section(program: Program, instance: Instance) -> str:
    variables = ",".join(f"{name}='{value}'" for name, value in program.environment.items())
    section = _PROGRAM.format(
        name=program.name,
        command=_escaped(program.command),
        environment=_escaped(variables),
        logs=_escaped(str(instance.logs)),
        stop_signal=program.stop_signal,
        stop_within=program.stop_within,
        steady_after=program.steady_after,
    )
    return section + (f"user = {program.user}\n" if program.user else "")


def _escaped(value: str) -> str:
    return value.replace("%", "%%")
