"""The people who may sign in."""

from pathlib import Path

import msgspec
from psycopg.rows import dict_row

from api.people import User
from core.database import Connection
from core.errors import Conflict, NotFound
from core.queries import load_queries

QUERIES = load_queries(Path(__file__).with_name("users.sql"))


async def list_users(conn: Connection) -> list[User]:
    """Return everybody, disabled ones included."""
    async with conn.cursor(row_factory=dict_row) as cursor:
        await cursor.execute(QUERIES["list_users"])
        return [msgspec.convert(row, User) for row in await cursor.fetchall()]


async def add_user(conn: Connection, user: User) -> None:
    """Admit somebody; Conflict when the name is taken."""
    cursor = await conn.execute(QUERIES["add_user"], _row(user))
    if cursor.rowcount == 0:
        raise Conflict(f"The name {user.username!r} is taken.")


async def change_user(conn: Connection, user: User) -> None:
    """Store name, role, password and whether the user is disabled."""
    cursor = await conn.execute(QUERIES["change_user"], _row(user))
    if cursor.rowcount == 0:
        raise NotFound(f"There is no user {user.username!r}.")


def _row(user: User) -> dict[str, object]:
    return {**msgspec.structs.asdict(user), "role": user.role.value}
