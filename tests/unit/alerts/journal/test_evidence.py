import argparse
import json
import sqlite3
from contextlib import closing
from hashlib import sha256
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest

from alerts.journal import evidence_command
from alerts.journal.incident import gather
from alerts.journal.journal import Draft
from alerts.journal.pages import reading
from alerts.journal.pen import Line
from core.errors import NotFound
from tests.unit.alerts.journal.lines import FIRST, alert, journal_with, moved
from tests.unit.alerts.making import NOW, S

HOUR = 3600 * S


def fire(alert_id: str, seq: int, state: str = "unacknowledged", **rest: Any) -> dict[str, Any]:
    about = {
        "rule_id": "fire-event",
        "rule_version": 3,
        "device_id": "d",
        "site_id": "unit",
        "desk_id": "desk-1",
        "raised_at": "2026-09-21T13:33:20Z",
    }
    return alert(alert_id, seq, state, **about, **rest)


def note(kind: str, subject: str, at_us: int = NOW, **document: Any) -> Line:
    return Line(kind, subject, at_us, json.dumps(document, ensure_ascii=False).encode(), "李明")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A fire that is taken and over, with much around it that is not about it."""
    return journal_with(
        tmp_path / "state",
        Draft(
            [
                note("rule", "fire-event", did="shipped", rule={"version": 3}),
                note("rule", "other", did="shipped"),
                note("shift", "desk-1", NOW - 2 * HOUR, officer="李明"),
                note("shift", "desk-1", NOW - 30 * HOUR, officer="王芳"),
            ]
        ),
        moved(fire("a", FIRST), alert("b", FIRST + 1, rule_id="fire-event")),
        Draft(
            [
                note("notice", "a", to="13800000000"),
                note("notice", "b", to="13900000000"),
                note("notice", "c", alert_ids=["c", "a"]),
                note("shelf", "d|fire-event", reason="动火作业"),
                note("shelf", "d|other"),
                note("handover", "desk-1", to="王芳"),
                note("handover", "desk-2"),
                note("window", "w", reason="消防演练"),
                note("handover", "desk-1", NOW + HOUR),
            ]
        ),
        moved(fire("a", FIRST + 2, "acknowledged"), actor="李明"),
        moved(fire("a", FIRST + 3, "normal")),
        Draft([note("notice", "b")]),
    )


def kinds(lines: list[dict[str, Any]]) -> list[tuple[str, str]]:
    return [(line["kind"], line["subject"]) for line in lines]


def export(path: Path, *words: str) -> tuple[int, dict[str, bytes]]:
    parser = argparse.ArgumentParser()
    evidence_command.add_arguments(parser)
    out = path.parent.parent / "out.zip"
    to = ["--state-dir", str(path.parent), "--out", str(out)]
    code = evidence_command.run(parser.parse_args([*(words or ("a",)), *to]))
    if not out.exists():
        return code, {}
    with ZipFile(out) as archive:
        return code, {name: archive.read(name) for name in archive.namelist()}


def rows(content: bytes) -> list[dict[str, Any]]:
    return [json.loads(line) for line in content.splitlines()]


def test_the_archive_holds_what_is_about_the_alert_and_nothing_else(path: Path) -> None:
    code, files = export(path)

    assert code == 0
    assert kinds(rows(files["lines.jsonl"])) == [
        ("rule", "fire-event"),
        ("shift", "desk-1"),
        ("alert", "a"),
        ("notice", "a"),
        ("notice", "c"),
        ("shelf", "d|fire-event"),
        ("handover", "desk-1"),
        ("window", "w"),
        ("alert", "a"),
        ("alert", "a"),
    ]
    assert json.loads(files["alert.json"]) == fire("a", FIRST + 3, "normal")
    assert [(row["actor"], row["alert"]["state"]) for row in rows(files["transitions.jsonl"])] == [
        (None, "unacknowledged"),
        ("李明", "acknowledged"),
        (None, "normal"),
    ]


def check(files: dict[str, bytes]) -> list[str]:
    """Check an archive as its manifest says, with nothing of ours; return what is wrong."""
    wrong = []
    manifest = json.loads(files["MANIFEST.json"])
    for name, digest in manifest["files"].items():
        if sha256(files[name]).hexdigest() != digest:
            wrong.append(name)
    before, *links, last = files["chain.txt"].decode().splitlines()
    digests = dict(line.split() for line in links)
    for line in rows(files["lines.jsonl"]):
        fields = ("no", "seq", "at_us", "kind", "subject", "actor")
        head = json.dumps(
            [line[field] for field in fields], ensure_ascii=False, separators=(",", ":")
        )
        if sha256((head + line["document"]).encode()).hexdigest() != digests[str(line["no"])]:
            wrong.append(f"line {line['no']}")
    fingerprint = bytes.fromhex(before.removeprefix("before "))
    for digest in digests.values():
        fingerprint = sha256(fingerprint + bytes.fromhex(digest)).digest()
    if f"last {max(digests, key=int)}:{fingerprint.hex()}" != last:
        wrong.append("chain")
    return wrong


def test_the_archive_can_be_checked_without_us(path: Path) -> None:
    _, files = export(path)

    assert check(files) == []


@pytest.mark.parametrize(
    ("name", "old", "new", "wrong"),
    [
        pytest.param("lines.jsonl", "13800000000", "13900000000", f"line {FIRST + 6}", id="line"),
        pytest.param("chain.txt", "before 0", "before 1", "chain", id="chain"),
        pytest.param("alert.json", "normal", "acknowledged", "alert.json", id="file"),
    ],
)
def test_a_forged_archive_does_not_check(
    path: Path, name: str, old: str, new: str, wrong: str
) -> None:
    _, files = export(path)

    files[name] = files[name].replace(old.encode(), new.encode())

    assert wrong in check(files)


def test_the_manifest_names_the_head_and_what_is_missing(path: Path) -> None:
    _, files = export(path)

    manifest = json.loads(files["MANIFEST.json"])
    assert manifest["journal"]["whole"] is True
    assert manifest["journal"]["head"].startswith(f"{FIRST + 17}:")
    assert (manifest["rule_id"], manifest["rule_version"]) == ("fire-event", 3)
    assert manifest["missing"] == [
        "ALERTS_DATABASE_URL is not set: what the devices said is not included."
    ]
    assert set(manifest["files"]) == set(files) - {"MANIFEST.json"}


def test_evidence_from_a_journal_that_is_not_whole_says_so(path: Path) -> None:
    with closing(sqlite3.connect(path)) as intruder, intruder:
        intruder.execute("DROP TRIGGER lines_stay")
        intruder.execute("UPDATE lines SET actor = 'x' WHERE no = ?", (FIRST,))

    code, files = export(path)

    assert code == 1
    journal = json.loads(files["MANIFEST.json"])["journal"]
    assert (journal["whole"], journal["line"]) == (False, FIRST)


def test_with_the_database_down_a_sentence_stands_for_the_messages(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ALERTS_DATABASE_URL", "postgresql://nobody:x@127.0.0.1:1/none")

    code, files = export(path)

    assert code == 0
    (sentence,) = json.loads(files["MANIFEST.json"])["missing"]
    assert sentence.startswith("The database does not answer, its messages are not included: ")


def test_an_alert_nobody_knows_is_refused(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, files = export(path, "zz")

    assert (code, files) == (2, {})
    assert "The journal knows no alert 'zz'." in capsys.readouterr().err
    with reading(path) as connection, pytest.raises(NotFound):
        gather(connection, "zz")
