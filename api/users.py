"""Everybody who may sign in, in memory: a stopped database locks nobody out."""

from contextlib import suppress
from pathlib import Path

import msgspec
import structlog

from api.database import Database
from api.people import User
from api.store import users as store
from core.errors import NotFound, Unavailable
from devices.files import replace_file

log = structlog.get_logger()

_REFRESH_EVERY = 2.0  # seconds


class Users:
    """The users by name, as last read; the copy on disk bridges a restart without a database."""

    def __init__(self, database: Database, copy: Path) -> None:
        """Start with the copy, if there is one."""
        self._database = database
        self._copy = copy
        self._by_name: dict[str, User] = {}
        self._admitted: dict[str, User] | None = None
        if users := _recall(copy):
            self._take(users)

    @property
    def all(self) -> list[User]:
        """Return everybody, disabled ones included, by name."""
        return list(self._by_name.values())

    @property
    def admitted(self) -> dict[str, User]:
        """Return those who may sign in, by name; Unavailable before they were first read."""
        if self._admitted is None:
            raise Unavailable("The users are not known yet: the database has not answered.")
        return self._admitted

    def find(self, username: str) -> User:
        """Return one user, disabled or not; NotFound if there is none."""
        if user := self._by_name.get(username):
            return user
        raise NotFound(f"There is no user {username!r}.")

    async def add(self, user: User) -> None:
        """Admit somebody."""
        async with self._database.connection() as conn:
            await store.add_user(conn, user)
        await self.refresh()

    async def change(self, user: User) -> None:
        """Store a changed user; a new password or a disabled user ends all of its sign-ins."""
        async with self._database.connection() as conn:
            await store.change_user(conn, user)
        await self.refresh()

    async def refresh(self) -> None:
        """Read everybody again."""
        async with self._database.connection() as conn:
            users = await store.list_users(conn)
        if users != self.all or self._admitted is None:
            self._take(users)
            replace_file(self._copy, msgspec.json.encode(users))

    def _take(self, users: list[User]) -> None:
        self._by_name = {user.username: user for user in users}
        self._admitted = {name: user for name, user in self._by_name.items() if not user.disabled}

    async def follow_forever(self) -> None:
        """Keep up with changes made elsewhere."""
        while True:
            with suppress(Unavailable):  # the database's own watch says so
                await self.refresh()
            await self._database.pause(_REFRESH_EVERY)


def _recall(copy: Path) -> list[User]:
    try:
        return msgspec.json.decode(copy.read_bytes(), type=list[User])
    except FileNotFoundError:
        return []
    except msgspec.MsgspecError as error:
        log.warning("copy of the users not readable", reason=str(error))
        return []
