"""All devices of the city, and what they say between two instants."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

import numpy as np

from devices.model import Metric, Profile
from devices.topic import Channel, build_topic
from simulators import fleet, message
from simulators.arrays import Floats, Integers
from simulators.behaviour.happenings import HAPPENINGS
from simulators.behaviour.moment import Moment, moment_at
from simulators.city import City
from simulators.disturbing import Disturbance, Spoken
from simulators.episodes import Episode
from simulators.faults import Fault, skew_s
from simulators.influence import Scene, bend, silent
from simulators.message import Message

_US = 1_000_000
_PLACE = ("lon", "lat", "speed_kmh", "direction_deg")

TakeSequences = Callable[[Integers], Integers]
"""Hands out the next sequence number of each of the given places."""


class Catalogue(NamedTuple):
    """The kinds of devices and the metrics they report, by name."""

    profiles: Mapping[str, Profile]
    metrics: Mapping[str, Metric]


class Pace(NamedTuple):
    """How the city's own clock runs beside the true one, and how often devices report.

    Messages carry true time. Day and night, loads and routes follow the city's clock, which
    shows `city_s` (Unix seconds) at `start_us` and runs `speed` times as fast.
    """

    start_us: int
    city_s: float
    speed: float = 1.0
    rate: float = 1.0

    def moment(self, now_us: int) -> Moment:
        """Return the city's moment at a true instant."""
        return moment_at(self.city_s + (now_us - self.start_us) / _US * self.speed)


class Signal(NamedTuple):
    """A device says that something began, or ended."""

    place: int
    kind: str
    active: bool


class Voices:
    """Says, for any stretch of time, every message of every device, faults and all."""

    def __init__(
        self,
        city: City,
        catalogue: Catalogue,
        take_sequences: TakeSequences,
        *,
        pace: Pace,
        episodes: Iterable[Episode] = (),
    ) -> None:
        """Sort the devices by kind and give each its seed; `episodes` may grow later."""
        self.episodes = list(episodes)
        self._city = city
        self._catalogue = catalogue
        self._take = take_sequences
        self._pace = pace
        self._groups = fleet.group_devices(city, catalogue.profiles)
        self._seeds = fleet.device_seeds(city)
        self._disturbance = Disturbance(self._seeds)

    @property
    def longest_us(self) -> int:
        """Return the longest stretch `say` takes: in it no device reports twice."""
        shortest_s = min(group.profile.expected_interval_s for group in self._groups)
        return max(1, int(shortest_s / self._pace.rate / self._pace.speed * _US))

    def say(self, start_us: int, end_us: int) -> list[Message]:
        """Return what reaches the connections in [start, end)."""
        scene = self._scene(end_us)
        said = [self._events(start_us, end_us, scene)]
        said += [self._reports(group, scene, start_us, end_us) for group in self._groups]
        return self._disturbance.disturb(said, scene.episodes, end_us)

    def _scene(self, now_us: int) -> Scene:
        on = tuple(episode for episode in self.episodes if episode.is_on(now_us))
        return Scene(on, self._pace.moment(now_us), self._pace.moment, self._catalogue.metrics)

    def _events(self, start_us: int, end_us: int, scene: Scene) -> Spoken:
        signals = list(self._begun_and_ended(start_us, end_us))
        places = np.array([signal.place for signal in signals], dtype=np.int64)
        seqs = np.array([self._next(signal.place) for signal in signals], dtype=np.int64)
        ts_ms = self._stamps(np.full(len(places), end_us / _US), places, scene)
        payloads = [
            message.event(ts, seq, signal.kind, active=signal.active)
            for signal, ts, seq in zip(signals, ts_ms, seqs.tolist(), strict=True)
        ]
        return self._spoken("event", places, seqs, payloads)

    def _begun_and_ended(self, start_us: int, end_us: int) -> Iterator[Signal]:
        for episode in self.episodes:
            happening = HAPPENINGS.get(episode.what)
            for instant, active in ((episode.start_us, True), (episode.end_us, False)):
                if happening is not None and start_us <= instant < end_us:
                    yield from self._signals(episode, happening.events, active=active)

    def _signals(self, episode: Episode, kinds: Sequence[str], *, active: bool) -> Iterator[Signal]:
        for place in episode.places.tolist():
            profile = self._catalogue.profiles[self._city.devices[place].profile_id]
            yield from (Signal(place, kind, active) for kind in kinds if kind in profile.events)

    def _next(self, place: int) -> int:
        return int(self._take(np.array([place]))[0])

    def _reports(self, group: fleet.Group, scene: Scene, start_us: int, end_us: int) -> Spoken:
        rate = self._pace.rate * self._pace.speed
        rows, at_s = fleet.due(group, start_us / _US, end_us / _US, rate=rate)
        heard = ~silent(group.places[rows], scene.episodes)
        rows, places = rows[heard], group.places[rows[heard]]
        values = bend(fleet.measure(group, rows, scene.now), group, rows, scene)
        seqs = self._take(places)
        stamps = zip(self._stamps(at_s[heard], places, scene), seqs.tolist(), strict=True)
        channel: Channel = "position" if group.moves else "telemetry"
        write = _position if group.moves else message.telemetry
        payloads = [
            write(ts, seq, row)
            for (ts, seq), row in zip(stamps, fleet.by_device(values), strict=True)
        ]
        return self._spoken(channel, places, seqs, payloads)

    def _stamps(self, at_s: Floats, places: Integers, scene: Scene) -> list[int]:
        """Return the milliseconds the devices' own clocks show."""
        at_s = at_s.copy()
        for episode in scene.episodes:
            if episode.what == Fault.CLOCK_SKEW:
                wrong = np.isin(places, episode.places)
                at_s[wrong] += skew_s(self._seeds[places[wrong]])
        stamps: list[int] = np.floor(at_s * 1000).astype(np.int64).tolist()
        return stamps

    def _spoken(
        self, channel: Channel, places: Integers, seqs: Integers, payloads: list[bytes]
    ) -> Spoken:
        messages = [
            Message(place, self._topic(place, channel), payload)
            for place, payload in zip(places.tolist(), payloads, strict=True)
        ]
        return Spoken(places, seqs, messages)

    def _topic(self, place: int, channel: Channel) -> str:
        device = self._city.devices[place]
        domain = self._catalogue.profiles[device.profile_id].domain
        return build_topic(device.district, domain, device.device_id, channel)


def _position(ts_ms: int, seq: int, row: dict[str, float]) -> bytes:
    place = {name: row.pop(name) for name in _PLACE}
    return message.position(ts_ms, seq, place, row)
