"""`python -m simulators city | register | score | replay | load`."""

import sys
from argparse import Namespace
from collections.abc import Callable, Mapping

from core.errors import YiwangError
from core.logging import configure
from core.process import USAGE_ERROR
from simulators.arguments import parser
from simulators.city_command import run_city, run_register
from simulators.load_command import run_load
from simulators.replay_command import run_replay
from simulators.score_command import run_score

COMMANDS: Mapping[str, Callable[[Namespace], None]] = {
    "city": run_city,
    "register": run_register,
    "score": run_score,
    "replay": run_replay,
    "load": run_load,
}


def main(arguments: list[str] | None = None) -> None:
    """Run one command; what the caller got wrong is a sentence and exit code 2."""
    options = parser().parse_args(arguments)
    configure("INFO")
    problems: list[str] = []
    try:
        COMMANDS[options.command](options)
    except* YiwangError as errors:
        problems += [str(error) for error in errors.exceptions]
    if problems:
        sys.stderr.write("\n".join(problems) + "\n")
        sys.exit(USAGE_ERROR)


if __name__ == "__main__":
    main()
