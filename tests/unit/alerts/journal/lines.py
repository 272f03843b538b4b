"""Lines and journals for the tests of the journal."""

import json
from pathlib import Path
from typing import Any

from alerts.journal.journal import Draft, Journal
from alerts.journal.pen import Line, Pen
from tests.unit.alerts.making import NOW

FIRST = NOW // 1000 + 1
"""The number of the first line of a journal created at `NOW`."""


def alert(alert_id: str, seq: int, state: str = "unacknowledged", **rest: Any) -> dict[str, Any]:
    """What the journal needs to know of an alert, and whatever else a test wants."""
    return {"alert_id": alert_id, "seq": seq, "state": state, **rest}


def transition(document: dict[str, Any], *, at_us: int = NOW, actor: str | None = None) -> Line:
    content = json.dumps(document).encode()
    return Line("alert", document["alert_id"], at_us, content, actor, document["seq"])


def moved(*documents: dict[str, Any], actor: str | None = None) -> Draft:
    """One turn in which these alerts moved, the board with them."""
    pen = Pen()
    for document in documents:
        pen.lines.append(transition(document, actor=actor))
        if document["state"] == "normal":
            pen.drop("open", document["alert_id"])
        else:
            pen.keep("open", document["alert_id"], [document, "d", True])
    return Draft(*pen.take())


def journal_with(folder: Path, *drafts: Draft) -> Path:
    """Leave a journal behind, closed; return its file."""
    with Journal(folder, now_us=NOW) as journal:
        for draft in drafts:
            journal.commit(draft)
    return journal.path
