"""Signing in and out."""

from typing import Annotated, Literal

import msgspec
from fastapi import APIRouter, Depends, Request, Response
from fastapi.security import OAuth2PasswordRequestForm

from api.authentication import COOKIE, Viewer, check_origin, verify
from api.documents import Document, shows
from api.errors import documented
from api.parts import Parts, Running
from api.people import Role, User

router = APIRouter(tags=["sign-in"])

Form = Annotated[OAuth2PasswordRequestForm, Depends()]


class Token(msgspec.Struct, frozen=True, kw_only=True):
    """Send it with each request: `Authorization: Bearer <access_token>`."""

    access_token: str
    token_type: Literal["bearer"] = "bearer"  # noqa: S105 - the kind of token, not one
    expires_in: int
    role: Role


class Me(msgspec.Struct, frozen=True):
    """Who is signed in."""

    username: str
    full_name: str
    role: Role


@router.post(
    "/token",
    summary="Sign a program in",
    responses=shows(Token, "Signed in.")
    | documented("unauthenticated", "invalid", "too_many_attempts"),
)
async def issue_token(form: Form, parts: Running, request: Request) -> Response:
    """Exchange name and password for a token (OAuth 2 password form)."""
    user = await verify(parts, request, form.username, form.password)
    return Document(
        Token(
            access_token=parts.tokens.issue(user, now=parts.clock()),
            expires_in=parts.settings.session_s,
            role=user.role,
        )
    )


@router.post(
    "/sign-in",
    summary="Sign the page in",
    responses=shows(Me, "Signed in; the session is in a cookie scripts cannot read.")
    | documented("unauthenticated", "forbidden", "invalid", "too_many_attempts"),
)
async def sign_in(form: Form, parts: Running, request: Request) -> Response:
    """Exchange name and password for a session cookie; for the page itself only."""
    check_origin(request)
    user = await verify(parts, request, form.username, form.password)
    return _with_session(Document(_me(user)), user, parts, request)


@router.post("/sign-out", summary="Sign the page out", status_code=204)
async def sign_out() -> Response:
    """Drop the session cookie."""
    response = Response(status_code=204)
    response.delete_cookie(COOKIE, httponly=True, samesite="strict")
    return response


@router.get(
    "/me",
    summary="Who am I",
    responses=shows(Me, example=Me("li", "李警官", Role.OFFICER)) | documented("unauthenticated"),
)
async def me(user: Viewer, parts: Running, request: Request) -> Response:
    """Tell who is signed in; a page that asks now and then is never signed out."""
    response = Document(_me(user))
    by_page = COOKIE in request.cookies and "authorization" not in request.headers
    return _with_session(response, user, parts, request) if by_page else response


def _me(user: User) -> Me:
    return Me(user.username, user.full_name, user.role)


def _with_session(response: Response, user: User, parts: Parts, request: Request) -> Response:
    response.set_cookie(
        COOKIE,
        parts.tokens.issue(user, now=parts.clock()),
        max_age=parts.settings.session_s,
        httponly=True,
        samesite="strict",
        secure=request.url.scheme == "https",
    )
    return response
