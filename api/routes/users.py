"""The people who may sign in; for administrators."""

from datetime import datetime
from typing import Annotated

import msgspec
from fastapi import APIRouter, Request, Response
from msgspec import Meta

from api.authentication import Admin
from api.documents import Document, read_body, shows, takes
from api.errors import documented
from api.paging import Page
from api.parts import Running
from api.people import Role, User, Username
from core.errors import Conflict

router = APIRouter(
    prefix="/users",
    tags=["users"],
    responses=documented("unauthenticated", "forbidden", "invalid", "unavailable"),
)

Password = Annotated[str, Meta(min_length=10, max_length=256)]
FullName = Annotated[str, Meta(max_length=100)]


class UserShown(msgspec.Struct, frozen=True, kw_only=True):
    """A user, without the secret."""

    username: str
    full_name: str
    role: Role
    disabled: bool
    created_at: datetime


class NewUser(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Somebody to admit."""

    username: Username
    full_name: FullName = ""
    role: Role
    password: Password


class ChangedUser(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What to change; what is left out stays."""

    full_name: FullName | None = None
    role: Role | None = None
    password: Password | None = None
    disabled: bool | None = None


@router.get("", summary="Everybody", responses=shows(Page[UserShown]))
async def list_users(parts: Running, _admin: Admin) -> Response:
    """List all users, disabled ones included."""
    return Document(Page([_shown(user) for user in parts.users.all]))


@router.post(
    "",
    summary="Admit somebody",
    status_code=201,
    responses=shows(UserShown, "Admitted.", status=201) | documented("conflict"),
    openapi_extra=takes(
        NewUser,
        example={"username": "li", "full_name": "李警官", "role": "officer", "password": "…" * 10},
    ),
)
async def add_user(parts: Running, admin: Admin, request: Request) -> Response:
    """Create a user."""
    new = await read_body(request, NewUser)
    user = User(
        username=new.username,
        full_name=new.full_name,
        role=new.role,
        password_hash=await parts.passwords.hash(new.password),
        disabled=False,
        created_at=parts.clock(),
    )
    await parts.users.add(user)
    parts.audit.note(admin.username, "user.add", user.username, role=user.role)
    return Document(_shown(user), 201)


@router.patch(
    "/{username}",
    summary="Change somebody",
    responses=shows(UserShown, "Changed.") | documented("not_found", "conflict"),
    openapi_extra=takes(ChangedUser, example={"disabled": True}),
)
async def change_user(username: str, parts: Running, admin: Admin, request: Request) -> Response:
    """Change name, role or password, disable or enable; every session of a disabled user ends."""
    wanted = await read_body(request, ChangedUser)
    changes = {
        name: value
        for name, value in msgspec.structs.asdict(wanted).items()
        if value is not None and name != "password"
    }
    _keep_an_admin(admin, username, wanted)
    if wanted.password is not None:
        changes["password_hash"] = await parts.passwords.hash(wanted.password)
    user = msgspec.structs.replace(parts.users.find(username), **changes)
    await parts.users.change(user)
    parts.audit.note(admin.username, "user.change", username, changed=sorted(changes))
    return Document(_shown(user))


def _keep_an_admin(admin: User, username: str, wanted: ChangedUser) -> None:
    demoted = wanted.role is not None and wanted.role is not Role.ADMIN
    if admin.username == username and (wanted.disabled or demoted):
        raise Conflict("You cannot take your own administration away; ask another administrator.")


def _shown(user: User) -> UserShown:
    return msgspec.convert(user, UserShown, from_attributes=True)
