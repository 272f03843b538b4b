"""Who is still there, and whose fault it is if not: the device's, its gateway's, or ours.

Silence is measured on the engine's own clock, from what it heard itself.
"""

from collections.abc import Iterable, Iterator, Mapping
from heapq import heappop, heappush
from typing import NamedTuple


class Watched(NamedTuple):
    """How often a device is expected to speak, when it counts as offline, and through whom."""

    interval_us: int
    offline_after_us: int
    gateway_id: str | None = None


class Silence(NamedTuple):
    """A device has gone offline; `hidden` are those behind it that cannot be heard either."""

    device_id: str
    hidden: tuple[str, ...] = ()


_TURNS = 2
"""A gateway lives if it spoke after the silent device had missed this many of its turns."""


class Liveness:
    """The silence of every device, and one deadline each in a heap.

    A gateway is heard in everything its devices say. A silent device behind a gateway is judged
    only on evidence: the gateway was heard in the meantime (it is the device), or the gateway has
    gone offline itself (the device is hidden behind it). Until then the verdict waits.
    """

    def __init__(self, *, farewell_us: int) -> None:
        """Watch nobody yet; a device whose last will came is offline after `farewell_us`."""
        self._farewell_us = farewell_us
        self.watched: Mapping[str, Watched] = {}
        self._behind: dict[str, list[str]] = {}
        self._since: dict[str, int] = {}
        self._farewells: dict[str, int] = {}
        self._heap: list[tuple[int, str]] = []
        self._scheduled: dict[str, int] = {}
        self._graced_us = 0
        self.heard: dict[str, int] = {}
        self.newcomers: list[str] = []  # heard for the first time since the last roll call
        self.silent: set[str] = set()
        self.hidden: set[str] = set()

    def restore(self, heard: Mapping[str, int], silent: Iterable[str]) -> None:
        """Take over from the previous run: who was heard when, who has an open alert."""
        self.heard.update(heard)
        self.silent.update(silent)

    def watch(self, watched: Mapping[str, Watched], now_us: int) -> None:
        """Watch exactly these devices; new ones get their full time from now."""
        self.watched = _shared(watched)
        self._behind = {}
        for device_id, each in self.watched.items():
            if each.gateway_id is not None:
                self._behind.setdefault(each.gateway_id, []).append(device_id)
        for gone in (self._since.keys() | self.heard.keys() | self.silent) - watched.keys():
            self._forget(gone)
        for device_id in watched:
            if device_id not in self._since:
                self._begin_with(device_id, now_us)
            if device_id not in self._scheduled and device_id not in self.silent:
                self._schedule(device_id)
        for device_id in self.silent:
            self.hidden.update(self._living_behind(device_id))

    def give_grace(self, now_us: int) -> None:
        """Give everybody their full time again: until now we could not have heard them."""
        self._graced_us = now_us
        for device_id, farewell_us in self._farewells.items():
            self._farewells[device_id] = max(farewell_us, now_us + self._farewell_us)

    def hear(self, device_id: str, now_us: int) -> list[str]:
        """Note a sign of life; return who is no longer offline by it."""
        watched = self.watched.get(device_id)
        if watched is None:
            return []
        back = self._hear_one(device_id, now_us)
        if watched.gateway_id is not None:
            back += self._hear_one(watched.gateway_id, now_us)
        return back

    def part(self, device_id: str, now_us: int) -> None:
        """Note a last will: offline at once, unless it is heard again within the grace."""
        if device_id in self.watched and device_id not in self.silent:
            self._farewells[device_id] = now_us + self._farewell_us
            self._schedule(device_id)

    def due(self, now_us: int) -> Iterator[Silence]:
        """Yield who has gone offline by now."""
        while self._heap and self._heap[0][0] <= now_us:
            at_us, device_id = heappop(self._heap)
            if self._scheduled.get(device_id) != at_us:
                continue  # rescheduled or forgotten since
            del self._scheduled[device_id]
            if device_id in self.hidden:
                continue  # scheduled again when its gateway is back
            if (again_us := self._look_again_us(device_id, now_us)) is not None:
                self._schedule(device_id, again_us)
            else:
                yield self._lose(device_id)

    def online(self) -> set[str]:
        """Return the devices that have been heard and are not offline."""
        return self.heard.keys() - self.silent - self.hidden

    def _begin_with(self, device_id: str, now_us: int) -> None:
        """Give a device its full time; that it was heard too long ago says nothing of now."""
        self._since[device_id] = now_us
        heard_us = self.heard.get(device_id, now_us)
        if now_us - heard_us >= self.watched[device_id].offline_after_us:
            del self.heard[device_id]

    def _hear_one(self, device_id: str, now_us: int) -> list[str]:
        if device_id not in self.heard:
            self.newcomers.append(device_id)
        self._since[device_id] = self.heard[device_id] = now_us
        if self._farewells:
            self._farewells.pop(device_id, None)
        if device_id in self.silent:
            self._welcome(device_id, now_us)
            return [device_id]
        if device_id in self.hidden:
            self.hidden.discard(device_id)
            self._schedule(device_id)
        return []

    def _welcome(self, device_id: str, now_us: int) -> None:
        """Take a device back; those hidden behind it get their full time to be heard."""
        self.silent.discard(device_id)
        self._schedule(device_id)
        for behind in self._behind.get(device_id, ()):
            if behind in self.hidden:
                self.hidden.discard(behind)
                self._since[behind] = now_us
                self._schedule(behind)

    def _look_again_us(self, device_id: str, now_us: int) -> int | None:
        """Return when to look again, None if the verdict is due now."""
        deadline_us = self._deadline(device_id)
        if deadline_us > now_us:
            return deadline_us
        gateway_id = self.watched[device_id].gateway_id
        if gateway_id is None or gateway_id in self.silent or device_id in self._farewells:
            return None
        interval_us = self.watched[device_id].interval_us
        if self._counted_from(gateway_id) > self._counted_from(device_id) + _TURNS * interval_us:
            return None
        return max(now_us + 1, min(self._deadline(gateway_id) + 1, now_us + interval_us))

    def _deadline(self, device_id: str) -> int:
        if (farewell_us := self._farewells.get(device_id)) is not None:
            return farewell_us
        return self._counted_from(device_id) + self.watched[device_id].offline_after_us

    def _counted_from(self, device_id: str) -> int:
        return max(self._since[device_id], self._graced_us)

    def _lose(self, device_id: str) -> Silence:
        self.silent.add(device_id)
        self._farewells.pop(device_id, None)
        hidden = self._living_behind(device_id)
        self.hidden.update(hidden)
        return Silence(device_id, tuple(hidden))

    def _living_behind(self, gateway_id: str) -> list[str]:
        return [each for each in self._behind.get(gateway_id, ()) if each not in self.silent]

    def _schedule(self, device_id: str, at_us: int | None = None) -> None:
        at_us = self._deadline(device_id) if at_us is None else at_us
        self._scheduled[device_id] = at_us
        heappush(self._heap, (at_us, device_id))

    def _forget(self, device_id: str) -> None:
        for kept in (self._since, self._farewells, self._scheduled, self.heard):
            kept.pop(device_id, None)
        self.silent.discard(device_id)
        self.hidden.discard(device_id)


def _shared(watched: Mapping[str, Watched]) -> dict[str, Watched]:
    """Return how each device is watched, one object for all that are watched alike.

    Gateways are one level deep: one that others speak through has none itself.
    """
    gateways = {each.gateway_id for each in watched.values()}
    alike: dict[Watched, Watched] = {}
    shared = {}
    for device_id, each in watched.items():
        if each.gateway_id not in watched or device_id in gateways:
            each = each._replace(gateway_id=None)  # noqa: PLW2901 - the same, put straight
        shared[device_id] = alike.setdefault(each, each)
    return shared
