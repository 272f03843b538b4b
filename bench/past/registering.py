"""The default city in the registry, and the numbers its devices and metrics have there."""

from collections.abc import Sequence
from typing import Final, LiteralString, NamedTuple

import msgspec
import numpy as np
import psycopg

from devices.store import QUERIES
from simulators import fleet
from simulators.arrays import Integers
from simulators.city import City, build_city
from simulators.voices import Catalogue
from simulators.wiring import read_catalogue

_NUMBERS: Final = (
    "SELECT name, number FROM metrics",
    "SELECT device_id, number FROM devices",
)


class Kind(NamedTuple):
    """The devices of one profile: their group, their numbers, and the metrics they report."""

    group: fleet.Group
    devices: Integers  # numbers in the database, one a row of the group
    metrics: tuple[str, ...]
    metric_numbers: Integers


class Town(NamedTuple):
    """The city as the database knows it."""

    city: City
    catalogue: Catalogue
    kinds: tuple[Kind, ...]
    numbers: Integers  # of the devices, by their place in the city's list


def register(conn: psycopg.Connection, *, seed: int) -> Town:
    """Put the whole default city into the registry, as the simulators' import does."""
    catalogue = read_catalogue()
    city = build_city(catalogue.profiles, seed=seed)
    _put(conn, "put_metrics", list(catalogue.metrics.values()))
    _put(conn, "put_profiles", list(catalogue.profiles.values()))
    _put(conn, "put_grids", city.grids)
    _put(conn, "put_sites", city.sites)
    _put(conn, "put_devices", city.devices)
    metrics, devices = (_by_name(conn, query) for query in _NUMBERS)
    numbers = np.array([devices[device.device_id] for device in city.devices])
    groups = fleet.group_devices(city, catalogue.profiles)
    kinds = tuple(_kind(group, numbers, metrics) for group in groups)
    return Town(city, catalogue, kinds, numbers)


def _put(conn: psycopg.Connection, query: str, things: Sequence[msgspec.Struct]) -> None:
    conn.execute(QUERIES[query], {"rows": msgspec.json.encode(things).decode()})


def _by_name(conn: psycopg.Connection, query: LiteralString) -> dict[str, int]:
    return dict(conn.execute(query).fetchall())


def _kind(group: fleet.Group, numbers: Integers, metrics: dict[str, int]) -> Kind:
    reported = tuple(name for name in group.signals if name in metrics)
    return Kind(
        group,
        numbers[group.places],
        reported,
        np.array([metrics[name] for name in reported]),
    )
