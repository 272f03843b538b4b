"""The native payload: one JSON object per message, told apart by its channel.

The hot path of every program that listens. `msgspec` checks types while it parses, so a good
message is walked once; only a bad one is looked at again, to say what is wrong with it.
"""

import json
import re
from collections.abc import Callable
from typing import Annotated, Final, Literal, TypeVar

import msgspec
from msgspec import Meta, Struct

from core.errors import Invalid
from devices.model import Latitude, Longitude
from devices.payload.instants import Instant, from_instant
from devices.payload.judging import judge_event, judge_values
from devices.reading import Event, Position, Report
from devices.registry import Speaker

Sequence = Annotated[int, Meta(ge=0, le=2**53)]
"""Counts the messages of one device; 2^53 is where JSON numbers stop being exact (RFC 8259)."""

Flag = bool | Literal[0, 1]
Speed = Annotated[float, Meta(ge=0, le=1000)]
Altitude = Annotated[float, Meta(ge=-1000, le=20_000)]
Direction = Annotated[float, Meta(ge=0, le=360)]

MessageT = TypeVar("MessageT", bound="_Message")


class _Message(Struct, frozen=True, gc=False, kw_only=True):
    ts: Instant
    seq: Sequence | None = None
    values: dict[str, float] = {}


class _Place(Struct, frozen=True, gc=False):
    lon: Longitude
    lat: Latitude
    speed_kmh: Speed | None = None
    direction_deg: Direction | None = None
    altitude_m: Altitude | None = None


class _PositionMessage(_Message, frozen=True, gc=False, kw_only=True):
    position: _Place


class _EventMessage(_Message, frozen=True, gc=False, kw_only=True):
    event: str
    active: Flag = True  # a bare {"event": "fire"} must never be lost
    text: str = ""


class _StatusMessage(_Message, frozen=True, gc=False, kw_only=True):
    online: Flag


_TELEMETRY: Final = msgspec.json.Decoder(_Message)
_POSITION: Final = msgspec.json.Decoder(_PositionMessage)
_EVENT: Final = msgspec.json.Decoder(_EventMessage)
_STATUS: Final = msgspec.json.Decoder(_StatusMessage)


def decode_native(channel: str, payload: bytes, speaker: Speaker) -> Report:
    """Read one native message of any channel a device may write to."""
    return _CHANNELS[channel](payload, speaker)


def _telemetry(payload: bytes, speaker: Speaker) -> Report:
    message = _parse(_TELEMETRY, payload)
    if not message.values:
        raise Invalid("The telemetry message has no values.", code="empty")
    return _report(message, speaker)


def _position(payload: bytes, speaker: Speaker) -> Report:
    message = _parse(_POSITION, payload)
    place = message.position
    position = Position(
        from_instant(message.ts),
        place.lon,
        place.lat,
        place.speed_kmh,
        None if place.direction_deg is None else place.direction_deg % 360,
        place.altitude_m,
    )
    return _report(message, speaker, positions=(position,))


def _event(payload: bytes, speaker: Speaker) -> Report:
    message = _parse(_EVENT, payload)
    at = from_instant(message.ts)
    active = bool(message.active)
    event = judge_event(speaker, message.event, at, active=active, text=message.text)
    return _report(message, speaker, events=(event,))


def _status(payload: bytes, speaker: Speaker) -> Report:
    message = _parse(_STATUS, payload)
    event = Event(from_instant(message.ts), "online", bool(message.online))
    return _report(message, speaker, events=(event,))


def _reply(payload: bytes, speaker: Speaker) -> Report:
    """Take an answer to a command as a sign of life; whoever asked reads the rest."""
    return _report(_parse(_TELEMETRY, payload), speaker)


_CHANNELS: Final[dict[str, Callable[[bytes, Speaker], Report]]] = {
    "telemetry": _telemetry,
    "position": _position,
    "event": _event,
    "status": _status,
    "reply": _reply,
}


def _report(
    message: _Message,
    speaker: Speaker,
    positions: tuple[Position, ...] = (),
    events: tuple[Event, ...] = (),
) -> Report:
    at = from_instant(message.ts)
    readings = judge_values(speaker, message.values, at)
    return Report(speaker.number, at, message.seq, readings, positions, events)


def _parse(decoder: "msgspec.json.Decoder[MessageT]", payload: bytes) -> MessageT:
    check_utf8(payload)
    try:
        return decoder.decode(payload)
    except msgspec.ValidationError as error:
        raise _refusal(str(error)) from None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise not_json(payload, error) from None


def check_utf8(payload: bytes) -> None:
    """Refuse (`not_utf8`) bytes that are no UTF-8, even where the parser would skip them."""
    try:
        payload.decode()
    except UnicodeDecodeError as error:
        raise Invalid(
            f"The payload is not UTF-8: byte {error.start} is out of place.", code="not_utf8"
        ) from None


_MEMBER: Final = re.compile(r"(?:field `|at `\$\.)(\w+)")
_CODES: Final = {
    "ts": "bad_time",
    "seq": "bad_seq",
    "position": "bad_position",
    "event": "unknown_event",
}


def _refusal(complaint: str) -> Invalid:
    """Name what msgspec found wrong by the member it found it in."""
    members = _MEMBER.findall(complaint)
    if not members:
        return Invalid(f"The payload is not a JSON object ({complaint}).", code="not_json")
    sentence = f"The message does not fit: {complaint}."
    if complaint.startswith("Number out of range"):
        return Invalid(sentence, code="not_finite")
    return Invalid(sentence, code=_CODES.get(members[-1], "bad_value"))


class _NotFiniteError(ValueError):
    pass


def not_json(payload: bytes, error: Exception) -> Invalid:
    """Tell NaN and Infinity, which some serialisers write, from other malformed JSON."""
    try:
        json.loads(payload, parse_constant=_refuse_constant)
    except _NotFiniteError:
        return Invalid("JSON has no NaN and no Infinity (RFC 8259).", code="not_finite")
    except (ValueError, RecursionError):
        pass
    return Invalid(f"The payload is not JSON ({error}).", code="not_json")


def _refuse_constant(_: str) -> float:
    raise _NotFiniteError
