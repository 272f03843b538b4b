"""A vendor's own JSON, read as the `mapping` of the device's profile says."""

import re
from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from functools import lru_cache
from typing import Final

import msgspec

from core.errors import Invalid
from devices.coordinates import to_wgs84
from devices.model import Mapping, SourceEvent, SourceField
from devices.payload.instants import from_datetime, from_ms, from_seconds, from_text
from devices.payload.judging import judge_event, judge_values
from devices.payload.native import check_utf8, not_json
from devices.reading import Event, Position, Report
from devices.registry import Speaker

LOCAL_ZONE: Final = timezone(timedelta(hours=8), "Asia/Shanghai")
"""What a clock without a zone shows in China; it has had no summer time in this century."""

_NUMBER: Final = re.compile(r"[+-]?\d{1,15}(\.\d{1,15})?")
_EXACT: Final = 2**53  # the largest whole number every JSON reader keeps exactly (RFC 8259)
_HUGE: Final = 1e300  # leaves room for the scale


def decode_mapped(mapping: Mapping, payload: bytes, speaker: Speaker) -> Report:
    """Read one vendor message; members it does not have are values it did not measure."""
    document = _parse(payload)
    at = _time(mapping, document)
    readings = judge_values(speaker, dict(_values(mapping, document)), at)
    positions = tuple(_positions(mapping, document, at))
    events = tuple(_events(mapping, document, at, speaker))
    if not (readings or positions or events):
        raise Invalid("The message has none of the members its mapping names.", code="empty")
    return Report(speaker.number, at, _seq(mapping, document), readings, positions, events)


def _parse(payload: bytes) -> object:
    check_utf8(payload)
    try:
        return msgspec.json.decode(payload)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise not_json(payload, error) from None


def at_path(document: object, path: str) -> object:
    """Return what stands at a dotted path (`data.0.temp`), or None."""
    for step in _steps(path):
        match document:
            case dict():
                document = document.get(step)
            case list() if step.isdecimal() and int(step) < len(document):
                document = document[int(step)]
            case _:
                return None
    return document


@lru_cache(maxsize=4096)
def _steps(path: str) -> tuple[str, ...]:
    return tuple(path.split("."))


def _time(mapping: Mapping, document: object) -> int:
    raw = at_path(document, mapping.time)
    match mapping.time_format:
        case "epoch_ms":
            return from_ms(_number(raw, mapping.time, code="bad_time"))
        case "epoch_s":
            return from_seconds(_number(raw, mapping.time, code="bad_time"))
    if not isinstance(raw, str):
        raise Invalid(f"No time stands at {mapping.time}.", code="bad_time")
    return from_text(raw) if mapping.time_format == "rfc3339" else _local(raw)


def _local(text: str) -> int:
    """Read `2025-10-28 02:23:03` as the clock on the wall in China."""
    try:
        instant = datetime.fromisoformat(text)
    except ValueError:
        raise Invalid(f"The time {text[:64]!r} is no date and time.", code="bad_time") from None
    return from_datetime(instant if instant.tzinfo else instant.replace(tzinfo=LOCAL_ZONE))


def _number(raw: object, path: str, *, code: str = "bad_value") -> float:
    """Take a number, a truth value as 1 or 0, or a number some vendor wrote as a text."""
    match raw:
        case bool() | int() | float() if -_HUGE < raw < _HUGE:
            return float(raw)
        case str() if _NUMBER.fullmatch(raw):
            return float(raw)
    raise Invalid(f"What stands at {path} is not a number in range.", code=code)


def _values(mapping: Mapping, document: object) -> Iterator[tuple[str, float]]:
    for field in mapping.fields:
        raw = at_path(document, field.from_)
        if raw is not None:
            yield field.metric, _scaled(field, raw)


def _scaled(field: SourceField, raw: object) -> float:
    if field.codes is None:
        return _number(raw, field.from_) * field.scale + field.offset
    value = field.codes.get(_code(raw))
    if value is None:
        raise Invalid(f"The mapping does not know the code at {field.from_}.", code="bad_mapping")
    return value


def _code(raw: object) -> str:
    """Return a raw value as the keys of `codes` are written; anything odd is no code."""
    match raw:
        case str():
            return raw
        case bool():
            return str(raw).lower()
        case int() if abs(raw) <= _EXACT:
            return str(raw)
    return ""


def _events(mapping: Mapping, document: object, at: int, speaker: Speaker) -> Iterator[Event]:
    for signal in mapping.events:
        raw = at_path(document, signal.from_)
        if raw is not None:
            yield judge_event(speaker, signal.event, at, active=_is_active(signal, raw))


def _is_active(signal: SourceEvent, raw: object) -> bool:
    if signal.bit is not None:
        if not isinstance(raw, int):
            raise Invalid(f"What stands at {signal.from_} has no bits.", code="bad_mapping")
        return bool(raw >> signal.bit & 1)
    if signal.equals is not None:
        return raw == signal.equals
    return bool(_number(raw, signal.from_))


def _positions(mapping: Mapping, document: object, at: int) -> Iterator[Position]:
    lon, lat = (_optional(document, path) for path in (mapping.lon, mapping.lat))
    if lon is None or lat is None:
        return
    if not (-180 <= lon <= 180 and -90 <= lat <= 90):
        raise Invalid("The longitude or latitude is out of range.", code="bad_position")
    speed = _optional(document, mapping.speed_kmh)
    direction = _optional(document, mapping.direction_deg)
    yield Position(at, *to_wgs84(mapping.crs, lon, lat), speed, direction)


def _optional(document: object, path: str | None) -> float | None:
    raw = at_path(document, path) if path else None
    return None if raw is None else _number(raw, str(path))


def _seq(mapping: Mapping, document: object) -> int | None:
    raw = at_path(document, mapping.seq) if mapping.seq else None
    if raw is None:
        return None
    if isinstance(raw, int) and 0 <= raw <= _EXACT:
        return int(raw)
    raise Invalid(f"What stands at {mapping.seq} is no sequence number.", code="bad_seq")
