"""The evidence of one incident as files that can be checked without us."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from hashlib import sha256
from io import BytesIO
from typing import Any, Final
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

import msgspec

from alerts.journal.chain import Entry, Head
from alerts.journal.incident import Incident
from alerts.journal.verifying import Tampered, Verified
from core.clock import from_us

MANIFEST: Final = "MANIFEST.json"
_HOW_TO_CHECK_ZH: Final = (
    "核对方法：各文件的 SHA-256 与本清单一致；lines.jsonl 每行的摘要为 "
    "SHA-256(UTF-8 JSON [no,seq,at_us,kind,subject,actor]（无空格）+ document)，须与 chain.txt "
    "同号一行相同；从 before 起逐行计算 SHA-256(前一行指纹 + 摘要)，最后一行须等于 last。"
)
_HOW_TO_CHECK_EN: Final = (
    "To check: the SHA-256 of every file is the one given here. The digest of a line of "
    "lines.jsonl is SHA-256(UTF-8 JSON [no,seq,at_us,kind,subject,actor] without spaces, then "
    "document) and stands in chain.txt under its number. From `before` on, each line's fingerprint "
    "is SHA-256(fingerprint of the line before, then digest); the last one is `last`. A head of "
    "the journal that was noted down elsewhere at the time proves that nothing was written later."
)

_FORMATTED: Final = 2  # spaces


def files_of(incident: Incident) -> dict[str, bytes]:
    """Return what the journal says: the alert, its transitions, all lines, the chain."""
    return {
        "alert.json": _readable(incident.alert),
        "transitions.jsonl": _lines(map(_transition, incident.transitions)),
        "lines.jsonl": _lines(map(_line, incident.lines)),
        "chain.txt": "".join(_chain(incident)).encode(),
    }


def manifest(
    incident: Incident,
    files: Mapping[str, bytes],
    *,
    found: Verified | Tampered,
    missing: Iterable[str],
    now: datetime,
) -> bytes:
    """Return the list of files with their SHA-256, and what is to be known of the whole."""
    content = {
        "alert_id": incident.alert["alert_id"],
        "rule_id": incident.alert["rule_id"],
        "rule_version": incident.alert["rule_version"],
        "made_at": now,
        "journal": _journal(found),
        "lines": {"first": incident.lines[0].no, "last": incident.lines[-1].no},
        "files": {name: sha256(content).hexdigest() for name, content in sorted(files.items())},
        "missing": list(missing),
        "how_to_check": (_HOW_TO_CHECK_ZH, _HOW_TO_CHECK_EN),
    }
    return _readable(content)


def packed(files: Mapping[str, bytes], now: datetime) -> bytes:
    """Return the files as one ZIP archive."""
    archive = BytesIO()
    with ZipFile(archive, "w") as whole:
        for name, content in files.items():
            whole.writestr(ZipInfo(name, now.timetuple()[:6]), content, ZIP_DEFLATED)
    return archive.getvalue()


def _journal(found: Verified | Tampered) -> dict[str, object]:
    if isinstance(found, Tampered):
        return {"whole": False, "line": found.no, "reason": found.reason}
    head = found.head.as_text() if found.head else None
    return {"whole": True, "lines": found.lines, "head": head}


def _transition(entry: Entry) -> dict[str, Any]:
    return {
        "no": entry.no,
        "seq": entry.line.seq,
        "hash": entry.hash.hex(),
        "at": from_us(entry.line.at_us),
        "actor": entry.line.actor,
        "alert": msgspec.Raw(entry.line.document),
    }


def _line(entry: Entry) -> dict[str, Any]:
    """Return a line to the letter: its document is text, lest a reader rearrange it."""
    return {
        "no": entry.no,
        "seq": entry.line.seq,
        "at_us": entry.line.at_us,
        "kind": entry.line.kind,
        "subject": entry.line.subject,
        "actor": entry.line.actor,
        "document": entry.line.document.decode(),
        "hash": entry.hash.hex(),
    }


def _chain(incident: Incident) -> Iterator[str]:
    yield f"before {incident.before.hex()}\n"
    for no, digest in incident.links:
        yield f"{no} {digest.hex()}\n"
    last = incident.lines[-1]
    yield f"last {Head(last.no, last.hash).as_text()}\n"


def _lines(documents: Iterable[object]) -> bytes:
    return b"".join(msgspec.json.encode(document) + b"\n" for document in documents)


def _readable(document: object) -> bytes:
    return msgspec.json.format(msgspec.json.encode(document), indent=_FORMATTED) + b"\n"
