"""`python -m alerts check`: says whether the rules are valid and some device kind fits each."""

import argparse
import sys
from pathlib import Path

from alerts.judging.checking import complaints, summary
from alerts.judging.rulebook import SHIPPED, load_rulebook
from core.errors import Invalid
from devices.catalogue import load_catalogue


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe what the command takes."""
    parser.add_argument(
        "folder", nargs="?", type=Path, default=SHIPPED, help="of rule files; default: shipped"
    )


def run(options: argparse.Namespace) -> int:
    """Say that all is well, or everything that is not; 1 if anything is not."""
    try:
        rulebook = load_rulebook(options.folder)
        unfit = list(complaints(rulebook, load_catalogue().profiles))
    except Invalid as error:
        unfit = [error.message]
    if unfit:
        sys.stderr.write("\n".join(unfit) + "\n")
        return 1
    sys.stdout.write(f"{summary(rulebook)}\n")
    return 0
