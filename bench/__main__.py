"""`python -m bench NAME`: measure one promise, or all of them, on a private copy of the system."""

import argparse
import subprocess
import sys
from collections.abc import Callable, Sequence

from bench import (
    backlog,
    consoles,
    deadlines,
    idle,
    ingesting,
    latency,
    memory,
    month,
    panels,
    reports,
    rules,
    wall,
)
from bench.reporting import Result, as_json
from bench.scale import Scale
from core.errors import YiwangError
from stack.interrupting import ended_by_interrupt

BENCHES: dict[str, Callable[[Scale], Result]] = {
    "ingest": ingesting.bench,
    "latency": latency.bench,
    "backlog": backlog.bench,
    "memory": memory.bench,
    "deadlines": deadlines.bench,
    "rules": rules.bench,
    "idle": idle.bench,
    "month": month.bench,
    "panels": panels.bench,
    "reports": reports.bench,
    "consoles": consoles.bench,
    "wall": wall.bench,
}

_MOST_DEVICES = 100_000


def main(arguments: Sequence[str]) -> int:
    """Run what is asked for; the last line is JSON."""
    options = _parser().parse_args(arguments)
    scale = Scale(devices=options.devices, quick=options.quick)
    try:
        with ended_by_interrupt():
            _measure(options.name, scale)
    except YiwangError as error:
        print(error.message, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("Stopped.", file=sys.stderr)
        return 130
    except (OSError, subprocess.CalledProcessError) as error:
        print(f"{error}.", file=sys.stderr)
        return 1
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("name", choices=[*BENCHES, "all"])
    parser.add_argument("--quick", action="store_true", help="fewer runs, smaller ones")
    parser.add_argument("--devices", type=_device_count, default=2000, help="how many speak")
    return parser


def _device_count(text: str) -> int:
    count = int(text)
    if not 1 <= count <= _MOST_DEVICES:
        raise argparse.ArgumentTypeError(f"{text} does not lie between 1 and {_MOST_DEVICES}")
    return count


def _measure(name: str, scale: Scale) -> None:
    if name != "all":
        print(as_json(BENCHES[name](scale)))
        return
    results: dict[str, Result] = {}
    for each, bench in BENCHES.items():
        results[each] = bench(scale)
        print(as_json(results[each]), flush=True)
    print(as_json(results))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
