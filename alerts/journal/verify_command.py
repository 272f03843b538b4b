"""`python -m alerts verify`: says whether the journal is whole, or where it is not."""

import argparse
import sqlite3
import sys

from alerts.journal.chain import Head
from alerts.journal.folder import add_folder, journal_of
from alerts.journal.verifying import Tampered, Verified, verify
from core.errors import YiwangError
from core.process import USAGE_ERROR


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe what the command takes."""
    add_folder(parser)
    parser.add_argument(
        "--anchor",
        metavar="NO:HASH",
        help="a head noted down earlier, which must still be in the journal",
    )


def run(options: argparse.Namespace) -> int:
    """Check and say the result; 0 whole, 1 tampered with, 2 it could not be looked at."""
    try:
        anchor = Head.from_text(options.anchor) if options.anchor else None
        found = verify(journal_of(options), anchor=anchor)
    except (YiwangError, sqlite3.Error) as error:
        sys.stderr.write(f"{error}\n")
        return USAGE_ERROR
    sys.stdout.write(_sentence(found))
    return int(isinstance(found, Tampered))


def _sentence(found: Verified | Tampered) -> str:
    if isinstance(found, Tampered):
        return f"日志第 {found.no} 行有问题 / line {found.no}: {found.reason}\n"
    head = found.head.as_text() if found.head else "none"
    return f"日志完整 / the journal is whole: {found.lines} lines, head {head}\n"
