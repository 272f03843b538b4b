"""A scenario put on the clock: which devices, which instants, and the truth to score against."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np

from core.clock import from_us
from core.errors import Invalid
from devices.model import Device
from simulators.arrays import Integers
from simulators.behaviour.happenings import HAPPENINGS
from simulators.city import City
from simulators.faults import OF_MESSAGES, Fault, FaultOption
from simulators.parts import generator
from simulators.scenario import Entry, Scenario, Selection
from simulators.scoring import Expected, Label, Truth

KINDS = frozenset({*HAPPENINGS, *Fault})
"""Everything an entry's `what` may name."""

_MICROSECONDS = 1_000_000
_FOR_EVER_US = 2**62


class Episode(NamedTuple):
    """One thing that happens to some devices from `start_us` (inclusive) to `end_us`."""

    what: str
    places: Integers  # of the devices in the city's list, ascending
    start_us: int
    end_us: int
    share: float = 1.0
    salt: int = 0

    def is_on(self, now_us: int) -> bool:
        """Say whether it happens at this instant."""
        return self.start_us <= now_us < self.end_us


class Staging(NamedTuple):
    """When a scenario starts, and how many times faster its minutes pass."""

    start_us: int
    speed: float = 1.0

    def at(self, seconds: float) -> int:
        """Return the instant at which the scenario's clock shows `seconds`."""
        return self.start_us + round(seconds / self.speed * _MICROSECONDS)


def stage(scenario: Scenario, city: City, staging: Staging) -> list[Episode]:
    """Put every entry of the scenario on the clock; Invalid names a label that fits no device."""
    return [
        Episode(
            entry.what,
            _members(entry, city),
            staging.at(entry.at_s),
            staging.at(entry.at_s + entry.for_s),
            entry.share,
            salt,
        )
        for salt, entry in enumerate(scenario.happens)
    ]


def lasting(options: Iterable[FaultOption], city: City, start_us: int) -> list[Episode]:
    """Make faults of the command line into episodes that never end."""
    everyone = np.arange(len(city.devices))
    return [
        Episode(
            option.fault,
            _share_of(everyone, option, city, salt),
            start_us,
            _FOR_EVER_US,
            option.share,
            salt,
        )
        for salt, option in enumerate(options)
    ]


def _share_of(everyone: Integers, option: FaultOption, city: City, salt: int) -> Integers:
    if option.fault in OF_MESSAGES:
        return everyone
    count = max(1, round(option.share * len(everyone)))
    rng = generator(city.seed, 1000 + salt)
    return np.sort(rng.choice(everyone, size=count, replace=False))


def truth(
    name: str, scenario: Scenario, city: City, episodes: Sequence[Episode], staging: Staging
) -> Truth:
    """Write down what really happens and what should be noticed, for the scorer."""
    return Truth(
        name=name,
        start_at=from_us(staging.start_us),
        end_at=from_us(staging.at(scenario.duration_s)),
        labels=tuple(
            _label(entry, episode, city)
            for entry, episode in zip(scenario.happens, episodes, strict=True)
        ),
    )


def _label(entry: Entry, episode: Episode, city: City) -> Label:
    members = [city.devices[place] for place in episode.places.tolist()]
    return Label(
        label=entry.label,
        what=entry.what,
        devices=frozenset(device.device_id for device in members),
        sites=frozenset(device.site_id for device in members),
        start_at=from_us(episode.start_us),
        end_at=from_us(episode.end_us),
        expected=tuple(
            Expected(
                within_s=expected.within_s,
                kind=expected.kind,
                subject=expected.subject,
                required=expected.required,
            )
            for expected in entry.expected
        ),
    )


def _members(entry: Entry, city: City) -> Integers:
    chosen = select(entry.devices, city.devices)
    if not chosen:
        raise Invalid(f"The devices of {entry.label!r} do not exist in this city.")
    happening = HAPPENINGS.get(entry.what)
    if happening is not None and happening.is_silent:
        chosen = _with_followers(chosen, city.devices)
    return np.array(chosen, dtype=np.int64)


def select(selection: Selection, devices: Sequence[Device]) -> list[int]:
    """Return the places of the devices a selection means, in the city's order."""
    found = [
        place
        for place, device in enumerate(devices)
        if (not selection.ids or device.device_id in selection.ids)
        and selection.site in (None, device.site_id)
        and selection.profile in (None, device.profile_id)
    ]
    return found[: selection.count]


def _with_followers(places: list[int], devices: Sequence[Device]) -> list[int]:
    """Add those who speak through a gateway that falls silent: they fall silent with it."""
    gone = {devices[place].device_id for place in places}
    return [
        place
        for place, device in enumerate(devices)
        if device.device_id in gone or device.gateway_id in gone
    ]
