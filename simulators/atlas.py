"""The whole city as one GeoJSON document, for maps."""

from collections.abc import Iterable

from simulators.city import City
from simulators.geojson import Object, line, point


def describe(city: City) -> Object:
    """Return the whole city: grids, streets, truck routes, sites and devices as features."""
    return {"type": "FeatureCollection", "features": [*_ground(city), *_features(city)]}


def ground(city: City) -> Object:
    """Return what everything else stands on: grids and streets, the base of a map."""
    return {"type": "FeatureCollection", "features": list(_ground(city))}


def _ground(city: City) -> Iterable[Object]:
    for grid in city.grids:
        yield _feature("grid", grid.geometry, code=grid.code, level=grid.level, name=grid.name)
    for street in city.streets.streets:
        yield _feature("street", line(street.line), name=street.name)


def _features(city: City) -> Iterable[Object]:
    for trip in city.trips:
        yield _feature("route", line(trip.line), device_id=trip.device_id)
    for site in city.sites:
        place = point(site.lon, site.lat)
        yield _feature("site", place, site_id=site.site_id, kind=site.kind, name=site.name)
    for device in city.devices:
        if device.lon is not None and device.lat is not None:
            place = point(device.lon, device.lat)
            yield _feature("device", place, device_id=device.device_id, name=device.name)


def _feature(layer: str, geometry: Object | None, **properties: object) -> Object:
    return {"type": "Feature", "properties": {"layer": layer, **properties}, "geometry": geometry}
