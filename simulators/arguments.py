"""The command line of the simulators."""

import argparse
from collections.abc import Callable
from pathlib import Path

from simulators import scenario


def parser() -> argparse.ArgumentParser:
    """Return the parser of all commands."""
    whole = argparse.ArgumentParser(
        prog="python -m simulators",
        description="A city that does not exist and knows its own truth.",
    )
    commands = whole.add_subparsers(dest="command", required=True, metavar="COMMAND")
    _add_city(commands.add_parser("city", help="let the city speak until it is stopped"))
    _add_register(commands.add_parser("register", help="import the city through the api"))
    _add_score(commands.add_parser("score", help="compare alerts with what really happened"))
    _add_replay(commands.add_parser("replay", help="play a recorded table"))
    _add_load(commands.add_parser("load", help="publish at a rate, to this machine only"))
    return whole


def positive(least: float, most: float) -> Callable[[str], float]:
    """Return a reader of numbers from `least` to `most`."""

    def number(text: str) -> float:
        value = float(text)
        if not least <= value <= most:
            raise argparse.ArgumentTypeError(f"{text} does not lie between {least:g} and {most:g}")
        return value

    return number


def _whole(least: int, most: int) -> Callable[[str], int]:
    def number(text: str) -> int:
        value = int(text)
        if not least <= value <= most:
            raise argparse.ArgumentTypeError(f"{text} does not lie between {least} and {most}")
        return value

    return number


def _add_size(command: argparse.ArgumentParser) -> None:
    command.add_argument("--seed", type=_whole(0, 2**31), default=1, help="same seed, same city")
    size = command.add_mutually_exclusive_group()
    size.add_argument(
        "--scale", type=positive(0.01, 1000), default=1.0, help="multiplies units, lamps, trucks"
    )
    size.add_argument("--devices", type=_whole(1, 2_000_000), help="about this many devices")


def _add_city(command: argparse.ArgumentParser) -> None:
    _add_size(command)
    command.add_argument(
        "--rate", type=positive(0.01, 100), default=1.0, help="multiplies how often devices report"
    )
    command.add_argument(
        "--scenario", metavar="NAME", help=f"one of {', '.join(scenario.names())}, or a file"
    )
    command.add_argument(
        "--speed", type=positive(0.1, 100), default=1.0, help="the city's minutes pass faster"
    )
    command.add_argument(
        "--fault", action="append", default=[], metavar="KIND=SHARE", help="e.g. duplicates=0.01"
    )
    command.add_argument(
        "--seconds", type=positive(1, 10**9), help="stop after this long (else: when stopped)"
    )
    command.add_argument("--geojson", type=Path, metavar="FILE", help="only write the map")
    command.add_argument("--unregistered", action="store_true", help="do not import the city first")


def _add_register(command: argparse.ArgumentParser) -> None:
    _add_size(command)


def _add_score(command: argparse.ArgumentParser) -> None:
    command.add_argument("--scenario", required=True, metavar="NAME")
    command.add_argument("--api", metavar="URL", help="else SIMULATORS_API_URL")


def _add_replay(command: argparse.ArgumentParser) -> None:
    command.add_argument("file", type=Path, help="a CSV file with a header")
    command.add_argument("--speed", type=positive(0.1, 10_000), default=60.0)
    command.add_argument("--device", metavar="ID", help="else a new device for each replay")
    command.add_argument("--map", action="append", default=[], metavar="COLUMN=METRIC", type=_pair)
    command.add_argument("--label", metavar="COLUMN", help="1 where it really burns")


def _pair(text: str) -> tuple[str, str]:
    column, equals, metric = text.rpartition("=")
    if not (column and equals and metric):
        raise argparse.ArgumentTypeError(f"{text!r} does not read COLUMN=METRIC")
    return column, metric


def _add_load(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--rate", type=positive(1, 50_000), default=500.0, help="messages a second"
    )
    command.add_argument("--seconds", type=positive(1, 600), default=10.0)
    command.add_argument("--devices", type=_whole(1, 200_000), default=1000)
    command.add_argument("--seed", type=_whole(0, 2**31), default=1)
