"""What devices said last: raw readings, with late and doubtful ones among them, and signals."""

from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Final, NamedTuple

import numpy as np
import psycopg
from psycopg.sql import Identifier

from bench.past.extent import MINUTE_US, Extent
from bench.past.looking import Observer
from bench.past.registering import Town
from bench.past.rows import Array, Columns, copy_rows
from core.clock import from_us
from devices.reading import Quality
from simulators.arrays import Floats, Integers, Mask
from simulators.behaviour.happenings import HAPPENINGS
from simulators.behaviour.noise import uniform
from simulators.episodes import Episode

_WAY_US: Final = 400_000  # from the device to us, at most
_LATE_SHARE: Final = 0.004  # of the devices sent what is five to ten minutes old in one go
_LATE_US: Final = (10 * MINUTE_US, 5 * MINUTE_US)
_SOON: Final = timedelta(milliseconds=150)


class Said(NamedTuple):
    """Readings as columns, in the order of time per kind."""

    observed_us: Array
    received_us: Array
    device: Array
    metric: Array
    value: Array
    quality: Array


def readings(observer: Observer, first_us: int, until_us: int) -> Iterator[Said]:
    """Yield one turn of reports after the other, each device at its own second."""
    interval_us = round(observer.interval_s * 1e6)
    phases_us = (observer.kind.group.phases_s * 1e6).astype(np.int64) % interval_us
    for turn_us in range(first_us // interval_us * interval_us, until_us, interval_us):
        observed_us = turn_us + phases_us
        within = (observed_us >= first_us) & (observed_us < until_us)
        if within.any():
            yield _said(observer, observer.look(turn_us + interval_us // 2), observed_us, within)


def _said(observer: Observer, seen: Floats, observed_us: Integers, which: Mask) -> Said:
    heard = np.broadcast_to(which, seen.shape) & ~np.isnan(seen)
    metric, device = np.nonzero(heard)
    seeds = observer.kind.group.traits.seeds
    way_us = (_WAY_US * uniform(seeds, int(observed_us[0] % 997))).astype(np.int64)
    doubtful = np.isnan(observer.good(seen)) & heard
    quality = np.where(doubtful[heard], Quality.UNCERTAIN_RANGE, Quality.GOOD)
    return Said(
        observed_us[device],
        (observed_us + way_us)[device],
        observer.kind.devices[device],
        observer.kind.metric_numbers[metric],
        seen[heard],
        quality.astype(np.int64),
    )


def with_late_ones(said: Said, until_us: int) -> Said:
    """Let some devices have been cut off: what they said then arrived only a moment ago."""
    from_us, to_us = (until_us - ago for ago in _LATE_US)
    cut_off = uniform(said.device.astype(np.uint64), 5) < _LATE_SHARE
    late = cut_off & (said.observed_us >= from_us) & (said.observed_us < to_us)
    return said._replace(
        received_us=np.where(late, until_us - MINUTE_US, said.received_us),
        quality=np.where(late & (said.quality == 0), Quality.GOOD_LATE, said.quality),
    )


def append_readings(conn: psycopg.Connection, said: Said, relation: str = "readings") -> int:
    """Copy the readings; returns how many."""
    columns: Columns = {
        "observed_at": ("instant", said.observed_us),
        "received_at": ("instant", said.received_us),
        "device_id": ("int4", said.device),
        "metric_id": ("int2", said.metric),
        "value": ("float8", said.value),
        "quality": ("int2", said.quality),
    }
    return copy_rows(conn, Identifier(relation), columns)


def latest(observer: Observer, extent: Extent) -> Iterator[Said]:
    """Yield everybody's latest report; of who is silent now, the one before the silence."""
    until_us = extent.until_us
    interval_us = round(observer.interval_s * 1e6)
    phases_us = (observer.kind.group.phases_s * 1e6).astype(np.int64) % interval_us
    observed_us = (until_us - phases_us) // interval_us * interval_us + phases_us
    seen = observer.look(until_us)
    missing: Mask = np.isnan(seen[0])
    yield _said(observer, seen, observed_us, ~missing)
    for episode in observer.episodes:
        gone = missing & np.isin(observer.kind.group.places, episode.places)
        if gone.any() and episode.is_on(until_us):
            missing &= ~gone
            before_us = observed_us - (until_us - episode.start_us) // interval_us * interval_us
            then = observer.look(episode.start_us - interval_us)
            yield _said(observer, then, before_us - interval_us, gone)


def signals(
    conn: psycopg.Connection, town: Town, episodes: Sequence[Episode], extent: Extent
) -> int:
    """Write what devices signalled when something began or ended; returns how many rows."""
    rows = list(_signals(town, episodes, extent.until_us))
    statement = (
        "COPY device_events (observed_at, received_at, device_id, kind, active, detail, quality)"
        " FROM STDIN"
    )
    with conn.cursor().copy(statement) as copy:
        for row in dict.fromkeys(rows):
            copy.write_row(row)
    return len(rows)


def _signals(
    town: Town, episodes: Sequence[Episode], until_us: int
) -> Iterator[tuple[object, ...]]:
    for episode in episodes:
        happening = HAPPENINGS.get(episode.what)
        for kind in happening.events if happening else ():
            for place in episode.places.tolist():
                profile = town.catalogue.profiles[town.city.devices[place].profile_id]
                if kind in profile.events:
                    yield from _both(episode, until_us, int(town.numbers[place]), kind)


def _both(episode: Episode, until_us: int, device: int, kind: str) -> Iterator[tuple[object, ...]]:
    for at_us, active in ((episode.start_us, True), (episode.end_us, False)):
        if at_us < until_us:
            at = from_us(at_us)
            yield at, at + _SOON, device, kind, active, "", 0
