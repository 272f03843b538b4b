"""The nouns of the registry: grid cells, sites, metrics, profiles, devices."""

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from devices.coordinates import Crs

Identifier = Annotated[str, Meta(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$(?!\n)")]
District = Annotated[str, Meta(pattern=r"^[0-9]{6}$(?!\n)")]
Longitude = Annotated[float, Meta(ge=-180, le=180)]
Latitude = Annotated[float, Meta(ge=-90, le=90)]
Name = Annotated[str, Meta(min_length=1, max_length=200)]
Seconds = Annotated[float, Meta(gt=0, le=31_536_000)]


class Grid(msgspec.Struct, frozen=True, kw_only=True):
    """One cell of the four-level grid: 1 district, 2 street, 3 community, 4 grid cell.

    `code` has 6, 9, 12 or 15 digits: administrative code, street, community, sequence
    (unit grid code, GB/T 30428.1); `geometry` is GeoJSON in WGS-84.
    """

    code: Annotated[str, Meta(pattern=r"^([0-9]{6}|[0-9]{9}|[0-9]{12}|[0-9]{15})$(?!\n)")]
    name: Name
    parent: str | None = None
    geometry: dict[str, object] | None = None

    @property
    def level(self) -> int:
        """Return 1 for a district down to 4 for a grid cell."""
        return len(self.code) // 3 - 1


class Site(msgspec.Struct, frozen=True, kw_only=True):
    """A place that has devices: networked unit, lighting cabinet, construction or dump site."""

    site_id: Identifier
    kind: Identifier
    name: Name
    district: District
    lon: Longitude
    lat: Latitude
    grid_code: str | None = None
    address: str = ""
    geometry: dict[str, object] | None = None
    attributes: dict[str, object] = {}


class Metric(msgspec.Struct, frozen=True, kw_only=True):
    """A quantity: its unit (in the name too) and the range that is physically plausible."""

    name: Annotated[str, Meta(pattern=r"^[a-z][a-z0-9_]{0,62}$(?!\n)")]
    unit: str
    low: float
    high: float
    name_zh: str
    name_en: str
    number: int = 0  # given by the database


class SourceField(msgspec.Struct, frozen=True, kw_only=True, rename={"from_": "from"}):
    """One value of a vendor's JSON: where it stands and how it becomes ours.

    `from` is a dotted path (`data.0.temp`); result = raw * scale + offset; `codes` maps texts.
    """

    metric: str
    from_: str
    scale: float = 1.0
    offset: float = 0.0
    codes: dict[str, float] | None = None


class SourceEvent(msgspec.Struct, frozen=True, kw_only=True, rename={"from_": "from"}):
    """One discrete signal of a vendor's JSON: a bit of an integer, or a value that means active."""

    event: str
    from_: str
    bit: int | None = None
    equals: str | int | float | bool | None = None


class Mapping(msgspec.Struct, frozen=True, kw_only=True):
    """How a vendor's JSON reads: paths of time, sequence number, values and events.

    The times `local` have no zone and mean China's clock; `crs` is the vendor's map system.
    """

    time: str
    time_format: Literal["epoch_s", "epoch_ms", "rfc3339", "local"] = "epoch_ms"
    seq: str | None = None
    fields: tuple[SourceField, ...] = ()
    events: tuple[SourceEvent, ...] = ()
    lon: str | None = None
    lat: str | None = None
    speed_kmh: str | None = None
    direction_deg: str | None = None
    crs: Crs = "WGS84"


class Profile(msgspec.Struct, frozen=True, kw_only=True):
    """A device kind as data: what it measures, what it signals, how often, in which wire form."""

    profile_id: Identifier
    domain: Identifier
    name_zh: Name
    name_en: Name
    expected_interval_s: Seconds
    offline_after_s: Seconds
    metrics: tuple[str, ...] = ()
    events: tuple[str, ...] = ()
    ranges: dict[str, tuple[float, float]] = {}  # narrower than the metric's own
    mapping: Mapping | None = None
    gateway: bool = False  # others may speak through it
    source: str = ""


class Device(msgspec.Struct, frozen=True, kw_only=True):
    """One thing in the field that speaks; `gateway_id` is the device it speaks through."""

    device_id: Identifier
    profile_id: Identifier
    site_id: Identifier
    district: District
    name: Name
    gateway_id: str | None = None
    identification_code: str | None = None  # 16 digits, component code of GB/T 30428.2
    lon: Longitude | None = None
    lat: Latitude | None = None
    in_service: bool = True
    attributes: dict[str, object] = {}
    number: int = 0  # given by the database
