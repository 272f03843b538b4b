"""The city from above, without a tile server: our own outlines under markers."""

from collections.abc import Sequence
from typing import Final, NamedTuple

from grafana_foundation_sdk.models import dashboard

from grafana.colours import GREY, NEUTRAL, SKY, Steps
from grafana.links import CONSOLE, DataLink
from grafana.panels.parts import Head, Mappings, field, override, panel
from grafana.query import PostgresQuery

MAP: Final = f"{CONSOLE}/api/v1/map/outlines.geojson"
"""The outlines of the grid, served by the api without a sign-in: the browser asks, not Grafana."""
CENTRE: Final = (103.62, 36.48)
"""Longitude and latitude (WGS-84) of the default city."""


class Markers(NamedTuple):
    """One layer: rows with `latitude`, `longitude`, a field for the colour and one for the text."""

    name: str
    sql: str
    colour_by: str
    text: str | None = None
    size: int = 8
    symbol: str = "circle"


def geomap(
    head: Head,
    layers: Sequence[Markers],
    *,
    unit: str = "short",
    steps: Steps = NEUTRAL,
    mappings: Mappings = (),
    link: DataLink | None = None,
    linked: str = "alert_id",
    zoom: float = 11,
) -> dashboard.Panel:
    """Draw markers over the city; `link` opens from the tooltip of the field `linked`."""
    refs = [chr(ord("A") + number) for number in range(len(layers))]
    options = {
        "view": {"id": "coords", "lon": CENTRE[0], "lat": CENTRE[1], "zoom": zoom},
        "controls": {
            "showZoom": False,
            "mouseWheelZoom": False,
            "showAttribution": False,
            "showScale": True,
        },
        "basemap": _blank(),
        "layers": [_outlines(), *(_markers(*each) for each in zip(layers, refs, strict=True))],
        "tooltip": {"mode": "details"},
    }
    links = [override(linked, {"links": [link._asdict()]})] if link else []
    return panel(
        "geomap",
        head,
        [PostgresQuery(each.sql, ref=ref) for each, ref in zip(layers, refs, strict=True)],
        options=options,
        fields=dashboard.FieldConfigSource(field(unit, steps=steps, mappings=mappings), links),
    )


def _blank() -> dict[str, object]:
    """Return a base layer that asks nobody for tiles: Grafana has none called "none"."""
    return {
        "type": "xyz",
        "name": "blank",
        "config": {"url": "data:image/gif;base64,R0lGODlhAQABAAAAACwAAAAAAQABAAA=", "maxZoom": 1},
    }


def _outlines() -> dict[str, object]:
    return {
        "type": "geojson",
        "name": "city",
        "opacity": 0.6,
        "tooltip": False,
        "config": {
            "src": MAP,
            "rules": [],
            "style": {"color": {"fixed": GREY}, "opacity": 0.05, "lineWidth": 1},
        },
    }


def _markers(layer: Markers, ref: str) -> dict[str, object]:
    style: dict[str, object] = {
        "color": {"field": layer.colour_by, "fixed": SKY},
        "size": {"fixed": layer.size, "min": 4, "max": 16},
        "opacity": 0.9,
        "symbol": {"mode": "fixed", "fixed": f"img/icons/marker/{layer.symbol}.svg"},
    }
    if layer.text is not None:
        style["text"] = {"mode": "field", "field": layer.text, "fixed": ""}
        style["textConfig"] = {"fontSize": 14, "offsetX": 0, "offsetY": 14}
    return {
        "type": "markers",
        "name": layer.name,
        "tooltip": True,
        "location": {"mode": "coords", "latitude": "latitude", "longitude": "longitude"},
        "filterData": {"id": "byRefId", "options": ref},
        "config": {"showLegend": True, "style": style},
    }
