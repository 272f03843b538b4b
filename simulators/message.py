"""What goes over the wire: topics and payloads of the MQTT contract."""

from collections.abc import Mapping
from typing import NamedTuple

import msgspec

_encode = msgspec.json.Encoder().encode
_DIGITS = 4
_PLACE_DIGITS = {"lon": 6, "lat": 6, "speed_kmh": 1, "direction_deg": 1}


class Message(NamedTuple):
    """One message of one device; `device` is the device's place in the city's list."""

    device: int
    topic: str
    payload: bytes
    retain: bool = False


def telemetry(ts_ms: int, seq: int, values: Mapping[str, float]) -> bytes:
    """Write a telemetry payload."""
    return _encode({"ts": ts_ms, "seq": seq, "values": _rounded(values)})


def position(
    ts_ms: int, seq: int, place: Mapping[str, float], values: Mapping[str, float]
) -> bytes:
    """Write a position payload; `place` holds degrees, km/h and degrees from north."""
    rounded = {name: round(value, _PLACE_DIGITS[name]) for name, value in place.items()}
    return _encode({"ts": ts_ms, "seq": seq, "position": rounded, "values": _rounded(values)})


def event(ts_ms: int, seq: int, kind: str, *, active: bool) -> bytes:
    """Write an event payload: something began, or ended."""
    return _encode({"ts": ts_ms, "seq": seq, "event": kind, "active": active})


def status(ts_ms: int, *, online: bool) -> bytes:
    """Write a status payload, the text of a last will."""
    return _encode({"ts": ts_ms, "online": online})


def _rounded(values: Mapping[str, float]) -> dict[str, float]:
    return {name: round(value, _DIGITS) for name, value in values.items()}
