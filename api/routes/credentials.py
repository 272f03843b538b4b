"""How a device signs in at the broker."""

from datetime import datetime
from typing import Annotated

import msgspec
from fastapi import APIRouter, Path, Response

from api.authentication import Supervisor
from api.documents import Document, shows
from api.errors import documented
from api.paging import Page
from api.parts import Parts, Running
from core.errors import NotFound
from devices import credentials
from devices.credentials import Credential

router = APIRouter(
    prefix="/devices/{device_id}/credentials",
    tags=["credentials"],
    responses=documented("unauthenticated", "forbidden", "not_found", "invalid", "unavailable"),
)

DeviceId = Annotated[str, Path(max_length=64, examples=["smoke-0001"])]
Username = Annotated[str, Path(max_length=128, examples=["smoke-0001"])]


class CredentialShown(msgspec.Struct, frozen=True):
    """A credential in use, without the secret."""

    username: str
    generation: int
    created_at: datetime


class CredentialIssued(msgspec.Struct, frozen=True):
    """A new credential; the password is shown this once and kept nowhere."""

    device_id: str
    username: str
    password: str


@router.get("", summary="A device's credentials", responses=shows(Page[CredentialShown]))
async def list_credentials(device_id: DeviceId, parts: Running, _user: Supervisor) -> Response:
    """List the credentials the device can sign in with."""
    held = await _held(parts, device_id)
    return Document(Page([CredentialShown(c.username, c.generation, c.created_at) for c in held]))


@router.post(
    "",
    summary="Issue or rotate a credential",
    status_code=201,
    responses=shows(CredentialIssued, "Issued; the password is shown this once.", status=201)
    | documented("conflict"),
)
async def issue_credential(device_id: DeviceId, parts: Running, user: Supervisor) -> Response:
    """Give the device its first credential, or its next one; the old one works until revoked."""
    give = credentials.rotate if await _held(parts, device_id) else credentials.issue
    async with parts.database.connection() as conn:
        issued = await give(conn, device_id, now=parts.clock())
    await parts.admission.write(parts.registry.now)
    parts.audit.note(user.username, "credential.issue", issued.username, device_id=device_id)
    return Document(CredentialIssued(device_id, issued.username, issued.password), 201)


@router.delete("/{username}", summary="Revoke a credential", status_code=204)
async def revoke_credential(
    device_id: DeviceId, username: Username, parts: Running, user: Supervisor
) -> Response:
    """End a credential; the broker refuses it within a second."""
    if username not in {credential.username for credential in await _held(parts, device_id)}:
        raise NotFound(f"The device {device_id!r} has no credential {username!r}.")
    async with parts.database.connection() as conn:
        await credentials.revoke(conn, username, now=parts.clock())
    await parts.admission.write(parts.registry.now)
    parts.audit.note(user.username, "credential.revoke", username, device_id=device_id)
    return Response(status_code=204)


async def _held(parts: Parts, device_id: str) -> list[Credential]:
    async with parts.database.connection() as conn:
        live = await credentials.live_credentials(conn)
    return [credential for credential in live if credential.device_id == device_id]
