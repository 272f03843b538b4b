"""From a document to a rule and back; what is wrong with it is said with the field's name."""

import re
from typing import Any, Final

import msgspec

from alerts.judging.rulebook import as_rule
from alerts.judging.rules import Rule
from core.errors import Invalid

DOCUMENT_BYTES: Final = 32_768
"""More than the longest rule the fields allow; a larger document is no rule."""

_encode = msgspec.json.Encoder().encode
_ID: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")


def read_rule(document: bytes, *, version: int | None = None) -> Rule:
    """Read one rule; Invalid names the rule, the field and what it must be.

    `version` replaces the one in the document: numbers are given out, not chosen.
    """
    if len(document) > DOCUMENT_BYTES:
        raise Invalid(f"A rule has {DOCUMENT_BYTES} bytes at most, this has {len(document)}.")
    fields = _fields(document)
    if version is not None:
        fields["version"] = version
    try:
        return as_rule(fields)
    except Invalid as error:
        name = str(fields.get("rule_id", "without rule_id"))[:64]
        raise Invalid(f"Rule {name} cannot be accepted: {error.message}") from None


def rule_id_of(document: bytes) -> str:
    """Return which rule a document speaks of, before anything else in it is looked at."""
    rule_id = _fields(document).get("rule_id")
    if not isinstance(rule_id, str) or not _ID.fullmatch(rule_id):
        raise Invalid("A rule needs a `rule_id` of letters, digits, dots, dashes and underscores.")
    return rule_id


def write_rule(rule: Rule) -> msgspec.Raw:
    """Return the whole document of a rule, as it is kept for ever."""
    return msgspec.Raw(_encode(rule))


def _fields(document: bytes) -> dict[str, Any]:
    try:
        return msgspec.json.decode(document, type=dict[str, Any])
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise Invalid(f"The rule cannot be read: {error}.") from None
