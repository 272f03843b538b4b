"""Two replays side by side: which alerts were added, removed, earlier, later; how much work."""

from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple

import msgspec
import numpy as np

from alerts.replay.occurrences import Occurrence

PERIOD_US: Final = 600_000_000
"""Ten minutes, the period by which ISA-18.2 and EEMUA 191 measure what an operator can bear."""

FLOOD: Final = 10
"""More alerts than this in one period are a flood (ISA-18.2, EEMUA 191)."""

MOST_BUCKETS: Final = 1_008
"""Stretches a load is shown in: a week's ten minutes one by one, a year in nine hours each."""

_PERIOD_S: Final = PERIOD_US // 1_000_000
_FOR_EVER: Final = 2**63


class Shift(NamedTuple):
    """The same alert under both rulebooks, begun at another instant."""

    before: Occurrence
    after: Occurrence

    @property
    def by_us(self) -> int:
        """Return how much later it is now; negative for earlier."""
        return self.after.raised_us - self.before.raised_us


class Comparison(NamedTuple):
    """What a change of rules would have meant."""

    added: tuple[Occurrence, ...]
    removed: tuple[Occurrence, ...]
    earlier: tuple[Shift, ...]
    later: tuple[Shift, ...]
    unchanged: int


class Load(msgspec.Struct, frozen=True, kw_only=True):
    """How many alerts an operator was offered: per ten minutes, at worst, and how often too many.

    Targets of EEMUA 191 and ISA-18.2: on average about one in ten minutes, never more than ten.
    `peaks` has the worst ten minutes of each stretch of `bucket_s`: no flood is averaged away.
    """

    alerts: int
    average: float
    peak: int
    flooded_pct: float
    bucket_s: int
    peaks: tuple[int, ...]


def compare(before: Iterable[Occurrence], after: Iterable[Occurrence]) -> Comparison:
    """Pair the alerts of both by rule, source and overlap in time, each with one at most."""
    old, new = _by_owner(before), _by_owner(after)
    pairs = [
        pair
        for owner in sorted(old.keys() | new.keys())
        for pair in _pairs(old.get(owner, []), new.get(owner, []))
    ]
    shifts = [Shift(a, b) for a, b in pairs if a is not None and b is not None]
    return Comparison(
        added=tuple(b for a, b in pairs if a is None and b is not None),
        removed=tuple(a for a, b in pairs if b is None and a is not None),
        earlier=tuple(each for each in shifts if each.by_us < 0),
        later=tuple(each for each in shifts if each.by_us > 0),
        unchanged=sum(each.by_us == 0 for each in shifts),
    )


def load_of(announced_us: Iterable[int], from_us: int, to_us: int) -> Load:
    """Return the load of announcements in whole periods from `from_us`; the last may be short."""
    periods = max(1, -(-(to_us - from_us) // PERIOD_US))
    times = np.fromiter(announced_us, dtype=np.int64)
    inside = times[(times >= from_us) & (times < to_us)]
    counts = np.bincount((inside - from_us) // PERIOD_US, minlength=periods)
    together = -(-periods // MOST_BUCKETS)
    peaks = np.maximum.reduceat(counts, np.arange(0, periods, together))
    return Load(
        alerts=len(inside),
        average=round(float(counts.mean()), 3),
        peak=int(counts.max()),
        flooded_pct=round(float((counts > FLOOD).mean() * 100), 3),
        bucket_s=together * _PERIOD_S,
        peaks=tuple(peaks.tolist()),
    )


def _by_owner(occurrences: Iterable[Occurrence]) -> dict[tuple[str, str], list[Occurrence]]:
    found: dict[tuple[str, str], list[Occurrence]] = {}
    for each in sorted(occurrences, key=lambda each: each.raised_us):
        found.setdefault((each.rule_id, each.source), []).append(each)
    return found


def _pairs(
    before: list[Occurrence], after: list[Occurrence]
) -> Iterator[tuple[Occurrence | None, Occurrence | None]]:
    """Walk both lists in order of time; what does not touch its counterpart stays alone."""
    old, new = iter(before), iter(after)
    a, b = next(old, None), next(new, None)
    while a is not None and b is not None:
        if _end_us(a) < b.raised_us:
            yield a, None
            a = next(old, None)
        elif _end_us(b) < a.raised_us:
            yield None, b
            b = next(new, None)
        else:
            yield a, b
            a, b = next(old, None), next(new, None)
    while a is not None:
        yield a, None
        a = next(old, None)
    while b is not None:
        yield None, b
        b = next(new, None)


def _end_us(occurrence: Occurrence) -> int:
    return _FOR_EVER if occurrence.ended_us is None else occurrence.ended_us
