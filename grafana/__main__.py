"""The Grafana program: `python -m grafana render | check | push`."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from grafana.links import CONSOLE_URL


def main(arguments: Sequence[str] | None = None) -> int:
    """Read the command line and run; the exit code is 1 where something is wrong."""
    parser = argparse.ArgumentParser(prog="python -m grafana", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    _add_render(commands.add_parser("render", help="write the dashboards as JSON files"))
    _add_check(
        commands.add_parser(
            "check", help="find what Grafana would refuse, and files that are stale"
        )
    )
    _add_push(commands)
    wanted = parser.parse_args(arguments)
    if wanted.command == "push":
        return _push(wanted)
    if wanted.command == "render":
        return _render(wanted)
    return _check(types=wanted.types)


def _add_check(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--types", action="store_true", help="also ask TypeScript, by the types of @grafana/schema"
    )


def _add_push(commands: Any) -> None:  # noqa: ANN401 - argparse keeps the type to itself
    from grafana.push.arguments import add_arguments

    add_arguments(commands.add_parser("push", help="bring a running Grafana up to date"))


def _push(wanted: argparse.Namespace) -> int:
    from grafana.push.command import run

    return run(wanted)


def _add_render(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--into", type=Path, help="another folder than grafana/rendered")
    parser.add_argument(
        "--console-url", default=CONSOLE_URL, help="where browsers reach the console"
    )


def _render(wanted: argparse.Namespace) -> int:
    from grafana.rendering import RENDERED, write

    for path in write(wanted.into or RENDERED, wanted.console_url):
        _say(str(path))
    return 0


def _check(*, types: bool) -> int:
    from grafana.checking import problems

    found = [*problems(), *(_misfits() if types else ())]
    for problem in found:
        _say(problem)
    return 1 if found else 0


def _misfits() -> list[str]:
    from grafana.questions import read_dashboards
    from grafana.schema.compiling import complaints
    from grafana.words import LANGUAGES

    return complaints(each for one in LANGUAGES for each in read_dashboards(one).values())


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")


if __name__ == "__main__":
    sys.exit(main())
