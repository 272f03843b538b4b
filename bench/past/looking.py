"""What the devices of one kind read at one instant, happenings and silence included."""

from collections.abc import Sequence
from functools import lru_cache
from typing import Final

import numpy as np

from bench.past.registering import Kind, Town
from simulators.arrays import Floats, Integers
from simulators.behaviour.moment import Moment, moment_at
from simulators.episodes import Episode
from simulators.fleet import TRUCKS, measure
from simulators.influence import Scene, bend, silent

_US: Final = 1_000_000


class Observer:
    """Looks at one kind of device, again and again."""

    def __init__(self, town: Town, kind: Kind, episodes: Sequence[Episode]) -> None:
        """Keep the episodes, which touch devices of this kind."""
        self.kind = kind
        self.episodes = episodes
        self._metrics = town.catalogue.metrics
        self._rows: Integers = np.arange(len(kind.devices))
        ranges = [_range(town, kind, name) for name in kind.metrics]
        self._low = np.array([low for low, _ in ranges])[:, None]
        self._high = np.array([high for _, high in ranges])[:, None]

    @property
    def interval_s(self) -> float:
        """Return how often each of these devices reports."""
        return self.kind.group.profile.expected_interval_s

    @property
    def moves(self) -> bool:
        """Say whether these are the trucks."""
        return self.kind.group.profile.profile_id == TRUCKS

    def look(self, at_us: int) -> Floats:
        """Return a row for each metric, a column for each device; NaN for who is silent."""
        on = tuple(each for each in self.episodes if each.is_on(at_us))
        scene = Scene(on, _moment(at_us), _moment, self._metrics)
        group = self.kind.group
        values = bend(measure(group, self._rows, scene.now), group, self._rows, scene)
        seen = np.stack([values[name] for name in self.kind.metrics])
        seen[:, silent(group.places, on)] = np.nan
        return seen

    def good(self, seen: Floats) -> Floats:
        """Return what rollups count: NaN for values outside the plausible range as well."""
        return np.where((seen < self._low) | (seen > self._high), np.nan, seen)


def observers(town: Town, episodes: Sequence[Episode]) -> list[Observer]:
    """Return one for each kind of device, with what happens to that kind and to no other."""
    kind_of = np.zeros(len(town.city.devices), dtype=np.int64)
    for number, kind in enumerate(town.kinds):
        kind_of[kind.group.places] = number
    touching: list[list[Episode]] = [[] for _ in town.kinds]
    for episode in episodes:
        for number in np.unique(kind_of[episode.places]).tolist():
            touching[number].append(episode)
    return [Observer(town, kind, own) for kind, own in zip(town.kinds, touching, strict=True)]


@lru_cache(maxsize=256)
def _moment(at_us: int) -> Moment:
    return moment_at(at_us / _US)


def _range(town: Town, kind: Kind, name: str) -> tuple[float, float]:
    metric = town.catalogue.metrics[name]
    return kind.group.profile.ranges.get(name, (metric.low, metric.high))
