"""Who takes alerts: the names an officer may assign an alert or hand a desk over to."""

import msgspec
from fastapi import APIRouter, Response

from api.authentication import Officer
from api.documents import Document, shows
from api.errors import documented
from api.paging import Page
from api.parts import Running
from api.people import Role

router = APIRouter(
    tags=["desks"], responses=documented("unauthenticated", "forbidden", "unavailable")
)


class OfficerShown(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody who signs in and may take alerts."""

    username: str
    full_name: str
    role: Role


@router.get("/officers", summary="Who takes alerts", responses=shows(Page[OfficerShown]))
async def list_officers(parts: Running, _user: Officer) -> Response:
    """List everybody who may take alerts, by name; from memory, whatever the database does."""
    found = [
        OfficerShown(username=user.username, full_name=user.full_name, role=user.role)
        for user in sorted(parts.users.admitted.values(), key=lambda user: user.username)
        if user.role.covers(Role.OFFICER)
    ]
    return Document(Page(found))
