"""What happens in the simulated month: how often, to which kind of device, for how long.

The figures are ours: a city of some hundred devices that is neither on fire nor asleep. Faults of
the lines go on all the while. On one evening the power fails in a quarter of the buildings.
"""

from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

import numpy as np

from core.clock import from_us
from devices.model import Device
from simulators.arrays import Integers
from simulators.behaviour.happenings import HAPPENINGS
from simulators.city import City
from simulators.episodes import Episode
from simulators.faults import Fault
from simulators.parts import generator

MINUTE_US: Final = 60_000_000
DAY_US: Final = 1440 * MINUTE_US

_DRILL_US: Final = 2 * DAY_US + 120 * MINUTE_US  # into the month
_GATEWAY: Final = "user-information-transmission-device"


class Kind(NamedTuple):
    """Something that happens so many times in thirty days, from `least` to `most` minutes long."""

    what: str
    profile: str
    times: int
    least: int
    most: int


KINDS: Final = (
    Kind("fire", "smoke-detector", 12, 3, 30),
    Kind("smouldering", "smoke-detector", 4, 30, 90),
    Kind("gas_leak", "gas-detector", 2, 30, 60),
    Kind("current_leakage", "residual-current", 6, 60, 240),
    Kind("cable_overheating", "cable-temperature", 4, 60, 240),
    Kind("pressure_loss", "pipe-pressure", 8, 60, 600),
    Kind("hydrant_opened", "hydrant-pressure", 4, 30, 90),
    Kind("tank_draining", "tank-level", 4, 120, 600),
    Kind("door_left_open", "fire-door", 40, 20, 300),
    Kind("pump_in_manual", "pump-cabinet", 6, 60, 1440),
    Kind("battery_empty", "smoke-detector", 6, 1440, 5760),
    Kind("lamp_failure", "lamp-controller", 25, 720, 5760),
    Kind("day_burning", "lamp-controller", 6, 240, 600),
    Kind("overspeed", "truck-terminal", 40, 11, 30),
    Kind("leaves_route", "truck-terminal", 12, 20, 60),
    Kind("uncovered", "truck-terminal", 10, 20, 60),
    Kind("tips_outside", "truck-terminal", 4, 20, 40),
    Kind("power_loss", _GATEWAY, 5, 60, 300),
    Kind("power_loss", "lighting-cabinet", 3, 60, 600),
    Kind("silence", "smoke-detector", 12, 60, 1440),
    Kind("silence", "lamp-controller", 20, 120, 2880),
    Kind("silence", "truck-terminal", 10, 60, 600),
    Kind("silence", "water-meter", 4, 240, 1440),
    Kind("clock_skew", "pipe-pressure", 3, 360, 1440),
    Kind("stuck", "cable-temperature", 3, 1440, 2880),
    Kind("absurd", "residual-current", 4, 60, 240),
)


def tell(city: City, *, start_us: int, days: int) -> list[Episode]:
    """Return everything that happens, in the order in which it is listed."""
    rng = generator(city.seed, 77)
    episodes = list(_lines(city, start_us, days))
    for kind in KINDS:
        places = _of_profile(city.devices, kind.profile)
        for _ in range(_times(kind.times, days, rng)):
            chosen = places[rng.integers(len(places)) :][:1]
            begin_us = start_us + int(rng.integers(days * DAY_US))
            minutes = int(rng.integers(kind.least, kind.most + 1))
            episodes.append(_episode(city, kind.what, chosen, begin_us, minutes))
    return [
        *episodes,
        *_blackout(city, start_us, days),
        *_loose_contact(city, start_us),
        *_announced(city, start_us, days),
    ]


