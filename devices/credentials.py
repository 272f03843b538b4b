"""What a device signs in to the broker with: made here, shown once, two at a time to rotate."""

import secrets
from datetime import datetime
from typing import Final, NamedTuple

from psycopg.rows import class_row

from core.broker_password import verifier
from core.database import Connection
from core.errors import Conflict, NotFound
from devices.store import QUERIES

_PASSWORD_BYTES: Final = 24  # 192 bits, 32 characters
_SERVICES: Final = "svc-"
"""Our programs' names at the broker begin so; no device may be mistaken for one."""


class Credential(NamedTuple):
    """A name at the broker and what the broker checks its password with."""

    username: str
    device_id: str
    generation: int
    verifier: str
    created_at: datetime


class Issued(NamedTuple):
    """A new credential in clear: told once to whoever sets the device up, kept nowhere."""

    username: str
    password: str


async def issue(conn: Connection, device_id: str, *, now: datetime) -> Issued:
    """Give a device that has none its credential."""
    async with conn.transaction():
        if await _lock(conn, device_id):
            raise Conflict(f"The device {device_id!r} has a credential already; rotate it.")
        return await _add(conn, device_id, now)


async def rotate(conn: Connection, device_id: str, *, now: datetime) -> Issued:
    """Give a device its next credential; the old one works until it is revoked."""
    async with conn.transaction():
        held = await _lock(conn, device_id)
        if not held:
            raise Conflict(f"The device {device_id!r} has no credential yet; issue one.")
        if len(held) > 1:
            raise Conflict(f"Revoke {held[0].username!r} first: two credentials work already.")
        return await _add(conn, device_id, now)


async def revoke(conn: Connection, username: str, *, now: datetime) -> None:
    """End a credential; the broker forgets it with the next `write_access`."""
    cursor = await conn.execute(QUERIES["revoke"], {"username": username, "now": now})
    if cursor.rowcount == 0:
        raise NotFound(f"No credential {username!r} is in use.")


async def live_credentials(conn: Connection) -> list[Credential]:
    """Return every credential that works, in the order of devices and generations."""
    async with conn.cursor(row_factory=class_row(Credential)) as cursor:
        await cursor.execute(QUERIES["live_credentials"])
        return await cursor.fetchall()


async def _lock(conn: Connection, device_id: str) -> list[Credential]:
    """Return the device's credentials; nobody else changes them before this transaction ends."""
    if device_id.startswith(_SERVICES):
        raise Conflict(f"Names that begin with {_SERVICES!r} belong to our own programs.")
    async with conn.cursor(row_factory=class_row(Credential)) as cursor:
        await cursor.execute(QUERIES["lock_device"], {"device_id": device_id})
        if cursor.rowcount == 0:
            raise NotFound(f"There is no device {device_id!r}.")
        await cursor.execute(QUERIES["credentials_of"], {"device_id": device_id})
        return await cursor.fetchall()


async def _add(conn: Connection, device_id: str, now: datetime) -> Issued:
    password = secrets.token_urlsafe(_PASSWORD_BYTES)
    row = {"device_id": device_id, "verifier": verifier(password), "created_at": now}
    cursor = await conn.execute(QUERIES["add_credential"], row)
    (username,) = await cursor.fetchall()
    return Issued(str(username[0]), password)
