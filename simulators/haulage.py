"""Muck trucks (渣土车): construction sites, dump sites, firms, and the route of every truck."""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from msgspec.structs import replace

from devices.model import Device, Site
from simulators import geojson, naming, placing, plane
from simulators.arrays import Floats
from simulators.cells import DISTRICT_M
from simulators.parts import Part, Plan, device_at
from simulators.streets import BUILT_UP_M, route

TRUCKS_PER_FIRM = 10
"""A firm needs at least ten compliant trucks (Fuzhou's implementing rules, domain 4.1)."""
BANNED = 60
"""Every so many trucks one has lost its permit: no hour is approved, and it stands still."""
_TRUCKS_PER_DUMP = 20
_TRUCKS_PER_CONSTRUCTION_SITE = 5
_CONSTRUCTION_M = 160.0  # side of a construction site's fence
_DUMP_M = 320.0  # side of a dump site's fence


class Trip(NamedTuple):
    """A truck's round: loads at the start of the line, tips at its end, comes back empty.

    One that `stands` does so at the start, empty and covered.
    """

    device_id: str
    line: Floats
    stands: bool = False


class Haulage(NamedTuple):
    """The trade as a whole: what is registered, and who drives where."""

    part: Part
    trips: tuple[Trip, ...]


def build_haulage(plan: Plan, rng: np.random.Generator, trucks: int) -> Haulage:
    """Lay out the sites of the trade and give each of `trucks` trucks a firm and a route."""
    constructions = _constructions(plan, rng, -(-trucks // _TRUCKS_PER_CONSTRUCTION_SITE))
    dumps = _dumps(plan, rng, max(2, -(-trucks // _TRUCKS_PER_DUMP)))
    firms = _firms(plan, rng, -(-trucks // TRUCKS_PER_FIRM))
    stations = tuple(
        device_at(site, f"{site.site_id}-dust", plan.profiles["environment-station"], place="围挡")
        for site in constructions
    )
    rounds = [
        _truck(number, plan, firms, (constructions[int(start)], dumps[int(end)]))
        for number, (start, end) in enumerate(_pairs(rng, trucks, constructions, dumps), start=1)
    ]
    devices = (*stations, *(truck for truck, _ in rounds))
    part = Part((*constructions, *dumps, *firms), devices)
    return Haulage(part, tuple(trip for _, trip in rounds))


def _pairs(
    rng: np.random.Generator, trucks: int, starts: tuple[Site, ...], ends: tuple[Site, ...]
) -> Iterator[tuple[int, int]]:
    yield from zip(
        rng.integers(0, len(starts), trucks), rng.integers(0, len(ends), trucks), strict=True
    )


def _constructions(plan: Plan, rng: np.random.Generator, count: int) -> tuple[Site, ...]:
    plots = placing.plots_along(plan.streets.streets, rng, count)
    return tuple(
        _fenced(plot, f"construction-{number:02d}", "construction_site", title, _CONSTRUCTION_M)
        for number, plot, title in _titled(plots, plan, "建设工地", "Construction Site")
    )


def _dumps(plan: Plan, rng: np.random.Generator, count: int) -> tuple[Site, ...]:
    """Put the dump sites into the fringe north and south of the built-up area."""
    margin = (BUILT_UP_M[1] + DISTRICT_M[1]) / 4
    east = rng.uniform(-BUILT_UP_M[0] / 2, BUILT_UP_M[0] / 2, count)
    north = np.where(np.arange(count) % 2, -margin, margin)
    plots = [placing.Plot(point, "") for point in np.stack([east, north], axis=-1)]
    return tuple(
        _fenced(plot, f"dump-{number:02d}", "dump_site", title, _DUMP_M)
        for number, plot, title in _titled(plots, plan, "消纳场", "Dump Site")
    )


def _firms(plan: Plan, rng: np.random.Generator, count: int) -> tuple[Site, ...]:
    plots = placing.plots_along(plan.streets.streets, rng, count)
    return tuple(
        placing.site_at(plot, f"haulier-{number:02d}", "haulage_firm", title)
        for number, plot, title in _titled(plots, plan, "渣土运输公司", "Haulage")
    )


def _titled(
    plots: list[placing.Plot], plan: Plan, kind_zh: str, kind_en: str
) -> Iterator[tuple[int, placing.Plot, str]]:
    for number, plot in enumerate(plots, start=1):
        yield number, plot, naming.title(next(plan.names), kind_zh, kind_en)


def _fenced(plot: placing.Plot, site_id: str, kind: str, title: str, side_m: float) -> Site:
    site = placing.site_at(plot, site_id, kind, title)
    return replace(site, geometry=placing.square(plot.point, side_m))


def _truck(
    number: int, plan: Plan, firms: tuple[Site, ...], ends: tuple[Site, Site]
) -> tuple[Device, Trip]:
    construction, dump = ends
    line = route(plan.streets, _ground(construction), _ground(dump))
    firm = firms[(number - 1) // TRUCKS_PER_FIRM]
    stands = number % BANNED == 0
    truck = device_at(
        firm, f"truck-{number:03d}", plan.profiles["truck-terminal"],
        place=f"试A{number:05d}", plate=f"试A{number:05d}",
        construction_site=construction.site_id, dump_site=dump.site_id,
        approved_route=geojson.line(line),
    )  # fmt: skip
    permit = truck.attributes | ({"approved_hours": []} if stands else {})
    truck = replace(truck, lon=None, lat=None, attributes=permit)
    return truck, Trip(truck.device_id, line, stands)


def _ground(site: Site) -> Floats:
    return plane.to_metres(np.array([site.lon, site.lat]))
