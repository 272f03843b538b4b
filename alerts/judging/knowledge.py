"""The latest good values of a device, for what judges several of them, or a vehicle, together."""

from collections.abc import Iterable, Mapping
from typing import Final

from alerts.judging.detecting import Fix, Known
from devices.reading import Event, Position, Quality, Reading

_SIGNALS: Final = {"lift": "lift_state", "cover_open": "cover_state"}
"""Signals that say the same as a metric does."""

_FRESH_TURNS: Final = 3
"""A vehicle's state that was not said again for so many of its turns is not known any more."""

_GOOD_BELOW: Final = int(Quality.UNCERTAIN_CLOCK)
_HALF: Final = 0.5


class Knowledge:
    """Who said what last. Only metrics that somebody needs are kept."""

    def __init__(self) -> None:
        """Begin with nothing known."""
        self._known: dict[str, dict[str, Known]] = {}

    def restore(self, device_id: str, known: Mapping[str, Known]) -> None:
        """Take back what was known before a restart."""
        self._known[device_id] = dict(known)

    def forget(self, device_id: str) -> None:
        """Drop everything about a device."""
        self._known.pop(device_id, None)

    def of(self, device_id: str) -> Mapping[str, Known]:
        """Return the latest values of a device by the name of their metric."""
        return self._known.get(device_id, {})

    def learn(self, device_id: str, metric: str, value: float, observed_us: int) -> bool:
        """Note a value; False if a newer one is known already."""
        known = self._known.setdefault(device_id, {})
        if metric in known and known[metric].observed_us > observed_us:
            return False
        known[metric] = Known(value, observed_us)
        return True

    def read(
        self,
        device_id: str,
        readings: Iterable[Reading],
        needed: Mapping[int, str],
        *,
        oldest_us: int,
        newest_us: int,
    ) -> list[int]:
        """Note the good values of the present that are needed; return their metrics' numbers."""
        return [
            number
            for number, observed_us, value, quality in readings
            if number in needed
            and quality < _GOOD_BELOW
            and oldest_us <= observed_us <= newest_us
            and self.learn(device_id, needed[number], value, observed_us)
        ]

    def hear(
        self, device_id: str, events: Iterable[Event], *, oldest_us: int, newest_us: int
    ) -> None:
        """Note what a vehicle's signals of the present say about its state."""
        for observed_us, kind, active, _ in events:
            metric = _SIGNALS.get(kind)
            if metric is not None and oldest_us <= observed_us <= newest_us:
                self.learn(device_id, metric, float(active), observed_us)

    def fix(self, device_id: str, position: Position, interval_us: int) -> Fix:
        """Return where a vehicle is, and the state it is known to be in at that instant."""
        since_us = position.observed_us - _FRESH_TURNS * interval_us
        known = self.of(device_id)

        def holds(metric: str) -> bool | None:
            latest = known.get(metric)
            fresh = latest is not None and latest.observed_us >= since_us
            return latest.value >= _HALF if latest is not None and fresh else None

        return Fix(
            position.observed_us,
            position.lon,
            position.lat,
            position.speed_kmh,
            loaded=holds("load_state"),
            lifted=holds("lift_state"),
            cover_open=holds("cover_state"),
            device_id=device_id,
        )
