"""The engine's journal: every rule, window, notice, hand-over and check; for supervisors."""

from typing import Annotated

from fastapi import APIRouter, Query, Response

from api.authentication import Supervisor
from api.documents import Document, shows
from api.errors import documented
from api.paging import Cursor, Limit, Page, cut, read_cursor
from api.parts import Running
from api.store.journal import Line, LineFilter, list_lines
from api.timespan import From, To

router = APIRouter(
    tags=["journal"], responses=documented("unauthenticated", "forbidden", "invalid", "unavailable")
)

Kind = Annotated[
    str | None,
    Query(max_length=64, description="rule, window, shelf, notice, handover, check, shift, …"),
]
Name = Annotated[str | None, Query(max_length=200)]


@router.get("/journal", summary="The journal, newest first", responses=shows(Page[Line]))
async def list_journal(
    parts: Running,
    _user: Supervisor,
    *,
    kind: Kind = None,
    subject: Name = None,
    actor: Name = None,
    start: From = None,
    end: To = None,
    limit: Limit = 100,
    cursor: Cursor = None,
) -> Response:
    """List the journal as the database has it; what happened to an alert stands at the alert.

    `python -m alerts verify` checks the chain of hashes in the engine's own journal.
    """
    wanted = LineFilter(
        kind=kind,
        subject=subject,
        actor=actor,
        start=start,
        end=end,
        before=read_cursor(cursor, int),
        limit=limit,
    )
    async with parts.database.connection() as conn:
        found = await list_lines(conn, wanted)
    return Document(Page(*cut(found, limit, lambda line: line.no)))
