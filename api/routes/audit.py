"""Who did what; for supervisors."""

from typing import Annotated

from fastapi import APIRouter, Query, Response

from api.authentication import Supervisor
from api.documents import Document, shows
from api.errors import documented
from api.paging import Cursor, Limit, Page, cut, read_cursor
from api.parts import Running
from api.store.audit import Deed, list_deeds

router = APIRouter(
    tags=["audit"], responses=documented("unauthenticated", "forbidden", "invalid", "unavailable")
)

Actor = Annotated[str | None, Query(max_length=64, description="only the deeds of this user")]


@router.get("/audit", summary="The audit trail, newest first", responses=shows(Page[Deed]))
async def list_audit(
    parts: Running,
    _user: Supervisor,
    *,
    actor: Actor = None,
    limit: Limit = 100,
    cursor: Cursor = None,
) -> Response:
    """List what people did: with alerts, rules, desks, the registry; nothing is ever removed."""
    before = read_cursor(cursor, int)
    async with parts.database.connection() as conn:
        found = await list_deeds(conn, actor=actor, before=before, limit=limit)
    return Document(Page(*cut(found, limit, lambda deed: deed.id)))
