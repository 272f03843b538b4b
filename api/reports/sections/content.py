"""What a chapter has to say, and the sentences they share."""

from collections.abc import Sequence

import msgspec

from api.reports.asking import Asked, fetch, fetch_before
from api.reports.model import Cell, Column, Figure, Table
from core.database import Connection


class Content(msgspec.Struct, frozen=True, kw_only=True):
    """The inside of a section."""

    paragraphs: tuple[str, ...] = ()
    figures: tuple[Figure, ...] = ()
    tables: tuple[Table, ...] = ()


class Witness(msgspec.Struct, frozen=True):
    """Whether messages were booked: the hour of the first, and in how many hours there were any."""

    began: msgspec.Raw | object | None
    hours: int


async def was_recorded(conn: Connection, asked: Asked) -> bool:
    """Say whether anything at all was written down in the period."""
    return any(row.hours for row in await fetch(conn, "witness", Witness, asked))


async def was_recorded_before(conn: Connection, asked: Asked) -> bool:
    """Say the same of the period before."""
    return any(row.hours for row in await fetch_before(conn, "witness", Witness, asked))


def nothing_recorded(asked: Asked) -> str:
    """Return the sentence that stands where there is nothing to count."""
    return asked.say(
        "本期没有任何数据记录，以下指标无法计算，不等于零。",
        "Nothing was recorded in this period: what cannot be counted is shown as —, not as zero.",
    )


def top(
    asked: Asked, title: str, columns: Sequence[Column], rows: Sequence[tuple[Cell, ...]], note: str
) -> Table:
    """Return the beginning of a long list, with how many lines were left out."""
    shown = tuple(rows[: asked.rows_at_most])
    return Table(
        title=title,
        columns=tuple(columns),
        rows=shown,
        note=note,
        left_out=len(rows) - len(shown),
    )


def percent(part: float | None, whole: float | None) -> float | None:
    """Return the share in percent; None of nothing."""
    return 100 * part / whole if part is not None and whole else None
