"""`python -m alerts evidence ALERT_ID --out FILE.zip`: all there is about one incident."""

import argparse
import asyncio
import sqlite3
import sys
from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final

import psycopg
from pydantic import Field
from pydantic_settings import BaseSettings

from alerts.history.messages import KINDS, MOST, Surroundings, messages
from alerts.journal import evidence
from alerts.journal.folder import add_folder
from alerts.journal.incident import Incident, gather
from alerts.journal.pages import file_in, reading
from alerts.journal.verifying import Verified, verify
from core.clock import from_us, utc_now
from core.database import connect
from core.errors import YiwangError
from core.process import USAGE_ERROR, read_settings
from core.settings import DatabaseUrl, config
from devices.files import replace_file

_AROUND: Final = timedelta(minutes=15)


class Sources(BaseSettings):
    """`ALERTS_STATE_DIR`, and `ALERTS_DATABASE_URL` for what the devices said."""

    model_config = config("ALERTS_")

    state_dir: Path | None = Field(None, description="private folder of the journal")
    database_url: DatabaseUrl | None = Field(None, description="where the messages are")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe what the command takes."""
    parser.add_argument("alert_id", metavar="ALERT_ID", help="the alert, as it is named everywhere")
    parser.add_argument("--out", type=Path, required=True, metavar="FILE.zip", help="what to write")
    add_folder(parser)


def run(options: argparse.Namespace) -> int:
    """Write the archive and say what is in it; 1 if the journal is not whole, 2 if it failed."""
    sources = read_settings(Sources)
    folder: Path | None = options.state_dir or sources.state_dir
    if folder is None:
        sys.stderr.write("Say where the journal is: --state-dir or ALERTS_STATE_DIR.\n")
        return USAGE_ERROR
    try:
        return _export(file_in(folder), options.alert_id, options.out, sources.database_url)
    except (YiwangError, sqlite3.Error, OSError) as error:
        sys.stderr.write(f"{error}\n")
        return USAGE_ERROR


def _export(journal: Path, alert_id: str, out: Path, database: DatabaseUrl | None) -> int:
    now = utc_now()
    with reading(journal) as connection:
        incident = gather(connection, alert_id)
    found = verify(journal)
    said, missing = asyncio.run(_messages(incident, database))
    files = {**evidence.files_of(incident), **said}
    listed = evidence.manifest(incident, files, found=found, missing=missing, now=now)
    replace_file(out, evidence.packed({evidence.MANIFEST: listed, **files}, now))
    whole = isinstance(found, Verified)
    sys.stdout.write(
        f"{out}: {len(incident.lines)} lines, {len(files)} files; "
        f"the journal is {'whole' if whole else 'NOT whole'}.\n"
    )
    sys.stdout.writelines(f"{sentence}\n" for sentence in missing)
    return 0 if whole else 1


async def _messages(
    incident: Incident, database: DatabaseUrl | None
) -> tuple[Mapping[str, bytes], list[str]]:
    """Return the files of messages, and sentences about what they do not hold."""
    if database is None:
        return {}, ["ALERTS_DATABASE_URL is not set: what the devices said is not included."]
    files, missing = {}, []
    try:
        async with await connect(database, program="evidence") as conn:
            for kind in KINDS:
                lines = await messages(conn, kind, _around(incident))
                files[f"{kind}.jsonl"] = "".join(f"{line}\n" for line in lines).encode()
                if len(lines) == MOST:
                    missing.append(f"Of the {kind} only the first {MOST} are included.")
    except psycopg.Error as error:
        reason = str(error).split("\n")[0]
        missing.append(f"The database does not answer, its messages are not included: {reason}")
    return files, missing


def _around(incident: Incident) -> Surroundings:
    alert: Mapping[str, Any] = incident.alert
    raised = datetime.fromisoformat(alert["raised_at"])
    moves = incident.transitions
    start = min(raised, from_us(moves[0].line.at_us)) - _AROUND
    end = max(raised, from_us(moves[-1].line.at_us)) + _AROUND
    return Surroundings(alert["device_id"], alert["site_id"], start, end)
