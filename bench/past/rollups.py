"""Minutes, hours and days of every series, reckoned from a few looks instead of every reading."""

from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple

import numpy as np

from bench.past.extent import DAY_US, HOUR_US, MINUTE_US
from bench.past.looking import Observer
from bench.past.rows import Array, joined
from simulators.arrays import Floats

_MINUTE_S: Final = 60.0


class Buckets(NamedTuple):
    """Rows of a rollup, as columns; instants in microseconds since 1970."""

    bucket_us: Array
    device: Array
    metric: Array
    readings: Array
    sum: Array
    minimum: Array
    maximum: Array
    last: Array


class Spans(NamedTuple):
    """Some hours or days of one kind: span by metric by device; no readings: nothing came."""

    first_us: int
    width_us: int
    readings: Floats
    sum: Floats
    minimum: Floats
    maximum: Floats
    last: Floats


def hours_of(observer: Observer, first_us: int, hours: int) -> Spans:
    """Reckon whole hours; each is looked at when it begins, in the middle, and when it ends."""
    return _spans(observer, first_us, HOUR_US, hours, looks=2)


def day_of(observer: Observer, first_us: int) -> Spans:
    """Reckon one day at once, from a look every three hours."""
    return _spans(observer, first_us, DAY_US, 1, looks=8)


def _spans(observer: Observer, first_us: int, width_us: int, spans: int, *, looks: int) -> Spans:
    step_us = width_us // looks
    seen = observer.good(
        np.stack([observer.look(first_us + n * step_us) for n in range(spans * looks + 1)])
    )
    parts = [seen[n : n + spans * looks : looks] for n in range(looks)]
    every = np.stack([*parts, seen[looks::looks]])
    heard = np.count_nonzero(~np.isnan(every), axis=0)
    count = np.round(heard / (looks + 1) * width_us / 1e6 / observer.interval_s)
    mean = np.nansum(every, axis=0) / np.maximum(heard, 1)
    last = np.where(np.isnan(every[-1]), mean, every[-1])
    low, high = np.fmin.reduce(every), np.fmax.reduce(every)
    return Spans(first_us, width_us, count, mean * count, low, high, last)


def whole_of(hours: Spans) -> Spans:
    """Return the one span that some hours make up, as a day is settled from its hours."""
    heard = hours.readings > 0
    latest = len(heard) - 1 - np.argmax(heard[::-1], axis=0)
    return Spans(
        hours.first_us,
        hours.width_us * len(heard),
        hours.readings.sum(axis=0)[None],
        hours.sum.sum(axis=0)[None],
        np.fmin.reduce(hours.minimum)[None],
        np.fmax.reduce(hours.maximum)[None],
        np.take_along_axis(hours.last, latest[None], axis=0),
    )


def minutes_of(observer: Observer, first_us: int, end_us: int) -> Iterator[Buckets]:
    """Yield the minutes of one turn after the other; a turn is a report of each device."""
    interval_us = round(max(observer.interval_s, _MINUTE_S) * 1e6)
    count = max(1, round(_MINUTE_S / observer.interval_s))
    phases_us = (observer.kind.group.phases_s * 1e6).astype(np.int64) % interval_us
    for turn_us in range(first_us // interval_us * interval_us, end_us, interval_us):
        value = observer.good(observer.look(turn_us + interval_us // 2))
        minute_us = (turn_us + phases_us) // MINUTE_US * MINUTE_US
        within = (minute_us >= first_us) & (minute_us < end_us)
        heard = np.broadcast_to(within, value.shape) & ~np.isnan(value)
        metric, device = np.nonzero(heard)
        found = value[heard]
        counts = np.full(len(found), count)
        yield Buckets(
            minute_us[device],
            observer.kind.devices[device],
            observer.kind.metric_numbers[metric],
            counts,
            found * count,
            found,
            found,
            found,
        )


def as_buckets(observer: Observer, spans: Spans) -> Buckets:
    """Return a row for every span in which a series said something."""
    kept = spans.readings > 0
    bucket, metric, device = np.nonzero(kept)
    return Buckets(
        (spans.first_us + np.arange(len(kept)) * spans.width_us)[bucket],
        observer.kind.devices[device],
        observer.kind.metric_numbers[metric],
        spans.readings[kept].astype(np.int64),
        spans.sum[kept],
        spans.minimum[kept],
        spans.maximum[kept],
        spans.last[kept],
    )


def in_order_of_time(buckets: Iterable[Buckets]) -> Buckets:
    """Put the rows of all kinds together as they would have been settled: bucket by bucket."""
    together = Buckets(*joined(buckets))
    order = np.lexsort((together.metric, together.device, together.bucket_us))
    return Buckets(*(column[order] for column in together))
