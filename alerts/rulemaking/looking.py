"""Which rules are in force, for programs that run beside the engine: read from its journal."""

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Final

from alerts.journal.pen import Pen
from alerts.judging.rulebook import Rulebook
from alerts.rulemaking.rules import RULE, Rules
from core.errors import NotFound, Unavailable

_RECORDS: Final = "SELECT key, document FROM records WHERE kind = ?"


def in_force(state_dir: Path, shipped: Rulebook) -> Rulebook:
    """Return the rules the engine of this folder judges by; NotFound if it has no journal."""
    path = state_dir / "journal.sqlite"
    if not path.exists():
        raise NotFound(f"There is no journal in {state_dir}.")
    try:
        with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as connection:
            records = dict(connection.execute(_RECORDS, (RULE,)).fetchall())
    except sqlite3.Error as error:
        raise Unavailable(f"The journal in {state_dir} cannot be read: {error}.") from error
    return Rules(Pen(), records, shipped, lambda _rulebook: ()).rulebook()