def windows(city: City, *, start_us: int) -> Iterator[dict[str, object]]:
    """Yield what is announced beforehand: a drill in one building, and nights at a cabinet."""
    tower = city.devices[_of_profile(city.devices, "smoke-detector")[0]].site_id
    cabinet = city.devices[_of_profile(city.devices, "lighting-cabinet")[0]]
    yield {
        "window_id": "drill",
        "kind": "drill",
        "reason": "消防演练",
        "scope": {"sites": [tower]},
        "start": from_us(start_us + _DRILL_US).isoformat(),
        "end": from_us(start_us + _DRILL_US + 120 * MINUTE_US).isoformat(),
    }
    weekly = {"days": [3], "from": "22:00", "to": "06:00", "zone": "Asia/Shanghai"}
    yield {
        "window_id": "cabinet",
        "kind": "maintenance",
        "reason": "更换回路",
        "scope": {"devices": [cabinet.device_id]},
        "weekly": {**weekly, "first": f"{from_us(start_us):%F}"},
    }


def _announced(city: City, start_us: int, days: int) -> Iterator[Episode]:
    """Burn something in the drill, and switch the cabinet off in its nights."""
    detector = _of_profile(city.devices, "smoke-detector")[:1]
    yield _episode(city, "fire", detector, start_us + _DRILL_US + 30 * MINUTE_US, 20)
    cabinet = _of_profile(city.devices, "lighting-cabinet")[:1]
    for day in range(1, days, 7):  # the month begins on a Tuesday
        yield _episode(city, "power_loss", cabinet, start_us + day * DAY_US + 900 * MINUTE_US, 180)


def _times(times: int, days: int, rng: np.random.Generator) -> int:
    return int(rng.poisson(times * days / 30))


def _lines(city: City, start_us: int, days: int) -> Iterator[Episode]:
    """Let messages come twice, too late, or torn, the whole month."""
    everyone = np.arange(len(city.devices))
    end_us = start_us + days * DAY_US
    for salt, fault in enumerate((Fault.DUPLICATES, Fault.OUT_OF_ORDER, Fault.GARBAGE)):
        yield Episode(fault, everyone, start_us, end_us, 0.002, salt)


def _blackout(city: City, start_us: int, days: int) -> Iterator[Episode]:
    """Let the power fail in a quarter of the buildings, one evening in the middle of the month."""
    gateways = _of_profile(city.devices, _GATEWAY)
    begin_us = start_us + days // 2 * DAY_US + 11 * 60 * MINUTE_US
    for number, place in enumerate(gateways[::4]):
        chosen = np.array([place])
        yield _episode(city, "power_loss", chosen, begin_us + number * MINUTE_US // 2, 90)
    for profile in ("fire-power-supply", "pipe-pressure", "pump-cabinet"):
        for number, place in enumerate(_of_profile(city.devices, profile)[1::4]):
            chosen = np.array([place])
            yield _episode(city, "pressure_loss", chosen, begin_us + number * MINUTE_US, 90)


def _loose_contact(city: City, start_us: int) -> Iterator[Episode]:
    """Let a door's contact open and close every fifteen seconds for some minutes."""
    doors = _of_profile(city.devices, "fire-door")[:1]
    begin_us = start_us + DAY_US + 9 * 60 * MINUTE_US
    for number in range(12):
        at_us = begin_us + number * MINUTE_US // 4
        yield Episode("door_left_open", doors, at_us, at_us + MINUTE_US // 8)


def _of_profile(devices: Sequence[Device], profile: str) -> Integers:
    found = [place for place, device in enumerate(devices) if device.profile_id == profile]
    return np.array(found, dtype=np.int64)


def _episode(city: City, what: str, chosen: Integers, begin_us: int, minutes: int) -> Episode:
    happening = HAPPENINGS.get(what)
    if happening is not None and happening.is_silent:
        chosen = _with_followers(city.devices, chosen)
    return Episode(what, chosen, begin_us, begin_us + minutes * MINUTE_US)


def _with_followers(devices: Sequence[Device], chosen: Integers) -> Integers:
    gone = {devices[place].device_id for place in chosen.tolist()}
    places = [
        place
        for place, device in enumerate(devices)
        if device.device_id in gone or device.gateway_id in gone
    ]
    return np.array(places, dtype=np.int64)
