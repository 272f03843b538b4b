"""The commands as people type them, beside a working engine and after somebody was at the file."""

import json
import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from zipfile import ZipFile

from tests.integration.alerts.duty_room import ROOT_FOLDER, DutyRoom


def command(room: DutyRoom, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "alerts", *words],
        env={**os.environ, **room.engine.environment},
        cwd=ROOT_FOLDER,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def test_a_fire_is_proved_and_a_forged_actor_is_found(room: DutyRoom, tmp_path: Path) -> None:
    (burning,) = room.city.add("burning", profile="smoke-detector")
    room.open()
    room.fire(burning)
    alert = room.office.alert(burning, "unacknowledged")
    taken = room.acknowledge(alert, "李明")["alert"]
    room.office.wait_for(lambda: (room.office.pulse() or {})["journal_seq"] == taken["seq"])
    anchor = (room.office.pulse() or {})["journal_head"]

    checked = command(room, "verify", "--anchor", anchor)
    assert (checked.returncode, anchor in checked.stdout) == (0, True), checked
    exported = command(room, "evidence", alert["alert_id"], "--out", str(tmp_path / "fire.zip"))
    assert exported.returncode == 0, exported
    with ZipFile(tmp_path / "fire.zip") as archive:
        manifest = json.loads(archive.read("MANIFEST.json"))
        lines = [json.loads(line) for line in archive.read("lines.jsonl").splitlines()]
        assert json.loads(archive.read("alert.json")) == taken
    assert manifest["journal"]["whole"] is True
    assert manifest["missing"] == []
    assert {"readings.jsonl", "positions.jsonl", "events.jsonl"} <= set(manifest["files"])
    rule = json.loads(next(line["document"] for line in lines if line["kind"] == "rule"))
    assert rule["rule"]["version"] == alert["rule_version"]

    room.engine.stop()
    with closing(sqlite3.connect(tmp_path / "state" / "journal.sqlite")) as intruder, intruder:
        intruder.execute("DROP TRIGGER lines_stay")
        (no,) = intruder.execute(
            "UPDATE lines SET actor = '王芳' WHERE actor = '李明' RETURNING no"
        ).fetchone()
    checked = command(room, "verify")
    assert (checked.returncode, f"line {no}:" in checked.stdout) == (1, True), checked
