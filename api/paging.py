"""Long lists in pages: an opaque cursor says where the next one starts."""

import base64
from collections.abc import Callable, Sequence
from typing import Annotated, Generic, TypeVar

import msgspec
from fastapi import Query

from core.errors import Invalid

T = TypeVar("T")
K = TypeVar("K")

Limit = Annotated[int, Query(ge=1, le=1000, description="items at most")]
Cursor = Annotated[
    str | None, Query(max_length=400, description="`next` of the page before; none for the first")
]


class Page(msgspec.Struct, Generic[T], frozen=True):
    """Some items, and where the rest begins; `next` is null on the last page."""

    items: list[T]
    next: str | None = None


def write_cursor(key: object) -> str:
    """Return the sort key of a page's last item as a cursor."""
    return base64.urlsafe_b64encode(msgspec.json.encode(key)).rstrip(b"=").decode()


def read_cursor(cursor: str | None, kind: type[K]) -> K | None:
    """Read a cursor back; Invalid where it is not one of ours."""
    if cursor is None:
        return None
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        return msgspec.json.decode(base64.urlsafe_b64decode(padded), type=kind)
    except (ValueError, msgspec.MsgspecError) as error:
        raise Invalid("The cursor is not one of ours.", code="bad_cursor") from error


def cut(found: Sequence[T], limit: int, key: Callable[[T], object]) -> tuple[list[T], str | None]:
    """Return the page out of `limit + 1` found items, and the cursor if more follow."""
    page = list(found[:limit])
    return page, write_cursor(key(page[-1])) if len(found) > limit else None
