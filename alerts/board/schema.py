"""The form of an alert for third parties: `python -m alerts.board.schema` prints the JSON schema.

It is made from the document itself, so it cannot differ from it; a test keeps the copy in `docs/`
current.
"""

import json
import sys
from inspect import cleandoc
from typing import Any, Final

import msgspec

from alerts.board.document import Alert

SCHEMA_ID: Final = "urn:yiwang:alert:2"
"""Moves with every change a reader could stumble over; a new field is no such change."""


def schema() -> dict[str, Any]:
    """Return the schema (JSON Schema 2020-12); every member is always there, null or not."""
    (_,), parts = msgspec.json.schema_components([Alert], ref_template="#/$defs/{name}")
    for part in parts.values():
        part["description"] = cleandoc(part["description"])
        if members := part.get("properties"):
            part["required"] = list(members)
            for member in members.values():
                member.pop("default", None)  # nothing is left out, so nothing is filled in
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": SCHEMA_ID,
        **parts.pop("Alert"),
        "$defs": parts,
    }


def printed() -> str:
    """Return the schema as it stands in `docs/alert.schema.json`."""
    return json.dumps(schema(), indent=2, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    sys.stdout.write(printed())
