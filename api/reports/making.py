"""From the question to the bytes: read in the database, drawn in a thread, a few at a time."""

import asyncio
from pathlib import Path

from api.reports.asking import Asked
from api.reports.composing import compose
from api.reports.model import Report
from api.reports.rendering import Form, render
from core.database import Connection

_at_once = asyncio.Semaphore(1)
"""Drawing takes the processor for seconds; live alerts must not wait for more than one."""


async def make(
    conn: Connection, asked: Asked, form: Form, *, font: Path | None
) -> tuple[Report, bytes]:
    """Return the report and its file; DatabaseDown where the server went away."""
    report = await compose(conn, asked)
    async with _at_once:
        return report, await asyncio.to_thread(render, report, form, font=font)
