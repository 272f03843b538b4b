"""The devices in groups of one profile, as arrays: when each reports, and what it reads."""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

import numpy as np

from devices.model import Device, Profile
from simulators.arrays import Floats, Integers, Seeds
from simulators.behaviour import driving
from simulators.behaviour.kinds import KINDS
from simulators.behaviour.moment import Moment, Signal, Traits, take
from simulators.behaviour.noise import mix, uniform
from simulators.city import City

TRUCKS = "truck-terminal"
"""The profile of devices that move; they report on the channel `position`."""

Values = dict[str, Floats]
"""What some devices read: one array per metric, one row per device."""


class Group(NamedTuple):
    """All devices of one profile."""

    profile: Profile
    places: Integers  # in the city's list of devices
    traits: Traits
    phases_s: Floats  # where in its interval each device reports
    signals: Mapping[str, Signal]

    @property
    def moves(self) -> bool:
        """Say whether these devices report where they are."""
        return self.profile.profile_id == TRUCKS


class Due(NamedTuple):
    """Who reports now, and the exact second each one's report is for."""

    rows: Integers
    at_s: Floats


def group_devices(city: City, profiles: Mapping[str, Profile]) -> list[Group]:
    """Sort the city's devices by profile and give each its seed, phase and signals."""
    seeds = device_seeds(city)
    kinds = np.array([device.profile_id for device in city.devices])
    return [
        _group(profiles[str(kind)], np.flatnonzero(kinds == kind), seeds, city)
        for kind in np.unique(kinds)
    ]


def device_seeds(city: City) -> Seeds:
    """Return the seed of every device's noise, by its place."""
    places = np.arange(len(city.devices), dtype=np.uint64)
    return mix(places, city.seed)


def _group(profile: Profile, places: Integers, seeds: Seeds, city: City) -> Group:
    watts = [_rated_power_w(city.devices[place]) for place in places.tolist()]
    return Group(
        profile,
        places,
        Traits(np.arange(len(places)), seeds[places], np.array(watts)),
        uniform(seeds[places], 1) * profile.expected_interval_s,
        _signals(profile, seeds[places], city),
    )


def _signals(profile: Profile, seeds: Seeds, city: City) -> Mapping[str, Signal]:
    if profile.profile_id == TRUCKS:
        return driving.signals(driving.plan_rounds(city.trips, seeds))
    known = KINDS.get(profile.profile_id, {})
    return {metric: known[metric] for metric in profile.metrics if metric in known}


def _rated_power_w(device: Device) -> float:
    watts = device.attributes.get("rated_power_w", 0.0)
    return float(watts) if isinstance(watts, int | float) else 0.0


def due(group: Group, start_s: float, end_s: float, *, rate: float = 1.0) -> Due:
    """Return who has a report in (start, end]; one each, so the stretch is no longer than one."""
    interval = group.profile.expected_interval_s / rate
    phases = group.phases_s / rate
    turn = np.floor((end_s - phases) / interval)
    rows = np.flatnonzero(turn > np.floor((start_s - phases) / interval))
    return Due(rows, (phases + turn * interval)[rows])


def measure(group: Group, rows: Integers, moment: Moment) -> Values:
    """Read every metric of the given rows at one moment."""
    if not len(rows):
        return {}
    traits = take(group.traits, rows)
    return {metric: signal(moment, traits) for metric, signal in group.signals.items()}


def by_device(values: Values) -> Iterator[dict[str, float]]:
    """Yield the values row by row, as each device would report them."""
    columns = [column.tolist() for column in values.values()]
    for row in zip(*columns, strict=True):
        yield dict(zip(values, row, strict=True))
