"""Who is there: of the devices whose silence matters, their sites, the networked fire units."""

from collections import Counter
from collections.abc import Iterable
from typing import Final, NamedTuple

from alerts.silence.liveness import Liveness
from devices.registry import Registry, Speaker

FIRE: Final = "fire"
"""The domain whose sites are the networked fire units (联网单位)."""


class Attendance(NamedTuple):
    """How many are there; of the `unheard` nothing is known yet, all others are missed."""

    total: int
    online: int
    unheard: int


class Roll(NamedTuple):
    """What a roll call came to."""

    devices: Attendance
    sites: Attendance
    fire_units: Attendance


NOBODY: Final = Roll(*[Attendance(0, 0, 0)] * 3)


class _Sites:
    """Some devices by their sites: how many each has, and how many were never heard."""

    def __init__(self, speakers: Iterable[Speaker], heard: Iterable[Speaker]) -> None:
        self._expected = Counter(each.device.site_id for each in speakers)
        self._never_heard = self._expected.copy()
        self.note_heard(heard)

    def note_heard(self, newcomers: Iterable[Speaker]) -> None:
        self._never_heard.subtract(each.device.site_id for each in newcomers)
        self._never_heard = +self._never_heard

    def attendance(self, missed: list[Speaker], never_heard: list[Speaker]) -> Attendance:
        """Return how many sites are there: a site is online while one of its devices is.

        It is missed when all of them are; while one is still waited for, nothing is known of it.
        `never_heard` are those of the missed that were never heard.
        """
        gone = Counter(each.device.site_id for each in missed)
        waiting = self._never_heard - Counter(each.device.site_id for each in never_heard)
        dark = [
            site_id
            for site_id in gone.keys() | waiting.keys()
            if gone[site_id] + waiting[site_id] == self._expected[site_id]
        ]
        unheard = sum(site_id in waiting for site_id in dark)
        return Attendance(len(self._expected), len(self._expected) - len(dark), unheard)


class RollCall:
    """Counts all devices once per registry; then it looks only at who is missed or new.

    Taken each second: to go through a million devices costs more than a second.
    """

    def __init__(self, registry: Registry, liveness: Liveness) -> None:
        """Expect those who are watched now."""
        self._speakers = registry.speakers
        everybody = self._named(liveness.watched)
        heard = self._named(liveness.heard)
        self._sites = _Sites(everybody, heard)
        self._fire_units = _Sites(_of_fire(everybody), _of_fire(heard))
        liveness.newcomers.clear()

    def take(self, liveness: Liveness) -> Roll:
        """Count devices, sites and fire units that are there, and those nothing is known of."""
        self._welcome(liveness)
        gone = (*liveness.silent, *liveness.hidden)
        missed = self._named(gone)
        never = self._named(each for each in gone if each not in liveness.heard)
        total, heard = len(liveness.watched), len(liveness.heard)
        return Roll(
            Attendance(total, heard - (len(missed) - len(never)), total - heard - len(never)),
            self._sites.attendance(missed, never),
            self._fire_units.attendance(_of_fire(missed), _of_fire(never)),
        )

    def _welcome(self, liveness: Liveness) -> None:
        newcomers = self._named(liveness.newcomers)
        liveness.newcomers.clear()
        if newcomers:
            self._sites.note_heard(newcomers)
            self._fire_units.note_heard(_of_fire(newcomers))

    def _named(self, device_ids: Iterable[str]) -> list[Speaker]:
        return [self._speakers[each] for each in device_ids]


def _of_fire(speakers: list[Speaker]) -> list[Speaker]:
    return [each for each in speakers if each.profile.domain == FIRE]
