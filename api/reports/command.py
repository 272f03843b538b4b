"""`python -m api report`: one report into a file, for cron."""

import argparse
from datetime import date
from pathlib import Path
from typing import get_args

from api.reports import periods
from api.reports.asking import Asked
from api.reports.making import make
from api.reports.model import Language
from api.reports.periods import KINDS
from api.reports.rendering import Form
from api.settings import Settings
from core.clock import utc_now
from core.database import DatabaseDown, connect
from core.errors import Unavailable

_WITHIN_S = 60.0


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe what can be asked for."""
    parser.add_argument("--kind", choices=KINDS, default="daily")
    parser.add_argument(
        "--date", type=date.fromisoformat, help="a day of the period; else the last whole one"
    )
    parser.add_argument("--format", choices=get_args(Form), default="pdf", dest="form")
    parser.add_argument("--language", choices=get_args(Language), default="zh")
    parser.add_argument("--site", help="only this site's alerts")
    parser.add_argument("--domain", help="fire, lighting, truck ...")
    parser.add_argument("--grid", help="code of a district, street, community or cell")
    parser.add_argument("--font", type=Path, help="of a PDF; else API_REPORT_FONT")
    parser.add_argument("--output", type=Path, required=True, help="the file to write")


async def report(settings: Settings, wanted: argparse.Namespace) -> None:
    """Write the report; the file appears when it is whole."""
    now = utc_now()
    asked = Asked(
        period=periods.asked_period(wanted.kind, wanted.date, now=now),
        now=now,
        language=wanted.language,
        site=wanted.site,
        domain=wanted.domain,
        grid=wanted.grid,
    )
    font = wanted.font or settings.report_font
    try:
        async with await connect(
            settings.database_url, program="api-report", statement_timeout_s=_WITHIN_S
        ) as conn:
            _, data = await make(conn, asked, wanted.form, font=font)
    except DatabaseDown as error:
        raise Unavailable("The database does not answer; no report was made.") from error
    _write(wanted.output, data)


def _write(output: Path, data: bytes) -> None:
    growing = output.with_name(f".{output.name}.part")
    growing.write_bytes(data)
    growing.replace(output)
