"""The tools that read history; the engine starts them as `python -m alerts.replay`."""

import argparse
import sys

from alerts.replay import learn_command, replay_command, suggest_command


def main() -> int:
    """Read the command line and run; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m alerts.replay", description=__doc__)
    commands = parser.add_subparsers(required=True)
    for name, tool in (
        ("replay", replay_command),
        ("suggest", suggest_command),
        ("learn", learn_command),
    ):
        command = commands.add_parser(name, help=tool.__doc__)
        tool.add_arguments(command)
        command.set_defaults(run=tool.run)
    options = parser.parse_args()
    return int(options.run(options))


if __name__ == "__main__":
    sys.exit(main())
