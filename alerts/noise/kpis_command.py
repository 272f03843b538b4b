"""`python -m alerts kpis`: the quality of alerting over a period, from the database."""

import argparse
import asyncio
import sys
from datetime import UTC, datetime, timedelta

import msgspec
import psycopg
from pydantic import SecretStr
from pydantic_settings import BaseSettings

from alerts.noise.kpis_table import table
from alerts.noise.quality import Quality, read_quality
from core.clock import utc_now
from core.database import connect
from core.process import USAGE_ERROR, read_settings
from core.settings import DatabaseUrl, config

_USUAL_DAYS = 30
_TIMEOUT_S = 300


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe what the command takes."""
    parser.add_argument("--from", dest="since", type=_instant, help="first instant (RFC 3339)")
    parser.add_argument("--to", dest="until", type=_instant, help="end of the period; now")
    parser.add_argument("--json", action="store_true", help="for machines")


class Sources(BaseSettings):
    """Of the engine's settings the one that is needed here: `ALERTS_DATABASE_URL`."""

    model_config = config("ALERTS_")

    database_url: DatabaseUrl


def run(options: argparse.Namespace) -> int:
    """Print the table; 0 done, 2 the period makes no sense or the database does not answer."""
    until = options.until or utc_now().replace(second=0, microsecond=0)
    since = options.since or until - timedelta(days=_USUAL_DAYS)
    if since >= until:
        sys.stderr.write("The period ends before it begins.\n")
        return USAGE_ERROR
    try:
        quality = asyncio.run(_ask(read_settings(Sources).database_url, since, until))
    except psycopg.Error as error:
        sys.stderr.write(f"The database does not answer: {error}\n")
        return USAGE_ERROR
    text = msgspec.json.encode(quality).decode() if options.json else table(quality)
    sys.stdout.write(f"{text}\n")
    return 0


async def _ask(url: SecretStr, since: datetime, until: datetime) -> Quality:
    async with await connect(url, program="alerts", statement_timeout_s=_TIMEOUT_S) as conn:
        return await read_quality(conn, since, until)


def _instant(text: str) -> datetime:
    """Read an instant; a day alone is its beginning, no zone is UTC."""
    try:
        instant = datetime.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is no date or time of RFC 3339") from None
    return instant.astimezone(UTC) if instant.tzinfo else instant.replace(tzinfo=UTC)
