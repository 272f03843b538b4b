"""Our errors as HTTP: one table from code to status, one shape for every answer that is a no."""

import http
from collections.abc import Mapping

import structlog
from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException

from core.errors import Conflict, Invalid, NotFound, Unavailable, YiwangError

log = structlog.get_logger()

STATUS = {
    "unauthenticated": 401,
    "forbidden": 403,
    "not_found": 404,
    "conflict": 409,
    "too_large": 413,
    "invalid": 422,
    "too_many_attempts": 429,
    "error": 500,
    "unavailable": 503,
}

FINER = (
    "bad_body",
    "bad_content_type",
    "bad_cursor",
    "bad_date",
    "bad_filter",
    "bad_lines",
    "bad_profile",
    "bad_range",
    "busy",
    "no_report_font",
    "not_an_officer",
    "too_many_rows",
)
"""Codes that say more than their status; a page has words for each of them and of `STATUS`."""


class Unauthenticated(YiwangError):  # noqa: N818 - reads as a statement where it is raised
    """We do not know who is asking."""

    code = "unauthenticated"


class Forbidden(YiwangError):  # noqa: N818 - the same
    """We know who is asking; the role does not cover it."""

    code = "forbidden"


class TooLarge(YiwangError):  # noqa: N818 - the same
    """The body is longer than this route takes."""

    code = "too_large"


class TooManyAttempts(YiwangError):  # noqa: N818 - the same
    """The password was wrong too often."""

    code = "too_many_attempts"

    def __init__(self, message: str, *, retry_after_s: int) -> None:
        """Keep how long the caller has to wait."""
        super().__init__(message)
        self.retry_after_s = retry_after_s


class Problem(BaseModel):
    """What went wrong: a code for machines, a sentence for people."""

    code: str = Field(examples=[*STATUS, *FINER])
    message: str = Field(examples=["There is no alert 'a-41'."])


class ErrorAnswer(BaseModel):
    """The body of every answer from 400 upwards."""

    error: Problem


def documented(*codes: str) -> dict[int | str, dict[str, object]]:
    """Return the OpenAPI entries of the errors a route can answer with."""
    return {
        STATUS[code]: {"model": ErrorAnswer, "description": http.HTTPStatus(STATUS[code]).phrase}
        for code in codes
    }


def answer(error: YiwangError) -> JSONResponse:
    """Write one of our errors; a finer code than its class's does not change the status."""
    return _json(STATUS[type(error).code], error.code, error.message, _headers(error))


def install(app: FastAPI) -> None:
    """Make every error of this application one of ours."""
    app.add_exception_handler(YiwangError, _ours)
    app.add_exception_handler(RequestValidationError, _request)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(Exception, _bug)


def _headers(error: YiwangError) -> dict[str, str]:
    match error:
        case TooManyAttempts(retry_after_s=seconds):
            return {"Retry-After": str(seconds)}
        case Unauthenticated():
            return {"WWW-Authenticate": "Bearer"}
        case Unavailable():
            return {"Retry-After": "5"}
    return {}


def _ours(_request: Request, error: Exception) -> Response:
    known = error if isinstance(error, YiwangError) else YiwangError("Something went wrong here.")
    return answer(known)


def _request(_request: Request, error: Exception) -> Response:
    problems = error.errors() if isinstance(error, RequestValidationError) else ()
    named = [f"{'.'.join(map(str, problem['loc'][1:]))}: {problem['msg']}" for problem in problems]
    return answer(Invalid(f"The request does not fit: {'; '.join(named)[:1000]}."))


def _http(_request: Request, error: Exception) -> Response:
    if not isinstance(error, HTTPException):
        return _bug(_request, error)
    phrase = http.HTTPStatus(error.status_code).phrase
    code = phrase.lower().replace(" ", "_")
    return _json(error.status_code, code, f"{phrase}.", error.headers)


def _bug(request: Request, error: Exception) -> Response:
    log.error("request failed", path=request.url.path, method=request.method, exc_info=error)
    return _json(STATUS["error"], "error", "Something went wrong here; it has been noted.")


def _json(
    status: int, code: str, message: str, headers: Mapping[str, str] | None = None
) -> JSONResponse:
    return JSONResponse({"error": {"code": code, "message": message}}, status, headers)


def ours(code: str, message: str) -> YiwangError:
    """Return the error another program reported to us, as the same kind of ours."""
    kinds = {"conflict": Conflict, "not_found": NotFound, "unavailable": Unavailable}
    return kinds.get(code, Invalid)(message)
