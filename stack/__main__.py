"""`python -m stack`: start, stop and look at the whole system on this machine."""

import argparse
import subprocess
import sys
from collections.abc import Callable, Sequence

from core.errors import Invalid, YiwangError
from stack.folders import Instance, instance

Command = Callable[[argparse.Namespace], None]


def main(arguments: Sequence[str]) -> int:
    """Run one command; what goes wrong is told in one sentence."""
    options = _parser().parse_args(arguments)
    try:
        options.run(options)
    except YiwangError as error:
        print(error.message, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("Stopped.", file=sys.stderr)
        return 130
    except BrokenPipeError:  # whoever read our words has seen enough
        sys.stdout = None
        return 0
    except (OSError, subprocess.CalledProcessError) as error:  # the disk, or a tool of the host
        print(f"{error}.", file=sys.stderr)
        return 1
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m stack", description=__doc__)
    parser.add_argument("--instance", default="demo", help="which copy of the system")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    up = commands.add_parser("up", help="start everything and stay until Ctrl-C")
    up.add_argument("--detach", action="store_true", help="return when all is running")
    up.add_argument("--ports", choices=("settings", "auto"), default="settings")
    up.add_argument("--only", help="program names with commas between; all by default")
    status = commands.add_parser("status", help="show processes, addresses and sign-ins")
    status.add_argument("--json", action="store_true", help="addresses, for programs")
    listen = commands.add_parser("listen", help="print messages as they pass the broker")
    listen.add_argument("topic", nargs="?", default="yiwang/v1/#")
    runs: dict[str, Command] = {"up": _up, "status": _status, "listen": _listen}
    for name, (text, run) in _PLAIN.items():
        commands.add_parser(name, help=text)
        runs[name] = run
    for name, command in commands.choices.items():
        command.add_argument("--instance", default=argparse.SUPPRESS, help=argparse.SUPPRESS)
        command.set_defaults(run=runs[name])
    return parser


def _up(options: argparse.Namespace) -> None:
    from core.process import read_settings
    from stack import starting
    from stack.addresses import free_ports
    from stack.settings import PortSettings
    from stack.stopping import ending_with

    place = instance(options.instance)
    ports = free_ports() if options.ports == "auto" else read_settings(PortSettings).ports()
    only = frozenset(options.only.split(",")) if options.only else starting.ALL
    if unknown := only - starting.ALL:
        raise Invalid(f"There is no program called {', '.join(sorted(unknown))}.")
    supervisor = starting.up(place, ports, only)
    if supervisor is None:
        print("The system is running already.")
    if supervisor is None or options.detach:
        _show(place)
        return
    with ending_with(place):
        _show(place)
        supervisor.wait()


def _show(place: Instance) -> None:
    from stack.preparing import running
    from stack.status import as_text

    print(f"\n{as_text(running(place))}\n", flush=True)


def _down(options: argparse.Namespace) -> None:
    from stack.stopping import down

    print("Stopped." if down(instance(options.instance)) else "Nothing was running.")


def _status(options: argparse.Namespace) -> None:
    from stack import status
    from stack.preparing import running

    deployment = running(instance(options.instance))
    print(status.as_json(deployment) if options.json else status.as_text(deployment))


def _listen(options: argparse.Namespace) -> None:
    from stack import looking
    from stack.parts import ensure_parts
    from stack.preparing import running

    looking.listen(running(instance(options.instance)), ensure_parts(), options.topic)


def _sql(options: argparse.Namespace) -> None:
    from stack import looking
    from stack.parts import ensure_parts
    from stack.preparing import running

    looking.query(running(instance(options.instance)), ensure_parts())


def _migrate(_options: argparse.Namespace) -> None:
    from core.process import read_settings
    from stack.migrate import migrate
    from stack.settings import MigrateSettings

    print(f"{migrate(read_settings(MigrateSettings))} migrations applied.")


def _secrets(_options: argparse.Namespace) -> None:
    from stack.secret_files import FOLDER, write_secrets

    write_secrets()
    print(f"The secrets are in {FOLDER}.")


_PLAIN = {
    "down": ("stop everything", _down),
    "sql": ("open a prompt on the database, reading only", _sql),
    "migrate": ("bring the database up to date (MIGRATE_*)", _migrate),
    "secrets": ("write ./secrets for compose.yaml", _secrets),
}

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
