"""The month's readings that are not simply good: few of very many, so all of them are there.

Late ones, some by a sensor's own word bad, those out of range while something was absurd, and the
messages whose clock ran ahead.
"""

from collections.abc import Iterator, Sequence
from typing import Final

import numpy as np
import psycopg

from bench.past.extent import DAY_US, MINUTE_US, Extent
from bench.past.looking import Observer
from bench.past.registering import Town
from bench.past.saying import Said
from core.clock import from_us
from devices.reading import Quality
from simulators.episodes import Episode
from simulators.faults import Fault
from simulators.parts import generator

_BURSTS: Final = 240  # of late readings, in thirty days
_BAD: Final = 600
_AHEAD_US: Final = 3 * 3600 * 1_000_000
_OFTEN_US: Final = 30 * MINUTE_US  # how often a message from the future is noted here


def doubtful(observers: Sequence[Observer], extent: Extent) -> Iterator[Said]:
    """Yield what was late, bad or out of range before the raw readings begin."""
    rng = generator(extent.seed, 93)
    kinds = [each for each in observers if each.interval_s >= 60]
    span_us, until_us = extent.days * DAY_US, extent.since_us(extent.raw)
    for number in range(_BURSTS + _BAD):
        observer = kinds[int(rng.integers(len(kinds)))]
        device = int(rng.integers(len(observer.kind.devices)))
        at_us = until_us - int(rng.integers(DAY_US // 8, span_us - DAY_US))
        late = number < _BURSTS
        reports = int(rng.integers(5, 25)) if late else 1
        yield _row(observer, device, at_us, reports, Quality.GOOD_LATE if late else 128)
    for observer in observers:
        for episode in observer.episodes:
            if episode.what == Fault.ABSURD:
                yield from _absurd(observer, episode, until_us)


def _row(observer: Observer, device: int, at_us: int, reports: int, quality: int) -> Said:
    """Return some reports of one device; the late ones arrived together, after the last."""
    seen = observer.look(at_us)[:, device]
    step_us = round(observer.interval_s * 1e6)
    when = np.repeat(at_us + np.arange(reports) * step_us, len(seen))
    late = quality == Quality.GOOD_LATE
    received = np.full(len(when), when[-1] + 5 * MINUTE_US) if late else when + 200_000
    values = np.tile(np.nan_to_num(seen), reports)
    return Said(
        when,
        received,
        np.full(len(when), observer.kind.devices[device]),
        np.tile(observer.kind.metric_numbers, reports),
        values,
        np.full(len(when), quality),
    )


def _absurd(observer: Observer, episode: Episode, until_us: int) -> Iterator[Said]:
    rows = np.flatnonzero(np.isin(observer.kind.group.places, episode.places)).tolist()
    step_us = round(observer.interval_s * 1e6)
    reports = (min(episode.end_us, until_us) - episode.start_us) // step_us
    for row in rows if reports > 0 else []:
        yield _row(observer, row, episode.start_us + 1, reports, Quality.UNCERTAIN_RANGE)


def note_redated(
    conn: psycopg.Connection, town: Town, episodes: Sequence[Episode], extent: Extent
) -> int:
    """Write which messages claimed to come from the future; returns how many."""
    rows = list(_ahead(town, episodes, extent))
    statement = (
        "COPY redated_messages (device_id, channel, claimed_at, digest, received_at) FROM STDIN"
    )
    with conn.cursor().copy(statement) as copy:
        for row in rows:
            copy.write_row(row)
    return len(rows)


def _ahead(town: Town, episodes: Sequence[Episode], extent: Extent) -> Iterator[tuple[object, ...]]:
    for episode in episodes:
        if episode.what == Fault.CLOCK_SKEW:
            end_us = min(episode.end_us, extent.until_us)
            for at_us in range(episode.start_us, end_us, _OFTEN_US):
                digest = at_us.to_bytes(8, "big")
                for number in town.numbers[episode.places].tolist():
                    claimed = from_us(at_us + _AHEAD_US)
                    yield number, "telemetry", claimed, digest, from_us(at_us)
