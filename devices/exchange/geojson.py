"""Sites and devices as GeoJSON (RFC 7946): one feature each, the columns as its properties."""

from collections.abc import Iterable, Mapping
from typing import Any

import msgspec

from devices.exchange.contents import Problem, Row, Rows, ThingT, unknown_columns


class _Feature(msgspec.Struct, tag_field="type", tag="Feature"):
    properties: dict[str, Any]
    geometry: dict[str, Any] | None = None


class _Collection(msgspec.Struct, tag_field="type", tag="FeatureCollection"):
    features: list[_Feature]


def read_geojson(type_: type[ThingT], data: bytes) -> Rows:
    """Read a feature collection; a point is lon and lat, anything else the site's geometry."""
    try:
        collection = msgspec.json.decode(data, type=_Collection)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        problem = Problem(0, "", f"Send a GeoJSON FeatureCollection in UTF-8: {error}.")
        return Rows(problems=(problem,))
    rows = tuple(Row(index, _fields(it)) for index, it in enumerate(collection.features))
    problems = [p for row in rows for p in unknown_columns(type_, row.fields, row.place)]
    return Rows(() if problems else rows, tuple(problems))


def _fields(feature: _Feature) -> dict[str, Any]:
    written = {name: value for name, value in feature.properties.items() if value is not None}
    match feature.geometry:
        case {"type": "Point", "coordinates": [lon, lat, *_]}:
            return written | {"lon": lon, "lat": lat}
        case None:
            return written
    return written | {"geometry": feature.geometry}


def write_geojson(rows: Iterable[Mapping[str, Any]]) -> bytes:
    """Write a feature collection; a site with an outline keeps its point in the properties."""
    return msgspec.json.encode(_Collection([_feature(dict(row)) for row in rows]))


def _feature(row: dict[str, Any]) -> _Feature:
    if outline := row.pop("geometry", None):
        return _Feature(row, outline)
    lon, lat = row.pop("lon"), row.pop("lat")
    return _Feature(row, None if lon is None else {"type": "Point", "coordinates": [lon, lat]})
