"""How episodes bend what devices would have reported, before a message is made of it."""

from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple

import numpy as np

from devices.model import Metric, Profile
from simulators.arrays import Integers, Mask
from simulators.behaviour.happenings import HAPPENINGS
from simulators.behaviour.moment import Moment
from simulators.episodes import Episode
from simulators.faults import Fault, absurd
from simulators.fleet import Group, Values, measure

SILENT = frozenset(
    {Fault.SILENCE, *(name for name, happening in HAPPENINGS.items() if happening.is_silent)}
)
"""Episodes during which their devices say nothing."""


class Scene(NamedTuple):
    """What bends values: the episodes that are on, the city's clock, the metrics' ranges."""

    episodes: tuple[Episode, ...]
    now: Moment
    moment_of: Callable[[int], Moment]  # from an instant in microseconds
    metrics: Mapping[str, Metric]


def silent(places: Integers, episodes: Iterable[Episode]) -> Mask:
    """Say which of the places have fallen silent."""
    quiet = np.zeros(len(places), dtype=np.bool_)
    for episode in episodes:
        if episode.what in SILENT:
            quiet |= np.isin(places, episode.places)
    return quiet


def bend(values: Values, group: Group, rows: Integers, scene: Scene) -> Values:
    """Apply every episode that is on, in their order, to the values of some rows of a group."""
    for episode in scene.episodes:
        members = np.isin(group.places[rows], episode.places)
        if not members.any():
            continue
        if episode.what in HAPPENINGS:
            values = _happen(values, members, episode, scene)
        elif episode.what == Fault.STUCK:
            then = measure(group, rows, scene.moment_of(episode.start_us))
            values = _where(members, then, values)
        elif episode.what == Fault.ABSURD:
            values = _where(members, _absurd(values, group.profile, scene), values)
    return values


def _happen(values: Values, members: Mask, episode: Episode, scene: Scene) -> Values:
    elapsed_s = scene.now.t_s - scene.moment_of(episode.start_us).t_s
    bent = {
        change.metric: change.moved(values[change.metric], elapsed_s)
        for change in HAPPENINGS[episode.what].changes
        if change.metric in values
    }
    return _where(members, values | bent, values)


def _absurd(values: Values, profile: Profile, scene: Scene) -> Values:
    def beyond(metric: str) -> float:
        rule = scene.metrics[metric]
        return absurd(*profile.ranges.get(metric, (rule.low, rule.high)))

    return {
        metric: np.full(len(column), beyond(metric)) if metric in scene.metrics else column
        for metric, column in values.items()
    }


def _where(members: Mask, bent: Values, values: Values) -> Values:
    return {metric: np.where(members, bent[metric], column) for metric, column in values.items()}
