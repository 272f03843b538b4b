"""JSON of msgspec types over HTTP, and the same types in the OpenAPI document."""

from typing import Any, TypeVar

import msgspec
from fastapi import Request, Response

from core.errors import Invalid

T = TypeVar("T")

_REF = "#/components/schemas/{name}"
_shown: dict[Any, None] = {}  # every type some route takes or shows, in order


class Document(Response):
    """A value as JSON."""

    media_type = "application/json"

    def render(self, content: object) -> bytes:
        """Write the value."""
        return msgspec.json.encode(content)


async def read_body(request: Request, kind: type[T]) -> T:
    """Read the request's JSON body; Invalid says where it does not fit."""
    try:
        return msgspec.json.decode(await request.body(), type=kind)
    except msgspec.MsgspecError as error:
        raise Invalid(f"The body does not fit: {error}.", code="bad_body") from error


async def read_named(
    request: Request, kind: type[msgspec.Struct], **named: str
) -> dict[str, msgspec.Raw]:
    """Read a body that another program will read in full; return it whole, with its name.

    It must fit `kind`, and name itself as the path does, or not at all.
    """
    body = await read_body(request, dict[str, msgspec.Raw])
    for field, name in named.items():
        said = body.setdefault(field, msgspec.Raw(msgspec.json.encode(name)))
        if msgspec.json.decode(said) != name:
            raise Invalid(f"The path names {name!r}, the body {bytes(said).decode()[:100]}.")
    try:
        msgspec.json.decode(msgspec.json.encode(body), type=kind)
    except msgspec.MsgspecError as error:
        raise Invalid(f"The body does not fit: {error}.", code="bad_body") from error
    return body


def shows(
    kind: Any,  # noqa: ANN401 - any type msgspec knows, generic ones included
    description: str = "Found.",
    *,
    status: int = 200,
    example: object = None,
) -> dict[int | str, dict[str, Any]]:
    """Return the `responses=` entry of a route that answers with this type."""
    return {status: {"description": description, "content": _content(kind, example)}}


def takes(kind: Any, *, example: object = None) -> dict[str, Any]:  # noqa: ANN401 - as above
    """Return the `openapi_extra=` of a route that reads this type from its body."""
    return {"requestBody": {"required": True, "content": _content(kind, example)}}


def schemas() -> dict[str, Any]:
    """Return the schemas of every type shown or taken so far, by name."""
    return _schemas(list(_shown))[1]


def _schemas(kinds: list[Any]) -> tuple[tuple[dict[str, Any], ...], dict[str, Any]]:
    return msgspec.json.schema_components(
        kinds,
        schema_hook=lambda _: {"description": "any JSON"},  # for `object`
        ref_template=_REF,
    )


def _content(kind: Any, example: object) -> dict[str, Any]:  # noqa: ANN401 - as above
    _shown.setdefault(kind)
    (schema,), _ = _schemas([kind])
    media: dict[str, Any] = {"schema": schema}
    if example is not None:
        media["example"] = msgspec.to_builtins(example)
    return {"application/json": media}
