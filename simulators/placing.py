"""Where a site stands: its point, its grid cell, its address, put together once."""

from typing import NamedTuple

import numpy as np

from devices.model import Site
from simulators import cells, geojson, plane
from simulators.arrays import Floats
from simulators.streets import Street, beside, distances


class Plot(NamedTuple):
    """A piece of ground: a point in metres and the street it belongs to."""

    point: Floats
    address: str


def plots_along(streets: tuple[Street, ...], rng: np.random.Generator, count: int) -> list[Plot]:
    """Choose `count` plots 35 to 90 m beside the streets, spread over all of them."""
    chosen = rng.permutation(count) % len(streets)
    return [_plot(streets[number], rng) for number in chosen]


def _plot(street: Street, rng: np.random.Generator) -> Plot:
    length = distances(street.line)[-1]
    distance = rng.uniform(60.0, length - 60.0)
    offset = rng.choice([-1.0, 1.0]) * rng.uniform(35.0, 90.0)
    house = int(distance // 10) + 1
    return Plot(
        beside(street.line, np.array(distance), np.array(offset)), f"{street.name} {house}号"
    )


def site_at(plot: Plot, site_id: str, kind: str, name: str, **attributes: object) -> Site:
    """Register a site on a plot, in the grid cell that holds it."""
    lon, lat = plane.to_degrees(plot.point)
    return Site(
        site_id=site_id,
        kind=kind,
        name=name,
        district=cells.DISTRICT,
        lon=float(lon),
        lat=float(lat),
        grid_code=cells.code_at(float(plot.point[0]), float(plot.point[1])),
        address=plot.address,
        attributes=attributes,
    )


def square(centre: Floats, side_m: float) -> geojson.Object:
    """Return the fence of a square site, its sides facing the compass."""
    east, north = float(centre[0]), float(centre[1])
    half = side_m / 2
    return geojson.rectangle(plane.Box(east - half, north - half, east + half, north + half))
