"""What happened in the month: the story of the engine's benchmark, for a city ten times as large.

And what is going on at its end, so that a board looked at now is not empty.
"""

from collections.abc import Iterator
from typing import Final, NamedTuple

import numpy as np

from bench.month_story import DAY_US, KINDS, MINUTE_US, Kind, tell
from bench.past.extent import Extent
from simulators.arrays import Integers
from simulators.behaviour.happenings import HAPPENINGS
from simulators.city import City
from simulators.episodes import Episode
from simulators.faults import OF_MESSAGES, Fault
from simulators.influence import SILENT
from simulators.parts import generator

_OFTEN: Final = 6
"""How much more often than in the benchmark's tenth of a city; not ten: devices last longer."""


class Present(NamedTuple):
    """Something that has been going on for some minutes and is not over."""

    what: str
    profile: str
    place: int  # which device of the profile
    minutes: float


PRESENT: Final = (
    Present("fire", "smoke-detector", 17, 1.2),
    Present("fire", "smoke-detector", 140, 14),
    Present("gas_leak", "gas-detector", 7, 4),
    Present("current_leakage", "residual-current", 31, 55),
    Present("cable_overheating", "cable-temperature", 12, 26),
    Present("pressure_loss", "pipe-pressure", 44, 180),
    Present("tank_draining", "tank-level", 5, 95),
    Present("pump_in_manual", "pump-cabinet", 9, 700),
    Present("power_loss", "user-information-transmission-device", 63, 38),
    Present("power_loss", "lighting-cabinet", 11, 22),
    Present("leaves_route", "truck-terminal", 21, 18),
    Present("uncovered", "truck-terminal", 35, 9),
    Present("tips_outside", "truck-terminal", 50, 3),
    Present("silence", "truck-terminal", 8, 130),
    Present("silence", "water-meter", 3, 400),
    Present("absurd", "residual-current", 60, 48),
    Present("stuck", "three-phase-supply", 6, 900),
    Present("clock_skew", "pipe-pressure", 70, 330),
    *(Present("door_left_open", "fire-door", 9 * number, 11 * number + 5) for number in range(9)),
    *(Present("lamp_failure", "lamp-controller", 97 * n, 500 * n + 60) for n in range(14)),
    *(Present("day_burning", "lamp-controller", 53 + 331 * n, 45 * n + 30) for n in range(4)),
    *(Present("battery_empty", "smoke-detector", 31 * n + 2, 700 * n + 90) for n in range(7)),
    *(Present("silence", "lamp-controller", 211 * n + 5, 300 * n + 70) for n in range(7)),
    *(Present("silence", "smoke-detector", 83 * n + 1, 200 * n + 40) for n in range(5)),
)

_OVER_US: Final = 400 * DAY_US


def happened(city: City, extent: Extent) -> list[Episode]:
    """Return everything that happens to devices from the month's first midnight on."""
    start_us = extent.midnight_us(extent.days)
    told = tell(city, start_us=start_us, days=extent.days)
    every = [*told, *_more(city, extent, start_us), *_outage(city, extent), *_now(city, extent)]
    return [each for each in every if each.what not in OF_MESSAGES and len(each.places)]


def drill(city: City, extent: Extent) -> tuple[str, int, int]:
    """Return the site, beginning and end of the month's announced drill (bench/month_story.py)."""
    detector = _of_profile(city, "smoke-detector")[0]
    begin_us = extent.midnight_us(extent.days) + 2 * DAY_US + 120 * MINUTE_US
    return city.devices[detector].site_id, begin_us, begin_us + 120 * MINUTE_US


def _more(city: City, extent: Extent, start_us: int) -> Iterator[Episode]:
    rng = generator(city.seed, 78)
    for kind in KINDS:
        places = _of_profile(city, kind.profile)
        for _ in range(int(rng.poisson(kind.times * (_OFTEN - 1) * extent.days / 30))):
            yield _some_time(city, kind, places, rng, start_us, extent.days)


def _some_time(
    city: City,
    kind: Kind,
    places: Integers,
    rng: np.random.Generator,
    start_us: int,
    days: int,
) -> Episode:
    place = int(places[rng.integers(len(places))])
    begin_us = start_us + int(rng.integers(days * DAY_US))
    minutes = int(rng.integers(kind.least, kind.most + 1))
    return _episode(city, kind.what, place, begin_us, begin_us + minutes * MINUTE_US)


def _outage(city: City, extent: Extent) -> Iterator[Episode]:
    """Let the power fail in some buildings five hours ago: a flood within the last day."""
    begin_us = extent.until_us - 300 * MINUTE_US
    gateways = _of_profile(city, "user-information-transmission-device")[2::8]
    pipes = _of_profile(city, "pipe-pressure")[1::6]
    for number, place in enumerate(gateways.tolist()):
        at_us = begin_us + number * MINUTE_US // 4
        yield _episode(city, "power_loss", place, at_us, at_us + 35 * MINUTE_US)
    for number, place in enumerate(pipes.tolist()):
        at_us = begin_us + 3 * MINUTE_US + number * MINUTE_US // 4
        yield _episode(city, "pressure_loss", place, at_us, at_us + 30 * MINUTE_US)


def _now(city: City, extent: Extent) -> Iterator[Episode]:
    for what, profile, number, minutes in PRESENT:
        place = int(_of_profile(city, profile)[number])
        begin_us = extent.until_us - round(minutes * MINUTE_US)
        yield _episode(city, what, place, begin_us, begin_us + _OVER_US)


def _episode(city: City, what: str, place: int, begin_us: int, end_us: int) -> Episode:
    followers = _followers(city, place) if is_silent(what) else [place]
    known = what if what in HAPPENINGS else Fault(what)
    return Episode(known, np.array(followers), begin_us, end_us)


def is_silent(what: str) -> bool:
    """Say whether nothing is heard of whom it happens to."""
    return what in SILENT


def _followers(city: City, place: int) -> list[int]:
    """Return the device and those who speak through it, in the city's order."""
    device_id = city.devices[place].device_id
    return [
        number
        for number, device in enumerate(city.devices)
        if device_id in (device.device_id, device.gateway_id)
    ]


def _of_profile(city: City, profile: str) -> Integers:
    found = [place for place, each in enumerate(city.devices) if each.profile_id == profile]
    return np.array(found)
