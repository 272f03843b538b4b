"""Who may do what: four roles, each including the ones before it."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated

import msgspec
from msgspec import Meta

Username = Annotated[str, Meta(pattern=r"^[A-Za-z0-9._-]{1,64}$")]


class Role(StrEnum):
    """What a person is trusted with, least first."""

    VIEWER = "viewer"  # sees everything
    OFFICER = "officer"  # takes alerts
    SUPERVISOR = "supervisor"  # changes the registry
    ADMIN = "admin"  # admits people

    def covers(self, needed: "Role") -> bool:
        """Say whether somebody in this role may do what `needed` may do."""
        ranks = list(Role)
        return ranks.index(self) >= ranks.index(needed)


class User(msgspec.Struct, frozen=True, kw_only=True):
    """A person, or a program with a sign-in of its own."""

    username: Username
    full_name: str
    role: Role
    password_hash: str
    disabled: bool
    created_at: datetime
