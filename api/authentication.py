"""Who is asking: a signed token, a name and password, or the page's own cookie."""

from collections.abc import Callable, Coroutine
from typing import Annotated, Any
from urllib.parse import urlsplit

from fastapi import Depends, Request
from fastapi.security import APIKeyCookie, HTTPBasic, HTTPBasicCredentials, OAuth2PasswordBearer

from api.errors import Forbidden, Unauthenticated
from api.metrics import FAILED_SIGN_INS
from api.parts import Parts, Running
from api.people import Role, User

COOKIE = "yiwang_session"
_READING = frozenset({"GET", "HEAD", "OPTIONS"})
_LONGEST_PASSWORD = 1024

bearer = OAuth2PasswordBearer("/api/v1/token", auto_error=False, description="From POST /token.")
basic = HTTPBasic(auto_error=False, description="Name and password with every request.")
cookie = APIKeyCookie(name=COOKIE, auto_error=False, description="The page's own session.")


async def verify(parts: Parts, request: Request, username: str, password: str) -> User:
    """Return the user these belong to; the answer is as slow and as vague for any wrong pair."""
    address, now = request.client.host if request.client else "", parts.clock()
    parts.attempts.check(address, username, now=now)
    user = parts.users.admitted.get(username)
    if not await parts.passwords.verify(user, password[:_LONGEST_PASSWORD]) or user is None:
        parts.attempts.failed(address, username, now=now)
        FAILED_SIGN_INS.inc()
        raise Unauthenticated("The name or the password is wrong.")
    parts.attempts.succeeded(address, username)
    return user


def check_origin(request: Request) -> None:
    """Refuse what another site's page sends in our name."""
    origin = request.headers.get("origin", "")
    if urlsplit(origin).netloc != request.headers.get("host"):
        raise Forbidden("This can only be done from the page itself.")


async def signed_in(
    request: Request,
    parts: Running,
    token: Annotated[str | None, Depends(bearer)],
    credentials: Annotated[HTTPBasicCredentials | None, Depends(basic)],
    session: Annotated[str | None, Depends(cookie)],
) -> User:
    """Return who is asking, or Unauthenticated."""
    now = parts.clock()
    if token:
        return parts.tokens.owner(token, parts.users.admitted, now=now)
    if credentials:
        return await verify(parts, request, credentials.username, credentials.password)
    if session is None:
        raise Unauthenticated("Sign in first.")
    if request.method not in _READING:
        check_origin(request)
    return parts.tokens.owner(session, parts.users.admitted, now=now)


def at_least(role: Role) -> Callable[..., Coroutine[Any, Any, User]]:
    """Return a dependency that admits this role and those above it."""

    async def admitted(user: Annotated[User, Depends(signed_in)]) -> User:
        if not user.role.covers(role):
            raise Forbidden(f"This takes the role {role}; {user.username} has {user.role}.")
        return user

    return admitted


Viewer = Annotated[User, Depends(at_least(Role.VIEWER))]
Officer = Annotated[User, Depends(at_least(Role.OFFICER))]
Supervisor = Annotated[User, Depends(at_least(Role.SUPERVISOR))]
Admin = Annotated[User, Depends(at_least(Role.ADMIN))]
