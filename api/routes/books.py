"""Do the books balance, and what could not be read."""

import base64
import codecs
from datetime import datetime
from typing import Annotated, Any, Literal

import msgspec
from fastapi import APIRouter, Path, Query, Response

from api import health
from api.authentication import Viewer
from api.documents import Document, shows
from api.errors import documented
from api.paging import Cursor, Limit, Page, cut, read_cursor
from api.parts import Parts, Running
from api.store import books
from api.store.books import Account, BookFilter, By, Quarantined, QuarantineFilter, ReasonCount
from api.timespan import From, To
from core.clock import to_us
from core.errors import Invalid, NotFound
from devices.registry import Registry

router = APIRouter(
    tags=["books"], responses=documented("unauthenticated", "not_found", "invalid", "unavailable")
)

Name = Annotated[str | None, Query(max_length=64)]
Number = Annotated[int, Path(ge=1, le=2**63 - 1, examples=[1])]
_NOBODY = 0  # ledger's device of messages from nobody we know


class LedgerLine(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """One device's, or one hour's, part of the books; no `device_id`: nobody we know."""

    device_id: str | None = None
    hour: datetime | None = None
    received: int
    stored: int
    duplicate: int
    quarantined: int
    missing: int


class Ledger(msgspec.Struct, frozen=True, kw_only=True):
    """Where every message went.

    `balance` = received - stored - duplicate - quarantined - in_flight.

    `in_flight` are the messages received and not yet booked (in memory or spooled to disk), right
    now and of all devices; a range that ends in the past, or one device, has none. `missing` are
    sequence numbers that never came.
    """

    start: datetime | None = msgspec.field(name="from")
    end: datetime = msgspec.field(name="to")
    received: int
    stored: int
    duplicate: int
    quarantined: int
    in_flight: int
    missing: int
    balance: int
    lines: list[LedgerLine] | None = None


class QuarantineLine(msgspec.Struct, frozen=True, kw_only=True):
    """A message that could not be read, and why; `size` in bytes.

    `preview` is how it begins; control characters, and bytes that are no UTF-8, are written in hex.
    """

    id: int
    received_at: datetime
    device_id: str | None
    topic: str
    preview: str
    size: int
    reason: str
    detail: str
    requeued_at: datetime | None


class QuarantineShown(QuarantineLine, frozen=True, kw_only=True):
    """The same, whole; `payload` is text, or base64 where it is not UTF-8."""

    payload: str
    encoding: Literal["utf-8", "base64"]


@router.get("/ledger", summary="The books", responses=shows(Ledger))
async def ledger(
    parts: Running,
    _user: Viewer,
    *,
    start: From = None,
    end: To = None,
    device_id: Name = None,
    by: By | None = None,
    limit: Limit = 100,
) -> Response:
    """Add up the books: all time if no range is given; `by` adds a breakdown."""
    now, registry = parts.clock(), parts.registry.now
    wanted = BookFilter(start=start, end=end or now, device=_number(registry, device_id))
    if start is not None and start >= wanted.end:
        raise Invalid("`from` must be before `to`.", code="bad_range")
    whole = device_id is None and wanted.end >= now
    in_flight = _in_flight(parts) if whole else 0
    async with parts.database.connection() as conn:
        account = await books.balance(conn, wanted)
        accounts = await books.break_down(conn, wanted, by, limit=limit) if by else None
    lines = None if accounts is None else _lines(accounts, registry)
    return Document(_ledger(wanted, account, in_flight, lines))


@router.get("/quarantine", summary="What could not be read", responses=shows(Page[QuarantineLine]))
async def list_quarantine(
    parts: Running,
    _user: Viewer,
    *,
    reason: Name = None,
    device_id: Name = None,
    start: From = None,
    limit: Limit = 100,
    cursor: Cursor = None,
) -> Response:
    """List unreadable messages, newest first: how each begins, and why it could not be read."""
    registry = parts.registry.now
    wanted = QuarantineFilter(
        reason=reason,
        device=_number(registry, device_id),
        start=start,
        before=read_cursor(cursor, int),
        limit=limit,
    )
    async with parts.database.connection() as conn:
        found = await books.list_quarantined(conn, wanted)
    page, following = cut(found, limit, lambda message: message.id)
    lines = [QuarantineLine(**_line(message, registry)) for message in page]
    return Document(Page(lines, following))


@router.get(
    "/quarantine/summary", summary="What is wrong most often", responses=shows(Page[ReasonCount])
)
async def summarise_quarantine(parts: Running, _user: Viewer, *, start: From = None) -> Response:
    """Count unreadable messages by reason; `waiting` have not been read again since."""
    async with parts.database.connection() as conn:
        return Document(Page(await books.count_reasons(conn, start=start)))


@router.get(
    "/quarantine/{number}", summary="One unreadable message", responses=shows(QuarantineShown)
)
async def show_quarantined(number: Number, parts: Running, _user: Viewer) -> Response:
    """Return a message that could not be read, whole, as it came."""
    async with parts.database.connection() as conn:
        found = await books.find_quarantined(conn, number)
    if found is None:
        raise NotFound(f"There is no message {number} in quarantine.")
    return Document(_whole(found, parts.registry.now))


def _number(registry: Registry, device_id: str | None) -> int | None:
    if device_id is None:
        return None
    if speaker := registry.speakers.get(device_id):
        return speaker.number
    raise NotFound(f"There is no device {device_id!r}.")


def _name(registry: Registry, number: int | None) -> str | None:
    speaker = registry.by_number.get(number or _NOBODY)
    return speaker.device.device_id if speaker else None


def _in_flight(parts: Parts) -> int:
    now_us = to_us(parts.clock())
    shards = parts.live.picture.heard_of("ingest")
    pulses = [one.pulse for one in shards if health.is_fresh(one, now_us=now_us)]
    return sum((pulse.in_flight or 0) + (pulse.spooled or 0) for pulse in pulses)


def _ledger(
    wanted: BookFilter, account: Account, in_flight: int, lines: list[LedgerLine] | None
) -> Ledger:
    received = account.received + in_flight
    ended = account.stored + account.duplicate + account.quarantined
    return Ledger(
        start=wanted.start,
        end=wanted.end,
        received=received,
        stored=account.stored,
        duplicate=account.duplicate,
        quarantined=account.quarantined,
        in_flight=in_flight,
        missing=account.missing,
        balance=received - ended - in_flight,
        lines=lines,
    )


def _lines(accounts: list[Account], registry: Registry) -> list[LedgerLine]:
    return [
        LedgerLine(
            device_id=_name(registry, account.device),
            hour=account.hour,
            received=account.received,
            stored=account.stored,
            duplicate=account.duplicate,
            quarantined=account.quarantined,
            missing=account.missing,
        )
        for account in accounts
    ]


def _line(message: Quarantined, registry: Registry) -> dict[str, Any]:
    return {
        "id": message.id,
        "received_at": message.received_at,
        "device_id": _name(registry, message.device),
        "topic": message.topic,
        "preview": _preview(message),
        "size": message.size,
        "reason": message.reason,
        "detail": message.detail,
        "requeued_at": message.requeued_at,
    }


def _whole(message: Quarantined, registry: Registry) -> QuarantineShown:
    line = _line(message, registry)
    try:
        return QuarantineShown(**line, payload=message.payload.decode(), encoding="utf-8")
    except UnicodeDecodeError:
        payload = base64.b64encode(message.payload).decode()
        return QuarantineShown(**line, payload=payload, encoding="base64")


def _preview(message: Quarantined) -> str:
    """Return the first bytes as one line; a character that is cut in two is left out."""
    start = message.payload[: books.PREVIEW_BYTES]
    decoder = codecs.getincrementaldecoder("utf-8")("backslashreplace")
    text = decoder.decode(start, final=len(start) == message.size)
    return "".join(sign if sign.isprintable() else f"\\x{ord(sign):02x}" for sign in text)
