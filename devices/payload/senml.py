"""SenML in JSON (RFC 8428): an array of records that share base fields."""

from itertools import accumulate
from typing import Annotated, Any, Final, NamedTuple

import msgspec
from msgspec import Meta, Struct

from core.errors import Invalid
from devices.payload.instants import from_seconds
from devices.payload.judging import check_count, judge_value
from devices.payload.native import check_utf8, not_json
from devices.reading import Reading, Report
from devices.registry import Registry, Speaker

VERSION: Final = 10  # RFC 8428, section 4.4
_ABSOLUTE_S: Final = 2**28  # smaller times count from now (RFC 8428, section 4.5.3)
_SEPARATORS: Final = "/:._-"
_REFUSED: Final = frozenset({"vs", "vd", "s", "bs"})

_UNITS: Final[dict[str, dict[str, float]]] = {
    "°C": {"Cel": 1},
    "%": {"%RH": 1, "%EL": 1, "/100": 1, "/": 100},
    "1": {"/": 1},
    "MPa": {"Pa": 1e-6, "hPa": 1e-4},
    "kPa": {"Pa": 1e-3, "hPa": 1e-1},
    "kW": {"W": 1e-3},
    "kWh": {"J": 1 / 3.6e6},
    "mA": {"A": 1e3},
    "m³": {"m3": 1, "l": 1e-3},
    "m³/h": {"m3/s": 3600},
    "µg/m³": {"ug/m3": 1},
    "km": {"m": 1e-3},
    "m": {"mm": 1e-3},
}
"""Per unit of ours the names of RFC 8428 section 12.1 and RFC 8798 section 3, with the factor.

Units of the same name in both (V, A, W, m, kWh, ppm ...) need no line.
"""


class _Record(Struct, frozen=True):
    """One record as sent; `None` is what the base fields before it decide."""

    bn: str | None = None
    bt: float | None = None
    bu: str | None = None
    bv: float | None = None
    bver: int = VERSION
    n: str = ""
    u: str | None = None
    v: float | None = None
    vb: bool | None = None
    t: float = 0.0


class _Base(NamedTuple):
    """What a record passes on to those after it (RFC 8428, section 4.1)."""

    name: str = ""
    time: float = 0.0
    unit: str | None = None
    value: float = 0.0

    def followed_by(self, record: _Record) -> "_Base":
        """Return the base fields that hold for `record` and those after it."""
        return _Base(
            self.name if record.bn is None else record.bn,
            self.time if record.bt is None else record.bt,
            self.unit if record.bu is None else record.bu,
            self.value if record.bv is None else record.bv,
        )


_PACK: Final = msgspec.json.Decoder(Annotated[list[dict[str, Any]], Meta(min_length=1)])


def decode_senml(payload: bytes, speaker: Speaker, registry: Registry) -> Report:
    """Read one SenML pack; the newest of its records dates the report."""
    records = _parse(payload)
    check_count(records)
    bases = accumulate(records, _Base.followed_by, initial=_Base())
    next(bases)
    readings = [
        _resolve(record, base, speaker, registry)
        for record, base in zip(records, bases, strict=True)
    ]
    instants = [reading.observed_us for reading in readings]
    return Report(speaker.number, max(instants), None, readings, earliest_us=min(instants))


def _parse(payload: bytes) -> list[_Record]:
    check_utf8(payload)
    try:
        return [_record(members) for members in _PACK.decode(payload)]
    except msgspec.ValidationError as error:
        raise Invalid(f"The SenML pack is not valid: {error}.", code="bad_senml") from None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise not_json(payload, error) from None


def _record(members: dict[str, Any]) -> _Record:
    """Refuse what is no number, and what must be understood but is not (section 4.4)."""
    for name in members:
        if name in _REFUSED or name.endswith("_"):
            raise Invalid(
                f"The SenML member {name[:64]!r} is not read here; send v or vb.", code="bad_senml"
            )
    record = msgspec.convert(members, _Record)
    if record.bver != VERSION:
        raise Invalid(f"The SenML version {record.bver} is not {VERSION}.", code="bad_senml")
    return record


def _resolve(record: _Record, base: _Base, speaker: Speaker, registry: Registry) -> Reading:
    name = _metric_name(base.name + record.n, speaker.device.device_id)
    factor = _factor(name, record.u or base.unit, registry)
    return judge_value(speaker, name, _time(base.time + record.t), _value(record, base) * factor)


def _metric_name(name: str, device_id: str) -> str:
    """Return the metric of a resolved name, which may begin with the device's id."""
    metric = name.removeprefix(device_id)
    return metric[1:] if metric != name and metric[:1] in _SEPARATORS else name


def _value(record: _Record, base: _Base) -> float:
    match record.v, record.vb:
        case float(value), None:
            return base.value + value
        case None, bool(value):
            return float(value)
    raise Invalid(f"The SenML record {record.n[:64]!r} needs either v or vb.", code="bad_senml")


def _time(seconds: float) -> int:
    """Refuse a time that counts from now: sent again, the same reading would move."""
    if seconds < _ABSOLUTE_S:
        raise Invalid("The SenML times are not absolute: send bt as seconds.", code="bad_time")
    return from_seconds(seconds)


def _factor(name: str, unit: str | None, registry: Registry) -> float:
    """Return what makes a value in the sender's unit one in ours, or refuse the unit."""
    metric = registry.metrics.get(name)
    if metric is None or unit is None or unit == metric.unit:
        return 1.0
    try:
        return _UNITS[metric.unit][unit]
    except KeyError:
        raise Invalid(
            f"The unit {unit[:32]!r} does not fit {name}, which is in {metric.unit}.",
            code="bad_senml",
        ) from None
